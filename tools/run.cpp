// cacherace run: many runs of each strategy of a scenario, judged and compared.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include "reports/history.hpp"
#include "reports/json.hpp"
#include "reports/page.hpp"
#include "reports/run_junit.hpp"
#include "reports/run_markdown.hpp"
#include "reports/run_table.hpp"
#include "reports/saved_result.hpp"
#include "reports/steps.hpp"
#include "reports/units.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/figures.hpp"
#include "scenarios/recording.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"
#include "tools/sweep.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

using namespace scenarios;

constexpr std::array<std::string_view, 4> format_names = {"table", "json", "markdown", "junit"};
enum class Format : std::uint8_t { table, json, markdown, junit };

constexpr const char* help = R"(Runs each strategy of a scenario many times and compares them.

  cacherace run side-by-side
  cacherace run shop.json --runs 100000 --format json --output result.json
  cacherace run shop.json --strategy delayed-double-delete:sleep=50ms --strategy write-then-delete
  cacherace run shop.json --strategy write-then-delete --only-run 17 --record bad.json
  cacherace run shop.json --sweep redis.ttl=1s,10s,1min --sweep clients.reader.count=1,8,64
  cacherace run shop.json --report page --format markdown >> "$GITHUB_STEP_SUMMARY"

Exit status: 0 every expectation holds; 1 one does not; 2 bad input; 3 interrupted, or a run met a
limit.
)";

// The command line as it was typed.
struct Typed {
  std::string scenario;
  std::vector<std::string> strategies;
  std::vector<std::string> settings, axes;
  OptionText runs, only_run, seed, jobs, format, output, history, record, baseline, figure, sweep_dir, report;
  bool quiet = false;
  bool no_progress = false;
};

// The same, read and checked.
struct Job {
  Scenario scenario;
  ExperimentOptions options;
  Format format = Format::table;
  OptionText output, history, record, baseline, report;
  bool quiet = false;
  bool show_progress = false;
  reports::Source source;
  // Of a sweep.
  std::vector<Axis> axes;
  std::vector<StrategyChoice> strategies;  // of --strategy
  std::string figure;
  OptionText sweep_dir;
};

// Options that speak of one result, or of a sweep, where there is none.
void read_sweep(OptionReader& reader, const Typed& typed, Job& job) {
  job.axes = reader.axes(typed.axes);
  job.sweep_dir = typed.sweep_dir;
  job.figure = typed.figure.value_or("stuck.probability");
  if (typed.axes.empty()) {
    if (typed.figure)
      reader.wrong("--figure", "it is for the heat map of two axes; add --sweep PATH=VALUE,…");
    if (typed.sweep_dir) reader.wrong("--sweep-dir", "there is no sweep; add --sweep PATH=VALUE,…");
    return;
  }
  const std::pair<std::string_view, const OptionText*> single[] = {{"--only-run", &typed.only_run},
                                                                   {"--history", &typed.history},
                                                                   {"--record", &typed.record},
                                                                   {"--save-baseline", &typed.baseline}};
  for (const auto& [option, text] : single) {
    if (*text) reader.wrong(option, "it is of one result, not of a sweep; set the point with --set instead");
  }
  if (find_figure(run_figures(), job.figure) == nullptr) reader.wrong("--figure", no_such_figure(job.figure));
  std::size_t points = 1;
  for (const Axis& axis : job.axes) points *= std::min(axis.values.size(), points_max + 1);
  if (points > points_max) {
    reader.wrong("--sweep", fmt::format("these are more than {} points", reports::count_text(points_max)));
  }
  const bool of_strategies =
      std::ranges::any_of(job.axes, [](const Axis& axis) { return axis.path.starts_with("strategies."); });
  if (of_strategies && !typed.strategies.empty()) {
    reader.wrong("--strategy", "it replaces the strategies that --sweep speaks of; leave one of them out");
  }
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  Job job{.output = typed.output,
          .history = typed.history,
          .record = typed.record,
          .baseline = typed.baseline,
          .report = typed.report,
          .quiet = typed.quiet};
  auto scenario = load_or_complain(typed.scenario);
  const auto settings = reader.settings(typed.settings);
  if (scenario && !settings.empty() && reader.sound()) {
    auto set = with_settings(*scenario, settings);
    if (const auto* wrong = std::get_if<std::string>(&set)) {
      reader.wrong("--set", *wrong);
    } else {
      scenario = std::move(std::get<Scenario>(set));
    }
  }
  read_sweep(reader, typed, job);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto runs = reader.whole("--runs", typed.runs, 1, runs_max);
  const auto seed = reader.whole("--seed", typed.seed, 0, UINT64_MAX);
  const auto jobs = reader.whole("--jobs", typed.jobs, 1, jobs_max);
  job.options.only_run = reader.whole("--only-run", typed.only_run, 0, runs_max - 1);
  job.format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  if (job.format == Format::junit && (typed.only_run || !typed.axes.empty())) {
    reader.wrong("--format", fmt::format("junit is for expectations, which {} has not",
                                         typed.only_run ? "a single run" : "a sweep"));
  }
  if (scenario && reader.sound()) {
    job.strategies = chosen;
    if (!chosen.empty()) scenario->strategies = std::move(chosen);
    if (typed.record && job.options.only_run && scenario->strategies.size() > 1) {
      reader.wrong("--record", "with --only-run it records one strategy; say which with one --strategy");
    }
  }
  if (typed.baseline && typed.only_run) {
    reader.wrong("--save-baseline", "a single run is nothing to compare with; leave --only-run out");
  }
  const OptionText page = read_report(reader, typed.report);
  if (scenario && reader.sound()) {
    reader.outputs(typed.scenario, {{"--report", &page},
                                    {"--output", &typed.output},
                                    {"--history", &typed.history},
                                    {"--record", &typed.record},
                                    {"--save-baseline", &typed.baseline}});
  }
  if (!scenario || !reader.sound()) return std::nullopt;
  scenario->runs = runs.value_or(scenario->runs);
  scenario->seed = seed.value_or(scenario->seed);
  job.scenario = std::move(*scenario);
  job.options.jobs =
      static_cast<unsigned>(jobs.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U)));
  job.show_progress = !typed.quiet && !typed.no_progress && stderr_is_live();
  job.source = {CACHERACE_VERSION, typed.scenario, settings};
  return job;
}

std::string document(const Job& job, const RunResult& result, reports::Paint paint) {
  if (job.format == Format::json) return reports::run_document(result, job.source);
  if (job.format == Format::junit) return reports::run_junit(job.scenario, result, job.source);
  if (job.format == Format::markdown) {
    return job.options.only_run ? reports::steps_markdown(job.scenario, *job.options.only_run)
                                : reports::run_markdown(job.scenario, result, job.source);
  }
  if (!job.options.only_run) return reports::run_table(result, job.source, paint);
  std::string text;
  for (const auto& strategy : job.scenario.strategies) {
    if (!text.empty()) text += "\n";
    text += reports::run_steps(job.scenario, strategy, *job.options.only_run, paint);
  }
  return text;
}

void remark(const Job& job, std::string_view text) {
  if (!job.quiet) complain(text);
}

// The run to record: that of --only-run, or the first violation over the strategies in order.
std::optional<Recording> run_to_record(const Job& job, const RunResult& result) {
  const auto record = [&](const StrategyChoice& strategy, std::uint64_t run) {
    return Recording{job.scenario, strategy, "",
                     RecordedRun{run, digest_of_run(job.scenario, strategy, run)}};
  };
  if (job.options.only_run) return record(job.scenario.strategies.front(), *job.options.only_run);
  for (const auto& strategy : result.strategies) {
    if (strategy.first_violation) return record(strategy.strategy, strategy.first_violation->run);
  }
  return std::nullopt;
}

bool write_record(const Job& job, const RunResult& result) {
  const auto recording = run_to_record(job, result);
  if (!recording) {
    remark(job, fmt::format("no violation in these runs, so {} was not written", *job.record));
    return true;
  }
  if (const auto error = write_whole(*job.record, write_recording(*recording))) {
    complain("--record: " + *error);
    return false;
  }
  remark(job, fmt::format("run {} of {} is in {}; repeat it with: cacherace replay {}",
                          std::get<RecordedRun>(recording->content).run,
                          reports::strategy_argument(recording->strategy), *job.record,
                          reports::shell_word(*job.record)));
  return true;
}

// Of what was interrupted nothing is saved: it could not be repeated.
bool save_baseline(const Job& job, const RunResult& result) {
  if (*job.options.stop) {
    complain(fmt::format("--save-baseline: {} was not written", *job.baseline));
    return true;
  }
  const auto error = write_whole(*job.baseline, reports::baseline_document(job.scenario, result, job.source));
  if (error) complain("--save-baseline: " + *error);
  return !error;
}

// Runs everything again, in order. Nothing is written where it was interrupted.
ExitStatus write_history(const Job& job, ProgressLine& line) {
  if (*job.options.stop) return ExitStatus::unfinished;
  auto created = WholeFile::create(*job.history);
  if (const auto* error = std::get_if<FileError>(&created)) {
    complain("--history: " + *error);
    return ExitStatus::bad_input;
  }
  auto& file = std::get<WholeFile>(created);
  const std::uint64_t runs = job.options.only_run ? 1 : job.scenario.runs;
  Progress progress{0, runs * job.scenario.strategies.size(), "writing the history"};
  reports::for_each_history(job.scenario, job.options.only_run, [&](const std::string& lines) {
    constexpr std::uint64_t shown_every = 1024;
    if (++progress.runs_done % shown_every == 0) line.show(progress);
    return file.write(lines) && !*job.options.stop;
  });
  line.erase();
  if (*job.options.stop) return ExitStatus::unfinished;
  if (const auto error = file.finish()) {
    complain("--history: " + *error);
    return ExitStatus::bad_input;
  }
  return ExitStatus::ok;
}

void tell_interruption(const RunResult& result) {
  std::uint64_t done = 0;
  for (const auto& strategy : result.strategies) done += strategy.runs;
  complain(fmt::format("interrupted after {} of {}; the result is of these", reports::count_text(done),
                       reports::counted(result.runs * result.strategies.size(), "run")));
}

// A single run was all that was asked for, so it is an answer, though none to an expectation.
ExitStatus status_of(const RunResult& result) {
  return result.only_run && result.complete ? ExitStatus::ok : tools::status_of(result.verdict);
}

ExitStatus sweep(Job& job) {
  SweepJob of_points{.scenario = std::move(job.scenario),
                     .strategies = std::move(job.strategies),
                     .axes = std::move(job.axes),
                     .figure = std::move(job.figure),
                     .folder = job.sweep_dir,
                     .options = job.options,
                     .source = job.source,
                     .output = job.output,
                     .report = job.report,
                     .show_progress = job.show_progress};
  if (job.format == Format::json) of_points.format = SweepJob::Format::json;
  if (job.format == Format::markdown) of_points.format = SweepJob::Format::markdown;
  return run_sweep(of_points);
}

ExitStatus run(const Typed& typed) {
  auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  if (!job->axes.empty()) return sweep(*job);
  job->options.stop = &watch_for_interruption();
  ProgressLine line(job->show_progress);
  job->options.see = [&line](const Progress& progress) { line.show(progress); };
  const RunResult result = run_experiment(job->scenario, job->options);
  line.erase();
  if (*job->options.stop) tell_interruption(result);

  bool delivered = !job->record || write_record(*job, result);
  delivered = (!job->baseline || save_baseline(*job, result)) && delivered;
  auto history = job->history ? write_history(*job, line) : ExitStatus::ok;
  if (history == ExitStatus::unfinished)
    complain(fmt::format("--history: {} was not written", *job->history));
  delivered =
      write_report(job->report, [&] { return reports::run_page(job->scenario, result, job->source); }) &&
      delivered;
  delivered = deliver(job->output, [&](reports::Paint paint) { return document(*job, result, paint); }) &&
              delivered && history != ExitStatus::bad_input;
  if (!delivered) return ExitStatus::bad_input;
  const auto status = status_of(result);
  return status == ExitStatus::ok ? history : status;
}

}  // namespace

Subcommand add_run(CLI::App& parent) {
  Declaration declare(parent, "run", help);
  const auto typed = std::make_shared<Typed>();
  declare.scenario(typed->scenario);
  declare.strategies(typed->strategies);
  declare.text("--runs", typed->runs, "N",
               "runs of each strategy (default: \"runs\" of the scenario, else 10000)");
  declare.text("--only-run", typed->only_run, "N",
               "only run number N of each strategy, counted from 0, told step by step");
  declare.text("--seed", typed->seed, "S", "a whole number (default: \"seed\" of the scenario, else 1)");
  declare.jobs(typed->jobs);
  declare.format(typed->format, format_names);
  declare.output(typed->output);
  declare.text("--history", typed->history, "FILE",
               "also writes every operation as JSON Lines, for `cacherace check`: a large file, and runs "
               "take twice as long");
  declare.text("--record", typed->record, "FILE",
               "also writes the first violation, or the run of --only-run, for `cacherace replay`");
  declare.text("--save-baseline", typed->baseline, "FILE",
               "also writes the result together with its scenario, for `cacherace compare`");
  declare.many("--set", typed->settings, "PATH=VALUE",
               "changes a field of the scenario, as in redis.ttl=10s; repeatable");
  declare.many("--sweep", typed->axes, "PATH=V,V,…",
               "runs everything with each value of a field, as in redis.ttl=1s,10s; repeatable: every "
               "combination, and two make a heat map");
  declare.text(
      "--figure", typed->figure, "PATH",
      "of --sweep: what the heat map shows, by its path in the JSON result (default: stuck.probability)");
  declare.text("--sweep-dir", typed->sweep_dir, "DIR",
               "of --sweep: keeps finished points there, and the same command goes on where it was stopped");
  declare.report(typed->report);
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
