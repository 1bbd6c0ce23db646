// cacherace compare: two results of `run` against each other.
#include "reports/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <thread>

#include "reports/compare_junit.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

constexpr std::array<std::string_view, 4> format_names = {"table", "json", "markdown", "junit"};
enum class Format : std::uint8_t { table, json, markdown, junit };

constexpr const char* help = R"(Compares two results of `cacherace run`, run by run where it can.

  cacherace run shop.json --save-baseline base.json
  cacherace run shop.json --strategy delayed-double-delete:sleep=300ms --save-baseline new.json
  cacherace compare base.json new.json --strategy delayed-double-delete
  cacherace compare base.json new.json --strategy delayed-double-delete \
                                       --fail-on 'stuck.probability > +0.001' \
                                       --fail-on 'latency.write.p99_ns > +10%'
  cacherace compare base.json base.json --strategy write-then-delete --against delayed-double-delete

Exit status: 0 no condition of --fail-on is met; 1 one is, or cannot be decided; 2 bad input; 3 a
result is incomplete, or an interruption came first.
)";

struct Typed {
  std::string a, b;
  std::vector<std::string> fail_on;
  OptionText strategy, against, jobs, format, output;
  bool different_scenarios = false;
  bool quiet = false;
  bool no_progress = false;
};

struct Job {
  reports::SavedResult a, b;
  reports::CompareOptions options;
  Format format = Format::table;
  bool show_progress = false;
};

std::optional<reports::SavedResult> load(const std::string& path) {
  const auto text = scenarios::read_text_file(path);
  if (const auto* fault = std::get_if<scenarios::Fault>(&text)) {
    complain({*fault});
    return std::nullopt;
  }
  auto read = reports::read_saved_result(std::get<std::string>(text), path);
  if (const auto* faults = std::get_if<std::vector<scenarios::Fault>>(&read)) {
    complain(*faults);
    return std::nullopt;
  }
  return std::move(std::get<reports::SavedResult>(read));
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  Job job;
  auto a = load(typed.a), b = load(typed.b);
  for (const auto& text : typed.fail_on) {
    auto condition = reports::parse_fail_on(text);
    if (const auto* message = std::get_if<std::string>(&condition)) {
      reader.wrong("--fail-on", *message);
    } else {
      job.options.fail_on.push_back(std::get<reports::FailOn>(condition));
    }
  }
  if (typed.against && !typed.strategy) {
    reader.wrong("--against", "it names a strategy of B; name the one of A with --strategy");
  }
  const auto jobs = reader.whole("--jobs", typed.jobs, 1, jobs_max);
  job.format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  if (reader.sound()) reader.outputs(typed.a, {{"--output", &typed.output}});
  if (!a || !b || !reader.sound()) return std::nullopt;
  job.a = std::move(*a);
  job.b = std::move(*b);
  job.options.strategy = typed.strategy;
  job.options.against = typed.against;
  job.options.different_scenarios = typed.different_scenarios;
  job.options.version = CACHERACE_VERSION;
  job.options.runs.jobs =
      static_cast<unsigned>(jobs.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U)));
  job.show_progress = !typed.quiet && !typed.no_progress && stderr_is_live();
  return job;
}

std::string document(const Job& job, const reports::Comparison& comparison, reports::Paint paint) {
  switch (job.format) {
    case Format::json:
      return reports::compare_document(comparison, CACHERACE_VERSION);
    case Format::markdown:
      return reports::compare_markdown(comparison);
    case Format::junit:
      return reports::compare_junit(comparison);
    case Format::table:
      break;
  }
  return reports::compare_table(comparison, paint);
}

ExitStatus compare(const Typed& typed) {
  auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  job->options.runs.stop = &watch_for_interruption();
  ProgressLine line(job->show_progress);
  job->options.runs.see = [&line](const scenarios::Progress& progress) { line.show(progress); };
  const auto compared = reports::compare(job->a, job->b, job->options);
  line.erase();
  if (const auto* wrong = std::get_if<std::string>(&compared)) {
    complain(*wrong);
    return ExitStatus::bad_input;
  }
  const auto& comparison = std::get<reports::Comparison>(compared);
  if (!deliver(typed.output, [&](reports::Paint paint) { return document(*job, comparison, paint); }))
    return ExitStatus::bad_input;
  return status_of(comparison.verdict);
}

}  // namespace

Subcommand add_compare(CLI::App& parent) {
  Declaration declare(parent, "compare", help);
  const auto typed = std::make_shared<Typed>();
  declare.argument("A", typed->a,
                   "the result before: what `run --save-baseline` wrote, or `run --format json`");
  declare.argument("B", typed->b, "the result after, of the same kind");
  declare.many("--fail-on", typed->fail_on, "C",
               "fails if a figure changed by more than so much, as in 'latency.write.p99_ns > +20ms', "
               "'stuck.probability > +10%' or 'cache.hit_ratio < -0.01'; repeatable");
  declare.text("--strategy", typed->strategy, "S",
               "compares only this strategy of A (default: each that both have)");
  declare.text("--against", typed->against, "S", "with this strategy of B (default: the same)");
  declare.flag("--different-scenarios", typed->different_scenarios,
               "also compares results of different scenarios, which is refused otherwise");
  declare.jobs(typed->jobs);
  declare.format(typed->format, format_names);
  declare.output(typed->output);
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return compare(*typed); }};
}

}  // namespace cacherace::tools
