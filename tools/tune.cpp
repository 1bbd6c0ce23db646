// cacherace tune: the safe value of a strategy's duration.
#include "reports/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "exploration/tuning.hpp"
#include "reports/commands.hpp"
#include "scenarios/suggest.hpp"
#include "tools/commands.hpp"
#include "tools/deadline.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

using namespace exploration;

constexpr std::array<std::string_view, 2> format_names = {"table", "json"};
enum class Format : std::uint8_t { table, json };

constexpr const char* help =
    R"(Finds the smallest safe value of a strategy's duration, exactly: below it some order of events
violates the property, from it on none does, whatever the latencies within their supports.

  cacherace tune article/late-reader --exact
  cacherace tune shop.json --exact --strategy delayed-double-delete --parameter sleep
  cacherace tune shop.json --exact --property stale_read --range 0ms..2s --certificate sleep.json

Exit status: 0 every expectation holds; 1 one does not; 2 bad input; 3 a limit or an interruption came first.
)";

// The command line as it was typed.
struct Typed {
  std::string scenario;
  std::vector<std::string> strategies;
  OptionText parameter, property, range, clients, time, format, output, certificate;
  bool exact = false;
  bool quiet = false;
  bool no_progress = false;
};

// The same, read and checked.
struct Job {
  Scenario scenario;
  StrategyChoice strategy;
  std::string parameter;
  Property property = Property::stuck;
  DurationRange range = ThresholdProblem::default_range;
  std::string clients;
  std::optional<sim::Duration> time;
  Format format = Format::table;
  OptionText output, certificate;
  bool quiet = false;
  bool show_progress = false;
  reports::Source source;

  [[nodiscard]] ThresholdProblem problem() const { return {scenario, strategy, parameter, property, range}; }
};

std::optional<DurationRange> read_range(OptionReader& reader, const OptionText& text) {
  if (!text) return ThresholdProblem::default_range;
  const std::size_t dots = text->find("..");
  if (dots == std::string::npos) {
    reader.wrong("--range", fmt::format("{} is no range; expected 0ms..2s, say", scenarios::quoted(*text)));
    return std::nullopt;
  }
  const auto from = reader.duration("--range", text->substr(0, dots));
  const auto to = reader.duration("--range", text->substr(dots + 2));
  if (!from || !to) return std::nullopt;
  if (*from > *to || *to > longest_with_unknown) {
    reader.wrong("--range", "expected a first duration that is not greater than the second, and 24h at most");
    return std::nullopt;
  }
  return DurationRange{*from, *to};
}

bool has_duration(const StrategyChoice& strategy, std::string_view name) {
  return std::ranges::any_of(strategy.info->parameters, [&](const auto& declared) {
    return declared.kind == strategies::ParameterKind::duration && (name.empty() || declared.name == name);
  });
}

// The one of the scenario's strategies that has such a parameter.
std::optional<StrategyChoice> choose_strategy(OptionReader& reader, const Typed& typed,
                                              const Scenario& scenario, std::vector<StrategyChoice> chosen) {
  if (chosen.empty()) {
    std::ranges::copy_if(
        scenario.strategies, std::back_inserter(chosen),
        [&](const StrategyChoice& strategy) { return has_duration(strategy, typed.parameter.value_or("")); });
    if (chosen.empty()) {
      reader.wrong("--strategy",
                   "none of the scenario's strategies has such a duration; name one that has, as in "
                   "--strategy delayed-double-delete");
      return std::nullopt;
    }
  }
  if (chosen.size() > 1) {
    reader.wrong("--strategy", fmt::format("{} strategies could be meant; name one", chosen.size()));
    return std::nullopt;
  }
  return chosen.front();
}

std::string first_duration(const StrategyChoice& strategy) {
  const auto first = std::ranges::find(strategy.info->parameters, strategies::ParameterKind::duration,
                                       &strategies::ParameterInfo::kind);
  return first == strategy.info->parameters.end() ? "" : std::string(first->name);
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  if (!typed.exact) reader.wrong("--exact", "missing: say how to tune; --exact searches every order");
  auto scenario = load_or_complain(typed.scenario);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto property = static_cast<Property>(reader.choice("--property", typed.property, property_names));
  const auto range = read_range(reader, typed.range);
  const auto crowd = reader.crowd("--clients", typed.clients);
  const auto time = reader.duration("--max-time", typed.time);
  const auto format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  reader.outputs(typed.scenario, {{"--output", &typed.output}, {"--certificate", &typed.certificate}});
  if (!scenario || !reader.sound()) return std::nullopt;
  if (crowd) replace_clients(*scenario, *crowd);
  auto strategy = choose_strategy(reader, typed, *scenario, std::move(chosen));
  if (!strategy) return std::nullopt;
  Job job{.scenario = std::move(*scenario),
          .strategy = *strategy,
          .parameter = typed.parameter.value_or(first_duration(*strategy)),
          .property = property,
          .range = *range,
          .clients = typed.clients.value_or(""),
          .time = time,
          .format = format,
          .output = typed.output,
          .certificate = typed.certificate,
          .quiet = typed.quiet,
          .show_progress = !typed.quiet && !typed.no_progress && stderr_is_live(),
          .source = {CACHERACE_VERSION, typed.scenario}};
  if (const auto reason = why_not_tunable(job.problem())) {
    complain(fmt::format("{}: {}", typed.scenario, *reason));
    return std::nullopt;
  }
  return job;
}

std::string document(const Job& job, const TuneResult& result, reports::Paint paint) {
  if (job.format == Format::table) return reports::tune_text(job.scenario, result, paint);
  return reports::tune_document(job.scenario, result, job.source, job.certificate.value_or(""));
}

bool write_certificate(const Job& job, const TuneResult& result) {
  if (!result.threshold.complete) {
    complain(
        fmt::format("--certificate: {} was not written, as the search is not complete", *job.certificate));
    return true;
  }
  const scenarios::Recording recording{job.scenario, result.strategy, job.clients, certificate_of(result)};
  if (const auto error = write_whole(*job.certificate, write_recording(recording))) {
    complain("--certificate: " + *error);
    return false;
  }
  if (!job.quiet) {
    complain(fmt::format("the certificate is in {}; confirm it with: cacherace replay {}", *job.certificate,
                         reports::shell_word(*job.certificate)));
  }
  return true;
}

ExitStatus run(const Typed& typed) {
  const auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  const auto& interrupted = watch_for_interruption();
  const Deadline deadline(job->time);
  ProgressLine line(job->show_progress);
  const TuneResult result = tune(job->problem(), [&](const sim::SearchProgress& progress) {
    line.show(progress, job->strategy.info->name);
    return interrupted.load(std::memory_order_relaxed) || deadline.passed();
  });
  line.erase();
  const bool certified = !job->certificate || write_certificate(*job, result);
  return deliver(job->output, [&](reports::Paint paint) { return document(*job, result, paint); }) &&
                 certified
             ? status_of(result.verdict)
             : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_tune(CLI::App& parent) {
  auto* const app = parent.add_subcommand("tune", help);
  const auto typed = std::make_shared<Typed>();
  Declaration declare(*app);
  declare.scenario(typed->scenario);
  app->add_flag("--exact", typed->exact, "from the supports of all latencies, by searching every order");
  declare.strategies(
      typed->strategies,
      "NAME or NAME:parameter=value,… (default: the scenario's, if just one has the parameter)");
  declare.text("--parameter", typed->parameter, "P", "the duration (default: the strategy's first)");
  declare.text("--property", typed->property, "P",
               "what must not happen: stuck (default), stale_read, nonlinearizable …");
  declare.text("--range", typed->range, "A..B", "values to consider (default 0ms..1h)");
  declare.clients(typed->clients);
  declare.text("--max-time", typed->time, "D", "stop after so long: 30s, say (exit status 3)");
  declare.text("--certificate", typed->certificate, "FILE", "the answer's proof, for `cacherace replay`");
  declare.text("--format", typed->format, "F", "table (default) or json");
  declare.output(typed->output);
  declare.silence(typed->quiet, typed->no_progress);
  return {app, [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
