// cacherace explore: every order of a scenario's commands, and the shortest way to each violation.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "exploration/exploration.hpp"
#include "exploration/sampling.hpp"
#include "reports/explore_json.hpp"
#include "reports/explore_junit.hpp"
#include "reports/explore_markdown.hpp"
#include "reports/explore_table.hpp"
#include "reports/page.hpp"
#include "reports/words.hpp"
#include "scenarios/recording.hpp"
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

constexpr const char* help = R"(Goes through every order of a scenario's commands: what can happen at all.

  cacherace explore article/every-order
  cacherace explore article/every-order --untimed
  cacherace explore shop.json --untimed --clients 2w3r --strategy write-then-delete
  cacherace explore shop.json --untimed --format json --output result.json

Where there are too many orders to try them all, --choose draws some, and cuts down what goes wrong:

  cacherace explore shop.json --untimed --choose random --runs 100000
  cacherace explore shop.json --untimed --choose pct --depth 2 --seed 7

It also takes clients with a "mix", which have no list of operations to try every order of.

Exit status: 0 every expectation holds; 1 one does not; 2 bad input; 3 a limit or an interruption
came first, or drawn orders did not meet what is expected never to happen (which proves nothing).
)";

// The command line as it was typed.
struct Typed {
  std::string scenario;
  std::vector<std::string> strategies;
  OptionText clients, states, time, memory, format, output, record, report, choose, runs, seed, depth;
  bool timed = false;
  bool untimed = false;
  bool quiet = false;
  bool no_progress = false;
};

// The same, read and checked.
struct Job {
  Scenario scenario;
  bool timed = true;
  std::optional<std::uint64_t> states;
  std::optional<std::uint64_t> memory;
  std::optional<sim::Duration> time;
  std::optional<SamplingOptions> sampling;
  Format format = Format::table;
  OptionText output, record, report;
  std::string clients;
  bool quiet = false;
  bool show_progress = false;
  reports::Source source;
};

// How orders are drawn; nothing where all of them are gone through.
std::optional<SamplingOptions> read_sampling(const Typed& typed, OptionReader& reader) {
  SamplingOptions sampling;
  sampling.chooser = static_cast<DrawnBy>(reader.choice("--choose", typed.choose, drawn_by_names));
  sampling.runs = reader.whole("--runs", typed.runs, 1, runs_max).value_or(sampling.runs);
  constexpr std::uint64_t depth_max = 100;
  const auto depth = reader.whole("--depth", typed.depth, 1, depth_max);
  sampling.depth = static_cast<std::uint32_t>(depth.value_or(sampling.depth));
  if (typed.choose) {
    if (!typed.untimed) reader.wrong("--choose", "it draws untimed orders; add --untimed");
    for (const auto& [name, text] :
         {std::pair("--max-states", &typed.states), {"--max-memory", &typed.memory}}) {
      if (*text) reader.wrong(name, "it does not go with --choose; give --runs or --max-time");
    }
    if (typed.depth && sampling.chooser != DrawnBy::pct) {
      reader.wrong("--depth", "only --choose pct has a depth");
    }
    return sampling;
  }
  for (const auto& [name, text] :
       {std::pair("--runs", &typed.runs), {"--seed", &typed.seed}, {"--depth", &typed.depth}}) {
    if (*text) reader.wrong(name, "it goes with --choose random or --choose pct");
  }
  return std::nullopt;
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  Job job{.timed = !typed.untimed,
          .output = typed.output,
          .record = typed.record,
          .report = typed.report,
          .clients = typed.clients.value_or(""),
          .quiet = typed.quiet,
          .show_progress = !typed.quiet && !typed.no_progress && stderr_is_live()};
  if (typed.timed && typed.untimed) reader.wrong("--timed", "it excludes --untimed; give one of them");
  auto scenario = load_or_complain(typed.scenario);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto seed = reader.whole("--seed", typed.seed, 0, UINT64_MAX);
  job.sampling = read_sampling(typed, reader);
  job.states = reader.whole("--max-states", typed.states, 1, states_most);
  job.format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  const auto crowd = reader.crowd("--clients", typed.clients);
  job.time = reader.duration("--max-time", typed.time);
  job.memory = reader.bytes("--max-memory", typed.memory);
  const OptionText page = read_report(reader, typed.report);
  reader.outputs(typed.scenario,
                 {{"--report", &page}, {"--output", &typed.output}, {"--record", &typed.record}});
  if (!scenario || !reader.sound()) return std::nullopt;
  if (!chosen.empty()) scenario->strategies = std::move(chosen);
  if (crowd) replace_clients(*scenario, *crowd);
  scenario->seed = seed.value_or(scenario->seed);
  const auto reason =
      job.sampling ? why_not_drawable(*scenario) : why_not_explorable(*scenario, !typed.untimed);
  if (reason) {
    complain(fmt::format("{}: {}", typed.scenario, *reason));
    return std::nullopt;
  }
  job.scenario = std::move(*scenario);
  job.source = {CACHERACE_VERSION, typed.scenario};
  return job;
}

std::string document(const Job& job, const ExploreResult& result, reports::Paint paint) {
  switch (job.format) {
    case Format::json:
      return reports::explore_document(job.scenario, result, job.source);
    case Format::markdown:
      return reports::explore_markdown(job.scenario, result);
    case Format::junit:
      return reports::explore_junit(job.scenario, result, job.source, job.clients);
    case Format::table:
      break;
  }
  return reports::explore_table(job.scenario, result, paint);
}

// The first violation of the first strategy that has one, for `replay`.
bool write_record(const Job& job, const ExploreResult& result) {
  const auto remark = [&](std::string_view text) {
    if (!job.quiet) complain(text);
  };
  for (const ExploredStrategy& strategy : result.strategies) {
    const auto witness = std::ranges::find_if(strategy.witnesses, [](const auto& found) { return !!found; });
    if (witness == strategy.witnesses.end()) continue;
    const auto index = static_cast<std::size_t>(witness - strategy.witnesses.begin());
    const auto property = property_names[index];
    const std::string& schedule = strategy.draws ? strategy.draws->schedules[index] : (*witness)->schedule;
    if (schedule.empty()) {
      remark(fmt::format("an order of operations that a \"mix\" drew has no schedule: {} was not written",
                         *job.record));
      return true;
    }
    const scenarios::Recording recording{job.scenario, strategy.strategy, job.clients,
                                         scenarios::RecordedOrder{std::string(property), schedule}};
    if (const auto error = write_whole(*job.record, write_recording(recording))) {
      complain("--record: " + *error);
      return false;
    }
    remark(fmt::format("{} under {} is in {}; repeat it with: cacherace replay {}", reports::spaced(property),
                       reports::strategy_argument(strategy.strategy), *job.record,
                       reports::shell_word(*job.record)));
    return true;
  }
  remark(fmt::format("no violation was found, so {} was not written", *job.record));
  return true;
}

ExitStatus run(const Typed& typed) {
  const auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  const auto& interrupted = watch_for_interruption();
  const Deadline deadline(job->time);
  ProgressLine line(job->show_progress);
  ExploreOptions options{.timed = job->timed};
  options.states_max = job->states.value_or(options.states_max);
  options.bytes_max = job->memory.value_or(options.bytes_max);
  options.watch = [&](const StrategyChoice& strategy, const sim::SearchProgress& progress) {
    line.show(progress, strategy.info->name);
    return interrupted.load(std::memory_order_relaxed) || deadline.passed();
  };
  auto sampling = job->sampling;
  if (sampling)
    sampling->stop = [&] { return interrupted.load(std::memory_order_relaxed) || deadline.passed(); };
  const ExploreResult result =
      sampling ? explore_drawn(job->scenario, *sampling) : explore(job->scenario, options);
  line.erase();
  const bool recorded = !job->record || write_record(*job, result);
  const bool reported =
      write_report(job->report, [&] { return reports::explore_page(job->scenario, result, job->source); });
  return deliver(job->output, [&](reports::Paint paint) { return document(*job, result, paint); }) &&
                 recorded && reported
             ? status_of(result.verdict)
             : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_explore(CLI::App& parent) {
  Declaration declare(parent, "explore", help);
  const auto typed = std::make_shared<Typed>();
  declare.scenario(typed->scenario);
  declare.flag("--timed", typed->timed,
               "only the orders that latencies, sleeps and lags allow; this is the default");
  declare.flag("--untimed", typed->untimed,
               "all orders, as if every latency, sleep and lag could take any time; nothing expires");
  declare.strategies(typed->strategies);
  declare.clients(typed->clients);
  declare.text(
      "--choose", typed->choose, "random|pct",
      "draws some orders instead of trying all: random (each next step equally likely) or pct (clients have "
      "priorities that change a few times, which meets rare orders sooner)");
  declare.text("--runs", typed->runs, "N", "of --choose: so many orders of each strategy (default: 10000)");
  declare.text("--seed", typed->seed, "S",
               "of --choose: a whole number (default: \"seed\" of the scenario, else 1)");
  declare.text("--depth", typed->depth, "D",
               "of --choose pct: it looks for what takes so many steps in the right order (default: 3)");
  declare.text("--max-states", typed->states, "N",
               "gives up a strategy after so many states, with exit status 3 (default: never)");
  declare.time(typed->time);
  declare.text("--max-memory", typed->memory, "M",
               "gives up at so much memory, as in 500MB or 2GB, with exit status 3 (default: never)");
  declare.text("--record", typed->record, "FILE",
               "also writes the way to the first violation, for `cacherace replay`");
  declare.format(typed->format, format_names);
  declare.output(typed->output);
  declare.report(typed->report);
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
