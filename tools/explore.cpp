// cacherace explore: every order of a scenario's commands, and the shortest way to each violation.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <memory>

#include "exploration/exploration.hpp"
#include "exploration/sampling.hpp"
#include "reports/explore_json.hpp"
#include "reports/explore_markdown.hpp"
#include "reports/explore_table.hpp"
#include "scenarios/durations.hpp"
#include "scenarios/suggest.hpp"
#include "tools/commands.hpp"
#include "tools/deadline.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

using namespace exploration;

constexpr std::array<std::string_view, 3> format_names = {"table", "json", "markdown"};
enum class Format : std::uint8_t { table, json, markdown };

constexpr const char* help = R"(Goes through every order of a scenario's commands: what can happen at all.

  cacherace explore article/side-by-side --untimed
  cacherace explore shop.json --untimed --clients 2w3r --strategy write-then-delete
  cacherace explore shop.json --untimed --format json --output result.json

For what has too many orders, --choose draws some of them, also of clients with a "mix", and cuts down what
violates something:

  cacherace explore shop.json --untimed --choose random --runs 100000
  cacherace explore shop.json --untimed --choose pct --depth 2 --seed 7

Exit status: 0 every expectation holds; 1 one does not; 2 bad input; 3 a limit or an interruption came first,
or orders were drawn and what is expected never to happen did not.
)";

// The command line as it was typed.
struct Typed {
  std::string scenario;
  std::vector<std::string> strategies;
  OptionText clients, states, time, format, output, choose, runs, seed, depth;
  bool timed = false;
  bool untimed = false;
};

// The same, read and checked.
struct Job {
  Scenario scenario;
  std::optional<std::uint64_t> states;
  std::optional<sim::Duration> time;
  std::optional<SamplingOptions> sampling;
  Format format = Format::table;
  OptionText output;
  reports::Source source;
};

struct Crowd {
  std::uint32_t writers = 0;
  std::uint32_t readers = 0;
};

// "2w3r"
std::optional<Crowd> read_crowd(const std::string& text) {
  Crowd crowd;
  const char* at = text.data();
  const char* const end = at + text.size();
  constexpr std::uint32_t clients_max = 30;
  for (const auto& [count, letter] : {std::pair(&crowd.writers, 'w'), std::pair(&crowd.readers, 'r')}) {
    const auto [rest, error] = std::from_chars(at, end, *count);
    if (error != std::errc() || rest == end || *rest != letter || *count > clients_max) return std::nullopt;
    at = rest + 1;
  }
  if (at != end || crowd.writers + crowd.readers == 0) return std::nullopt;
  return crowd;
}

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
    if (typed.states) reader.wrong("--max-states", "it does not go with --choose; give --runs or --max-time");
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
  Job job{.output = typed.output};
  if (typed.timed && typed.untimed) reader.wrong("--timed", "it excludes --untimed; give one of them");
  auto scenario = load_or_complain(typed.scenario);
  auto chosen = reader.strategies(typed.strategies);
  const auto seed = reader.whole("--seed", typed.seed, 0, UINT64_MAX);
  job.sampling = read_sampling(typed, reader);
  job.states = reader.whole("--max-states", typed.states, 1, UINT32_MAX - 1);
  job.format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  const auto crowd = typed.clients ? read_crowd(*typed.clients) : std::nullopt;
  if (typed.clients && !crowd) {
    reader.wrong("--clients",
                 fmt::format("{} is no number of writers and readers; expected 2w3r, say (up to 30 of each)",
                             scenarios::quoted(*typed.clients)));
  }
  if (typed.time) {
    const auto duration = scenarios::parse_duration(*typed.time);
    if (const auto* message = std::get_if<std::string>(&duration)) {
      reader.wrong("--max-time", *message);
    } else {
      job.time = std::get<sim::Duration>(duration);
    }
  }
  if (typed.output) {
    if (const auto error = why_not_writable(*typed.output)) reader.wrong("--output", *error);
  }
  if (!scenario || !reader.sound()) return std::nullopt;
  if (!chosen.empty()) scenario->strategies = std::move(chosen);
  if (crowd) replace_clients(*scenario, crowd->writers, crowd->readers);
  scenario->seed = seed.value_or(scenario->seed);
  const auto reason = job.sampling ? std::nullopt : why_not_explorable(*scenario);
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
    case Format::table:
      break;
  }
  return reports::explore_table(job.scenario, result, paint);
}

bool deliver(const Job& job, const ExploreResult& result) {
  if (!job.output) return print(document(job, result, paint_of_stdout()));
  const auto error = write_whole(*job.output, document(job, result, reports::Paint::plain));
  if (error) complain("--output: " + *error);
  return !error;
}

ExitStatus status_of(ResultVerdict verdict) {
  switch (verdict) {
    case ResultVerdict::held:
      return ExitStatus::ok;
    case ResultVerdict::failed:
      return ExitStatus::failed;
    case ResultVerdict::unknown:
      break;
  }
  return ExitStatus::unfinished;
}

ExitStatus run(const Typed& typed) {
  const auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  const auto& interrupted = watch_for_interruption();
  const Deadline deadline(job->time);
  ExploreOptions options{.timed = !typed.untimed};
  if (job->states) options.states_max = *job->states;
  options.stop = [&] { return interrupted.load(std::memory_order_relaxed) || deadline.passed(); };
  auto sampling = job->sampling;
  if (sampling) sampling->stop = options.stop;
  const ExploreResult result =
      sampling ? explore_drawn(job->scenario, *sampling) : explore(job->scenario, options);
  return deliver(*job, result) ? status_of(result.verdict) : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_explore(CLI::App& parent) {
  auto* const app = parent.add_subcommand("explore", help);
  const auto typed = std::make_shared<Typed>();
  const auto text = [app](const char* name, OptionText& target, const char* type, const char* description) {
    app->add_option(name, target, description)->type_name(type);
  };
  app->add_option("SCENARIO", typed->scenario, "a file, or the name of a scenario that ships")
      ->type_name("")
      ->required();
  app->add_flag("--timed", typed->timed, "only orders that the latencies, sleeps and lags allow (default)");
  app->add_flag("--untimed", typed->untimed, "latencies, sleeps and lags may take any time; nothing expires");
  app->add_option("--strategy", typed->strategies,
                  "NAME or NAME:parameter=value,…; repeatable; replaces the scenario's list")
      ->type_name("S")
      ->allow_extra_args(false);
  text("--clients", typed->clients, "2w3r",
       "replaces the clients: so many writers and readers, one operation each");
  text("--choose", typed->choose, "C",
       "random (each choice alike) or pct (few changes of priority): draws orders, and cuts down violations");
  text("--runs", typed->runs, "N", "orders to draw of each strategy (default 10000)");
  text("--seed", typed->seed, "S", "of the draws (default: the scenario's)");
  text("--depth", typed->depth, "D", "of pct: so many steps must be in order for a violation (default 3)");
  text("--max-states", typed->states, "N", "stop at so many states of a strategy (exit status 3)");
  text("--max-time", typed->time, "D", "stop after so long: 30s, say (exit status 3)");
  text("--format", typed->format, "F",
       "table (default), json, or markdown (with diagrams in mermaid's language)");
  text("--output", typed->output, "FILE", "the result goes there instead of standard output");
  return {app, [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
