// Command lines that reports tell their readers to type; they can be pasted into a shell.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/result.hpp"
#include "scenarios/settings.hpp"

namespace cacherace::reports {

// How a result was asked for.
struct Source {
  std::string version;                            // of cacherace
  std::string scenario;                           // as named on the command line: a file or a name
  std::vector<scenarios::Setting> settings = {};  // fields that were set there
  std::string clients = {};                       // what --clients was given; empty: nothing
  std::string options = {};                       // others on which the result rests, a space before each
};

// `text` as one word of a POSIX shell.
std::string shell_word(std::string_view text);

// Exact, as a scenario writes it: "500ms", "1500us".
std::string exact_duration(std::int64_t ns);

// For people, and exact: "500 ms", "10000001ns (10 ms)".
std::string full_duration(std::int64_t ns);

// A value of a parameter as --strategy takes it: "500ms", "true", "3", "abort".
std::string parameter_text(const strategies::ParameterInfo& parameter, std::int64_t raw);

// NAME, or NAME:parameter=value,… with the parameters that differ from their defaults.
std::string strategy_argument(const scenarios::StrategyChoice& strategy);

// "--set PATH=VALUE" for each, with a space before it.
std::string settings_argument(const std::vector<scenarios::Setting>& settings);

// "--clients 2w3r", with a space before it; empty where it was not given.
std::string clients_argument(const Source& source);

// `cacherace run SCENARIO --strategy … --seed … --only-run …`.
std::string replay_command(const scenarios::RunResult& result, const scenarios::StrategyChoice& strategy,
                           std::uint64_t run, const Source& source);

}  // namespace cacherace::reports
