// cacherace replay: one recorded run or schedule again, step by step; or a certificate, found out anew.
#include "reports/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "exploration/explorable.hpp"
#include "exploration/minimise_run.hpp"
#include "exploration/schedule.hpp"
#include "exploration/tuning.hpp"
#include "reports/commands.hpp"
#include "reports/explore_table.hpp"
#include "reports/steps.hpp"
#include "reports/trace.hpp"
#include "reports/words.hpp"
#include "scenarios/recording.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/step.hpp"

namespace cacherace::tools {
namespace {

using namespace scenarios;

constexpr const char* help = R"(Repeats a recorded run or schedule step by step, or confirms a certificate.

  cacherace run side-by-side --record bad.json
  cacherace replay bad.json
  cacherace replay bad.json --step
  cacherace replay bad.json --format trace --output trace.json      for ui.perfetto.dev
  cacherace replay bad.json --format mermaid
  cacherace replay bad.json --minimise
  cacherace tune article/late-reader --exact --certificate sleep.json
  cacherace replay sleep.json
  cacherace replay article/every-order --strategy ttl-only --clients 1w1r \
                   --schedule "1 untimed 5f802484b609d99e c0 c1"

Exit status: 0 it was repeated or confirmed; 1 a certificate is not right; 2 bad input, or this
version comes to something else; 3 interrupted.
)";

// The command line as it was typed.
struct Typed {
  std::string file;
  std::vector<std::string> strategies;
  OptionText schedule, clients, format, output;
  bool minimise = false, step = false;
};

enum class Format : std::uint8_t { table, json, markdown, mermaid, trace };
constexpr std::array<std::string_view, 5> format_names = {"table", "json", "markdown", "mermaid", "trace"};

// How an execution is told.
struct Wanted {
  Format format = Format::table;
  OptionText output;
  bool minimise = false, step = false;

  // Something else than its table on standard output.
  [[nodiscard]] bool is_special() const { return format != Format::table || output || step; }
};

ExitStatus refuse(const std::string& path, const std::string& why) {
  complain(fmt::format("{}: {}", path, why));
  return ExitStatus::bad_input;
}

ExitStatus say(const std::string& text) {
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

ExitStatus tell_execution(const std::string& path, const reports::Played& played, const Wanted& wanted,
                          const std::string& verdict) {
  if (wanted.step) return step_through(reports::Stepper(reports::tell(played), reports::reasons_of(played)));
  const reports::Source source{CACHERACE_VERSION, path};
  std::string text;
  if (wanted.format == Format::json) text = reports::replay_document(played, source);
  if (wanted.format == Format::markdown) text = reports::replay_markdown(played);
  if (wanted.format == Format::trace) text = reports::trace_document(played, source);
  if (wanted.format == Format::mermaid) {
    const auto why = reports::why_not_traced(played);
    if (!why.empty()) return refuse("--format", "no diagram can be drawn of this execution: " + why);
    const auto diagram = reports::replay_diagram(played);
    if (!diagram) {
      return refuse("--format",
                    "nothing is wrong with this execution, and the diagram would be of what led to "
                    "it; --format trace has all of its steps");
    }
    text = *diagram;
  }
  const auto document = [&](reports::Paint paint) {
    return wanted.format == Format::table ? reports::steps_text(played, paint) + verdict : text;
  };
  return deliver(wanted.output, document) ? ExitStatus::ok : ExitStatus::bad_input;
}

// The run's violations, each cut down, instead of all of its steps.
ExitStatus minimise(const Recording& recording, const RecordedRun& run) {
  const auto& interrupted = watch_for_interruption();
  const auto left =
      exploration::minimise_run(recording.scenario, recording.strategy, run.run,
                                [&interrupted] { return interrupted.load(std::memory_order_relaxed); });
  if (const auto* reason = std::get_if<std::string>(&left)) {
    complain(*reason);
    return ExitStatus::bad_input;
  }
  return say(fmt::format("run {} of {}, cut down to what each violation takes (>> decides, ! wrong)\n",
                         run.run, reports::strategy_argument(recording.strategy)) +
             reports::witnesses_text(recording.scenario, std::get<exploration::ExploredStrategy>(left),
                                     paint_of_stdout()));
}

ExitStatus replay_run(const std::string& path, const Recording& recording, const RecordedRun& run,
                      const Wanted& wanted) {
  if (digest_of_run(recording.scenario, recording.strategy, run.run) != run.digest) {
    return refuse(path,
                  "this version of cacherace comes to another execution than the one that was recorded");
  }
  if (wanted.minimise) return minimise(recording, run);
  return tell_execution(path, reports::play_run(recording.scenario, recording.strategy, run.run), wanted, "");
}

// `property`: what it must come to; empty: it may come to anything.
ExitStatus replay_schedule(const std::string& path, const Scenario& scenario, const StrategyChoice& strategy,
                           const std::string& text, const std::string& property, const Wanted& wanted) {
  if (const auto reason = exploration::why_only_by_time(scenario)) return refuse(path, *reason);
  const auto read = exploration::read_schedule(text, exploration::fingerprint(scenario, strategy));
  if (const auto* trouble = std::get_if<std::string>(&read)) return refuse(path, *trouble);
  const auto played = reports::play_schedule(scenario, strategy, std::get<exploration::Schedule>(read));
  if (!played.trouble.empty()) return refuse(path, "the schedule cannot be played: " + played.trouble);
  const auto& violations = played.violations;
  const auto named = std::ranges::find(exploration::property_names, property);
  if (named != exploration::property_names.end() &&
      !violations[static_cast<std::size_t>(named - exploration::property_names.begin())]) {
    return refuse(path,
                  fmt::format("this version of cacherace does not come to \"{}\" on the recorded schedule",
                              reports::spaced(property)));
  }
  return tell_execution(path, played, wanted, reports::violations_text(violations));
}

ExitStatus confirm(const std::string& path, const Recording& recording, const Certificate& certificate) {
  using namespace exploration;
  const auto named = std::ranges::find(property_names, certificate.property);
  if (named == property_names.end())
    return refuse(path, "the certificate's property is none of this version's");
  const ThresholdProblem problem{recording.scenario,
                                 recording.strategy,
                                 certificate.parameter,
                                 static_cast<Property>(named - property_names.begin()),
                                 {certificate.from, certificate.to}};
  if (const auto reason = why_not_tunable(problem)) return refuse(path, *reason);
  const auto& interrupted = watch_for_interruption();
  const std::string wrong = why_not_confirmed(problem, certificate, [&](const sim::SearchProgress&) {
    return interrupted.load(std::memory_order_relaxed);
  });
  if (interrupted) return ExitStatus::unfinished;
  if (!wrong.empty()) {
    complain(fmt::format("{}: NOT confirmed: {}", path, wrong));
    return ExitStatus::failed;
  }
  std::string text =
      fmt::format("{}: confirmed for {} of {}, \"{}\"\n", recording.scenario.name, certificate.parameter,
                  recording.strategy.info->name, reports::spaced(certificate.property));
  if (certificate.safe) {
    text +=
        fmt::format("  safe at {}: a complete search found no violation; states {}, classes {}, digest {}\n",
                    reports::exact_duration(sim::nanos(*certificate.safe)), certificate.states,
                    certificate.classes, certificate.digest);
  }
  if (certificate.unsafe) {
    text += fmt::format("  unsafe at {}: the recorded schedule was played and judged\n",
                        reports::exact_duration(sim::nanos(*certificate.unsafe)));
  }
  return say(text);
}

ExitStatus replay_recording(const std::string& path, const Wanted& wanted) {
  const auto text = read_text_file(path);
  if (const auto* fault = std::get_if<Fault>(&text)) {
    complain({*fault});
    return ExitStatus::bad_input;
  }
  auto read = read_recording(std::get<std::string>(text), path);
  if (const auto* faults = std::get_if<std::vector<Fault>>(&read)) {
    complain(*faults);
    return ExitStatus::bad_input;
  }
  auto& recording = std::get<Recording>(read);
  if (!recording.clients.empty()) {
    const auto crowd = exploration::read_crowd(recording.clients);
    if (!crowd) return refuse(path, "\"clients\" is no number of writers and readers");
    exploration::replace_clients(recording.scenario, *crowd);
  }
  if (const auto* run = std::get_if<RecordedRun>(&recording.content)) {
    return replay_run(path, recording, *run, wanted);
  }
  if (wanted.minimise)
    return refuse("--minimise", "only a recorded run is cut down; this is a witness already");
  if (const auto* order = std::get_if<RecordedOrder>(&recording.content)) {
    return replay_schedule(path, recording.scenario, recording.strategy, order->schedule, order->property,
                           wanted);
  }
  if (wanted.is_special()) {
    return refuse(path,
                  "is a certificate, and no execution: it is confirmed in words, without other options");
  }
  return confirm(path, recording, std::get<Certificate>(recording.content));
}

// A schedule as text needs the scenario that it was found in.
ExitStatus replay_text(const Typed& typed, const Wanted& wanted) {
  OptionReader reader;
  auto scenario = load_or_complain(typed.file);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto crowd = reader.crowd("--clients", typed.clients);
  if (!scenario || !reader.sound()) return ExitStatus::bad_input;
  if (crowd) exploration::replace_clients(*scenario, *crowd);
  if (chosen.empty()) chosen = scenario->strategies;
  if (chosen.size() != 1) return refuse("--strategy", "the scenario has several; name the schedule's");
  return replay_schedule("--schedule", *scenario, chosen.front(), *typed.schedule, "", wanted);
}

ExitStatus replay(const Typed& typed) {
  if (typed.schedule && typed.minimise) return refuse("--minimise", "it does not go with --schedule");
  OptionReader reader;
  const auto format = reader.choice("--format", typed.format, format_names);
  if (typed.step && (typed.format || typed.output)) {
    reader.wrong("--step", "shows the execution in the terminal; leave --format and --output out");
  }
  if (typed.minimise && (typed.step || typed.format || typed.output)) {
    reader.wrong("--minimise", "prints a table of its own; leave --step, --format and --output out");
  }
  reader.outputs(typed.file, {{"--output", &typed.output}});
  if (!reader.sound()) return ExitStatus::bad_input;
  const Wanted wanted{static_cast<Format>(format), typed.output, typed.minimise, typed.step};
  if (typed.schedule) return replay_text(typed, wanted);
  if (!typed.strategies.empty() || typed.clients) {
    return refuse(typed.strategies.empty() ? "--clients" : "--strategy",
                  "only goes with --schedule: a recording holds its own");
  }
  return replay_recording(typed.file, wanted);
}

}  // namespace

Subcommand add_replay(CLI::App& parent) {
  Declaration declare(parent, "replay", help);
  const auto typed = std::make_shared<Typed>();
  declare.argument(
      "FILE", typed->file,
      "what `run`, `explore` or `matrix` wrote with --record, or `tune` with --certificate; with "
      "--schedule a scenario");
  declare.text("--schedule", typed->schedule, "TEXT",
               "plays this schedule, as `explore --format json` prints it, on the scenario FILE");
  declare.many("--strategy", typed->strategies, "S",
               "of --schedule: the strategy, a name or NAME:parameter=value,…");
  declare.text("--clients", typed->clients, "2w3r", "of --schedule: what `explore --clients` was given");
  declare.format(typed->format, format_names);
  declare.output(typed->output);
  declare.flag(
      "--step", typed->step,
      "walks through it in the terminal: forward, back, to each violation, and what each store holds");
  declare.flag("--minimise", typed->minimise,
               "of a recorded run: only the operations and steps that each violation takes");
  return {declare.app(), [typed] { return replay(*typed); }};
}

}  // namespace cacherace::tools
