// cacherace init: a scenario to start from.
#include <fmt/format.h>

#include <memory>

#include "reports/commands.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Writes a small scenario to start from; an existing file is left alone.

  cacherace init
  cacherace init shop.json
)";

constexpr std::string_view starter = R"({
  "name": "my service",
  "description": "A product page: one writer and some readers of one key. Replace the latencies by your own.",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}, "ttl": "30s"},
  "mysql": {
    "latency": {"uniform": ["2ms", "10ms"]},
    "replicas": 1, "replication_lag": {"uniform": ["0ms", "40ms"]}, "read_from": "replica"
  },
  "queue": {"latency": "5ms"},
  "keys": {"count": 1, "cached": true},
  "clients": [
    {"name": "writer", "do": ["write"], "repeat": 2, "think": {"exponential": {"mean": "50ms"}}},
    {"name": "reader", "count": 3, "start": {"uniform": ["0ms", "50ms"]},
     "do": ["read"], "repeat": 5, "think": {"exponential": {"mean": "10ms"}}}
  ],
  "faults": [],
  "strategies": [
    "delete-then-write",
    "write-then-delete",
    {"name": "delayed-double-delete", "sleep": "60ms"},
    "binlog-delete"
  ],
  "runs": 10000,
  "seed": 1,
  "expect": [
    {"strategy": "delayed-double-delete", "figure": "stuck.probability", "at_most": 0.001}
  ]
}
)";

ExitStatus init(const std::string& path) {
  if (const auto error = write_whole(path, starter, Existing::keep)) {
    complain(*error + "; nothing was written");
    return ExitStatus::bad_input;
  }
  const auto word = reports::shell_word(path);
  const bool printed = print(fmt::format("{} is written. Next: cacherace run {}\n", path, word));
  return printed ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_init(CLI::App& parent) {
  Declaration declare(parent, "init", help);
  const auto path = std::make_shared<std::string>("scenario.json");
  declare.argument_or_none("FILE", *path, "the file to write (default: scenario.json)");
  return {declare.app(), [path] { return init(*path); }};
}

}  // namespace cacherace::tools
