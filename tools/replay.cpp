// cacherace replay: one recorded run again, step by step.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "exploration/minimise_run.hpp"
#include "reports/commands.hpp"
#include "reports/explore_table.hpp"
#include "reports/steps.hpp"
#include "scenarios/recording.hpp"
#include "tools/commands.hpp"
#include "tools/interrupt.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Repeats a recorded run, step by step.

  cacherace run side-by-side --record bad.json
  cacherace replay bad.json
  cacherace replay bad.json --minimise
)";

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.is_open() && !stream.bad() && (stream.eof() || !stream.fail())) return text;
  return std::nullopt;
}

// The run's violations, each cut down, instead of all of its steps.
std::optional<std::string> minimised(const scenarios::Recording& recording) {
  const auto& interrupted = watch_for_interruption();
  const auto left =
      exploration::minimise_run(recording.scenario, recording.strategy, recording.run,
                                [&interrupted] { return interrupted.load(std::memory_order_relaxed); });
  if (const auto* reason = std::get_if<std::string>(&left)) {
    complain(*reason);
    return std::nullopt;
  }
  return fmt::format("run {} of {}, cut down to what each violation takes (>> decides, ! wrong)\n",
                     recording.run, reports::strategy_argument(recording.strategy)) +
         reports::witnesses_text(recording.scenario, std::get<exploration::ExploredStrategy>(left),
                                 paint_of_stdout());
}

ExitStatus replay(const std::string& path, bool minimise) {
  const auto text = read_file(path);
  if (!text) {
    complain(path + ": cannot be read");
    return ExitStatus::bad_input;
  }
  auto read = scenarios::read_recording(*text, path);
  if (const auto* faults = std::get_if<std::vector<scenarios::Fault>>(&read)) {
    complain(*faults);
    return ExitStatus::bad_input;
  }
  const auto& recording = std::get<scenarios::Recording>(read);
  if (digest_of_run(recording.scenario, recording.strategy, recording.run) != recording.digest) {
    complain(path + ": this version of cacherace comes to another execution than the one that was recorded");
    return ExitStatus::bad_input;
  }
  if (minimise) {
    const auto witnesses = minimised(recording);
    return witnesses && print(*witnesses) ? ExitStatus::ok : ExitStatus::bad_input;
  }
  const bool printed =
      print(reports::run_steps(recording.scenario, recording.strategy, recording.run, paint_of_stdout()));
  return printed ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_replay(CLI::App& parent) {
  auto* const app = parent.add_subcommand("replay", help);
  const auto path = std::make_shared<std::string>();
  app->add_option("FILE", *path, "written by `cacherace run --record`")->type_name("")->required();
  const auto minimise = std::make_shared<bool>(false);
  app->add_flag("--minimise", *minimise, "cut each violation down to the operations and steps that it takes");
  return {app, [path, minimise] { return replay(*path, *minimise); }};
}

}  // namespace cacherace::tools
