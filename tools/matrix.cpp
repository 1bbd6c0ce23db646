// cacherace matrix: strategies × faults, every order of each.
#include "exploration/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "reports/matrix.hpp"
#include "reports/matrix_junit.hpp"
#include "reports/matrix_page.hpp"
#include "scenarios/recording.hpp"
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

constexpr const char* help = R"(Strategies × faults: what each strategy lets happen under each kind of fault.

  cacherace matrix field/all                                             this takes minutes
  cacherace matrix field/all --clients 1w2r                              this takes seconds
  cacherace matrix field/all --strategy lease --strategy locked
  cacherace matrix field/all --strategy lease --fault eviction --fault "clock jump"
  cacherace matrix field/all --strategy lease --fault "network cut" --record cut.json
  cacherace matrix shop.json --clients 2w2r --format markdown --output matrix.md

Tries every order of 2 writers and 3 readers, with an empty cache and with a filled one, whatever
the latencies. The faults are the scenario's, each alone; if it has none, one of each kind. A cell
whose orders are not all tried (--max-states) is not called safe: it tells how often runs go wrong.

Exit status: 0 done; 2 bad input; 3 a limit or an interruption came before the answer to a cell.
)";

struct Typed {
  std::string scenario;
  std::vector<std::string> strategies, faults;
  OptionText clients, states, runs, jobs, time, format, output, record, report;
  bool quiet = false;
  bool no_progress = false;
};

struct Job {
  Scenario scenario;
  std::vector<MatrixFault> faults;
  MatrixOptions options;
  std::string clients;
  std::optional<sim::Duration> time;
  Format format = Format::table;
  OptionText output, record, report;
  bool quiet = false;
  bool show_progress = false;
  reports::Source source;
};

std::string crowd_text(const Crowd& crowd) {
  const auto some = [](std::uint32_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  if (crowd.readers == 0) return some(crowd.writers, "writer");
  if (crowd.writers == 0) return some(crowd.readers, "reader");
  return some(crowd.writers, "writer") + " and " + some(crowd.readers, "reader");
}

// Those of the names given; all where none is.
std::optional<std::vector<MatrixFault>> chosen_faults(std::vector<MatrixFault> all,
                                                      const std::vector<std::string>& names,
                                                      OptionReader& reader) {
  if (names.empty()) return all;
  std::vector<std::string_view> known;
  for (const MatrixFault& fault : all) known.push_back(fault.name);
  std::vector<MatrixFault> chosen;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(all, name, &MatrixFault::name);
    if (found == all.end()) {
      reader.wrong("--fault", fmt::format("{} is no fault here; {}", scenarios::quoted(name),
                                          scenarios::remedy_for_name(name, known)));
      return std::nullopt;
    }
    chosen.push_back(*found);
  }
  return chosen;
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  Job job{.output = typed.output,
          .record = typed.record,
          .report = typed.report,
          .quiet = typed.quiet,
          .show_progress = !typed.quiet && !typed.no_progress && stderr_is_live()};
  auto scenario = load_or_complain(typed.scenario);
  auto chosen = reader.strategies(typed.strategies, scenario);
  const auto crowd = reader.crowd("--clients", typed.clients).value_or(Crowd{2, 3});
  job.format = static_cast<Format>(reader.choice("--format", typed.format, format_names));
  job.options.states_max =
      reader.whole("--max-states", typed.states, 1, states_most).value_or(job.options.states_max);
  job.options.runs = reader.whole("--runs", typed.runs, 1, runs_max).value_or(job.options.runs);
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  job.options.jobs = static_cast<unsigned>(reader.whole("--jobs", typed.jobs, 1, jobs_max).value_or(cores));
  job.time = reader.duration("--max-time", typed.time);
  const OptionText page = read_report(reader, typed.report);
  reader.outputs(typed.scenario,
                 {{"--report", &page}, {"--output", &typed.output}, {"--record", &typed.record}});
  if (!scenario || !reader.sound()) return std::nullopt;
  auto faults = chosen_faults(scenario->setup.faults.empty() ? usual_faults() : faults_of(*scenario),
                              typed.faults, reader);
  if (!faults) return std::nullopt;
  job.faults = std::move(*faults);
  if (!chosen.empty()) scenario->strategies = std::move(chosen);
  scenario->setup.faults.clear();
  replace_clients(*scenario, crowd);
  if (const auto reason = why_only_by_time(*scenario)) {
    complain(fmt::format("{}: {}", typed.scenario, *reason));
    return std::nullopt;
  }
  job.clients = crowd_text(crowd);
  job.scenario = std::move(*scenario);
  job.source = {.version = CACHERACE_VERSION,
                .scenario = typed.scenario,
                .clients = typed.clients.value_or(""),
                .options = as_typed({{"--max-states", &typed.states}, {"--runs", &typed.runs}})};
  return job;
}

std::string document(const Job& job, const MatrixResult& result, reports::Paint paint) {
  switch (job.format) {
    case Format::json:
      return reports::matrix_document(result, job.source);
    case Format::markdown:
      return reports::matrix_markdown(result, job.source);
    case Format::junit:
      return reports::matrix_junit(result, job.source);
    case Format::table:
      break;
  }
  return reports::matrix_table(result, job.source, paint);
}

// What is behind the first cell where something is wrong.
bool write_record(const Job& job, const MatrixResult& result) {
  const auto remark = [&](const std::string& text) {
    if (!job.quiet) complain(text);
  };
  for (const MatrixRow& row : result.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto recording = recording_of(result.faults[i], row, row.cells[i]);
      if (!recording) continue;
      if (const auto error = write_whole(*job.record, write_recording(*recording))) {
        complain("--record: " + *error);
        return false;
      }
      remark(fmt::format("{}, {}: in {}; next: cacherace replay {}", reports::strategy_argument(row.strategy),
                         result.faults[i].name, *job.record, reports::shell_word(*job.record)));
      return true;
    }
  }
  remark(fmt::format("nothing is wrong in any cell, so {} was not written", *job.record));
  return true;
}

ExitStatus run(const Typed& typed) {
  auto job = read_job(typed);
  if (!job) return ExitStatus::bad_input;
  const Deadline deadline(job->time);
  ProgressLine line(job->show_progress);
  job->options.stop = &watch_for_interruption();
  job->options.see = [&](std::uint64_t done, std::uint64_t total) {
    line.show_cells(done, total);
    return deadline.passed();
  };
  MatrixResult result = make_matrix(job->scenario, job->faults, job->options);
  result.clients = job->clients;
  line.erase();
  const bool delivered =
      (!job->record || write_record(*job, result)) &&
      deliver(job->output, [&](reports::Paint paint) { return document(*job, result, paint); });
  const bool reported = write_report(job->report, [&] { return reports::matrix_page(result, job->source); });
  if (!delivered || !reported) return ExitStatus::bad_input;
  return result.complete ? ExitStatus::ok : ExitStatus::unfinished;
}

}  // namespace

Subcommand add_matrix(CLI::App& parent) {
  Declaration declare(parent, "matrix", help);
  const auto typed = std::make_shared<Typed>();
  declare.scenario(typed->scenario);
  declare.strategies(typed->strategies);
  declare.many("--fault", typed->faults, "NAME",
               "only this fault, by the name of its column, as in eviction; repeatable (default: all)");
  declare.text("--clients", typed->clients, "2w3r",
               "so many writers and readers, one operation each (default: 2w3r)");
  declare.text("--max-states", typed->states, "N",
               "gives up a cell's search after so many states, and takes runs instead (default: 300000)");
  declare.text("--runs", typed->runs, "N", "of each cell that is taken by runs (default: 10000)");
  declare.jobs(typed->jobs);
  declare.time(typed->time);
  declare.format(typed->format, format_names);
  declare.text("--record", typed->record, "FILE",
               "also writes what is behind the first bad cell, for `cacherace replay`");
  declare.output(typed->output);
  declare.report(typed->report);
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return run(*typed); }};
}

}  // namespace cacherace::tools
