// cacherace tune: the safe value of a strategy's duration, exactly or up to a risk.
#include "reports/tune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <thread>

#include "exploration/risk.hpp"
#include "exploration/tuning.hpp"
#include "reports/commands.hpp"
#include "reports/risk.hpp"
#include "reports/tune_junit.hpp"
#include "reports/tune_page.hpp"
#include "scenarios/suggest.hpp"
#include "tools/commands.hpp"
#include "tools/deadline.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

using namespace exploration;

constexpr std::array<std::string_view, 4> format_names = {"table", "json", "markdown", "junit"};
enum class Format : std::uint8_t { table, json, markdown, junit };

constexpr const char* help = R"(Finds the smallest safe value of a strategy's duration, a sleep or a TTL.

  cacherace tune article/late-reader --exact
  cacherace tune article/late-reader --risk 1e-6
  cacherace tune shop.json --exact --strategy delayed-double-delete --parameter sleep
  cacherace tune shop.json --exact --property stale_read --range 0ms..2s --certificate sleep.json
  cacherace tune shop.json --risk 0.001 --property stale_read --format markdown --output sleep.md

With --exact it is the value from which on nothing goes wrong, in any order that the latencies
allow. With --risk P it is the value from which on at most the share P of the runs goes wrong, with
99 % confidence.

Exit status: 0 every expectation holds; 1 one does not; 2 bad input; 3 a limit or an interruption
came first.
)";

// The command line as it was typed.
struct Typed {
  std::string scenario;
  std::vector<std::string> strategies;
  OptionText parameter, property, range, clients, time, format, output, certificate;
  OptionText risk, resolution, seed, jobs, report;
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
  std::optional<DurationRange> range;
  std::string clients;
  std::optional<sim::Duration> time;
  std::optional<double> risk;  // none: exactly
  std::optional<sim::Duration> resolution;
  unsigned jobs = 1;
  Format format = Format::table;
  OptionText output, certificate, report;
  bool quiet = false;
  bool show_progress = false;
  reports::Source source;

  [[nodiscard]] ThresholdProblem problem() const {
    return {scenario, strategy, parameter, property, range.value_or(ThresholdProblem::default_range)};
  }
  [[nodiscard]] RiskTuning tuning() const {
    return {scenario, strategy, parameter, property, risk.value_or(0.0), range, resolution, jobs};
  }
};

std::optional<DurationRange> read_range(OptionReader& reader, const OptionText& text) {
  if (!text) return std::nullopt;
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

// A share of the runs.
std::optional<double> read_risk(OptionReader& reader, const OptionText& text) {
  if (!text) return std::nullopt;
  constexpr double least = 1e-12, most = 0.5;
  double value = 0.0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error == std::errc{} && end == text->data() + text->size() && value >= least && value <= most)
    return value;
  reader.wrong("--risk",
               fmt::format("{} is no share of runs; expected a number from 1e-12 to 0.5, as in 1e-6",
                           scenarios::quoted(*text)));
  return std::nullopt;
}

// Which way to tune, and no option of the other.
void check_method(OptionReader& reader, const Typed& typed) {
  if (typed.exact == typed.risk.has_value()) {
    reader.wrong(typed.exact ? "--risk" : "--exact",
                 typed.exact ? "does not go with --exact; choose one"
                             : "missing: say how to tune; --exact searches every order, --risk 1e-6 finds "
                               "what at most one run in a million violates");
    return;
  }
  const auto only = [&](std::string_view option, bool given, std::string_view with) {
    if (given) reader.wrong(option, fmt::format("only goes with {}", with));
  };
  only("--certificate", typed.certificate && !typed.exact, "--exact");
  only("--resolution", typed.resolution && typed.exact, "--risk; --exact is exact to 1 ns");
  only("--seed", typed.seed && typed.exact, "--risk");
  only("--jobs", typed.jobs && typed.exact, "--risk");
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  check_method(reader, typed);
  auto scenario = load_or_complain(typed.scenario);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto property = static_cast<Property>(reader.choice("--property", typed.property, property_names));
  const auto range = read_range(reader, typed.range);
  const auto crowd = reader.crowd("--clients", typed.clients);
  const auto time = reader.duration("--max-time", typed.time);
  const auto risk = read_risk(reader, typed.risk);
  const auto resolution = reader.duration("--resolution", typed.resolution);
  const auto seed = reader.whole("--seed", typed.seed, 0, UINT64_MAX);
  const auto jobs = reader.whole("--jobs", typed.jobs, 1, jobs_max);
  const auto format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  if (resolution == sim::Duration{0}) reader.wrong("--resolution", "expected more than 0");
  const OptionText page = read_report(reader, typed.report);
  reader.outputs(typed.scenario,
                 {{"--report", &page}, {"--output", &typed.output}, {"--certificate", &typed.certificate}});
  if (!scenario || !reader.sound()) return std::nullopt;
  if (crowd) replace_clients(*scenario, *crowd);
  scenario->seed = seed.value_or(scenario->seed);
  auto strategy = choose_strategy(reader, typed, *scenario, std::move(chosen));
  if (!strategy) return std::nullopt;
  Job job{
      .scenario = std::move(*scenario),
      .strategy = *strategy,
      .parameter = typed.parameter.value_or(first_duration(*strategy)),
      .property = property,
      .range = range,
      .clients = typed.clients.value_or(""),
      .time = time,
      .risk = risk,
      .resolution = resolution,
      .jobs =
          static_cast<unsigned>(jobs.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U))),
      .format = format,
      .output = typed.output,
      .certificate = typed.certificate,
      .report = typed.report,
      .quiet = typed.quiet,
      .show_progress = !typed.quiet && !typed.no_progress && stderr_is_live(),
      .source = {
          .version = CACHERACE_VERSION,
          .scenario = typed.scenario,
          .clients = typed.clients.value_or(""),
          .options = as_typed(
              {{"--range", &typed.range}, {"--resolution", &typed.resolution}, {"--seed", &typed.seed}})}};
  if (const auto reason = risk ? why_not_tunable_by_risk(job.tuning()) : why_not_tunable(job.problem())) {
    complain(fmt::format("{}: {}", typed.scenario, *reason));
    return std::nullopt;
  }
  return job;
}

std::string document(const Job& job, const TuneResult& result, reports::Paint paint) {
  switch (job.format) {
    case Format::json:
      return reports::tune_document(job.scenario, result, job.source, job.certificate.value_or(""));
    case Format::markdown:
      return reports::tune_markdown(job.scenario, result, job.source);
    case Format::junit:
      return reports::tune_junit(job.scenario, result, job.source);
    case Format::table:
      break;
  }
  return reports::tune_text(job.scenario, result, paint);
}

std::string document(const Job& job, const RiskResult& result, reports::Paint paint) {
  if (job.format == Format::json) return reports::risk_document(job.scenario, result, job.source);
  if (job.format == Format::markdown) return reports::risk_markdown(job.scenario, result, job.source);
  if (job.format == Format::junit) return reports::risk_junit(job.scenario, result, job.source);
  return reports::risk_table(job.scenario, result, job.source, paint);
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

// What the watch of a search asks: whether to stop here.
class Patience {
 public:
  explicit Patience(const Job& job) : interrupted_(watch_for_interruption()), deadline_(job.time) {}
  [[nodiscard]] bool is_over() const {
    return interrupted_.load(std::memory_order_relaxed) || deadline_.passed();
  }

 private:
  const std::atomic<bool>& interrupted_;
  Deadline deadline_;
};

ExitStatus tune_exactly(const Job& job) {
  const Patience patience(job);
  ProgressLine line(job.show_progress);
  const TuneResult result = tune(job.problem(), [&](const sim::SearchProgress& progress) {
    line.show(progress, job.strategy.info->name);
    return patience.is_over();
  });
  line.erase();
  const bool certified = !job.certificate || write_certificate(job, result);
  const bool reported =
      write_report(job.report, [&] { return reports::tune_page(job.scenario, result, job.source); });
  return deliver(job.output, [&](reports::Paint paint) { return document(job, result, paint); }) &&
                 certified && reported
             ? status_of(result.verdict)
             : ExitStatus::bad_input;
}

ExitStatus tune_to_risk(const Job& job) {
  const Patience patience(job);
  ProgressLine line(job.show_progress);
  const RiskResult result = tune_by_risk(job.tuning(), [&](const RiskProgress& progress) {
    line.show(progress, job.strategy.info->name);
    return patience.is_over();
  });
  line.erase();
  const bool reported =
      write_report(job.report, [&] { return reports::risk_page(job.scenario, result, job.source); });
  return deliver(job.output, [&](reports::Paint paint) { return document(job, result, paint); }) && reported
             ? status_of(result.verdict)
             : ExitStatus::bad_input;
}

ExitStatus run(const Typed& typed) {
  const auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  return job->risk ? tune_to_risk(*job) : tune_exactly(*job);
}

}  // namespace

Subcommand add_tune(CLI::App& parent) {
  Declaration declare(parent, "tune", help);
  const auto typed = std::make_shared<Typed>();
  declare.scenario(typed->scenario);
  const std::string property_values = one_of(property_names);
  declare.flag("--exact", typed->exact,
               "searches every order that the latencies allow: the answer is a proof, to 1 ns");
  declare.text("--risk", typed->risk, "P",
               "measures runs: at most the share P of them may go wrong, as in 1e-6 (from 1e-12 to 0.5)");
  declare.many("--strategy", typed->strategies, "S",
               "a name, or NAME:parameter=value,… (default: the scenario's, if just one has the parameter)");
  declare.text("--parameter", typed->parameter, "P",
               "the duration to tune, as in sleep (default: the strategy's first)");
  declare.text("--property", typed->property, property_values.c_str(),
               "what must not happen (default: the first)");
  declare.text("--range", typed->range, "A..B", "the values to consider (default: 0ms..1h)");
  declare.text("--resolution", typed->resolution, "D",
               "of --risk: how close the measured values lie, as in 1ms (default: about 1 % of the value)");
  declare.text("--seed", typed->seed, "S",
               "of --risk: a whole number (default: \"seed\" of the scenario, else 1)");
  declare.text("--jobs", typed->jobs, "N",
               "of --risk: threads (default: one for each core); any number gives the same result");
  declare.clients(typed->clients);
  declare.time(typed->time);
  declare.text("--certificate", typed->certificate, "FILE",
               "of --exact: also writes the proof, which `cacherace replay` confirms");
  declare.format(typed->format, format_names);
  declare.output(typed->output);
  declare.report(typed->report);
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
