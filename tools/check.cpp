// cacherace check: judges histories from anywhere.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "reports/check_json.hpp"
#include "reports/check_junit.hpp"
#include "reports/check_markdown.hpp"
#include "reports/check_page.hpp"
#include "reports/check_svg.hpp"
#include "reports/check_table.hpp"
#include "reports/units.hpp"
#include "tools/commands.hpp"
#include "tools/deadline.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"

namespace cacherace::tools {
namespace {

namespace formats = verify::formats;

constexpr std::array<std::string_view, 4> output_names = {"table", "json", "markdown", "junit"};
enum class Output : std::uint8_t { table, json, markdown, junit };
constexpr std::array<std::string_view, 3> nil_read_names = {"initial", "absent", "wildcard"};
constexpr std::array<std::string_view, 2> failed_cas_names = {"nothing", "mismatch"};
constexpr std::array<std::string_view, 2> order_names = {"index", "time"};

constexpr const char* help =
    R"(Judges histories of reads and writes, from anywhere: whether each key is linearizable.

  cacherace check history.jsonl               what `run --history` writes, or any log in that form
  cacherace check store/latest/history.edn    Jepsen's; console logs, Porcupine's texts and CSV too
  zcat *.gz | cacherace check - --format json
  cacherace check history.jsonl --svg violation.svg

Exit status: 0 linearizable; 1 one is not; 2 bad input; 3 one is unknown (a limit, or interrupted).
)";

// The command line as it was typed.
struct Typed {
  std::vector<std::string> files;
  OptionText input_format, nil_reads, failed_cas, order, initial;
  OptionText jobs, format, output, svg, report, time_limit, memory_limit;
  bool skip_bad = false;
  bool quiet = false;
  bool no_progress = false;
};

// The same, read and checked.
struct Job {
  std::vector<std::string> files;
  formats::ReadOptions reading;
  verify::CheckOptions check;
  Output format = Output::table;
  OptionText output, svg, report;
  std::optional<std::chrono::nanoseconds> time_limit;
  bool quiet = false;
  bool show_progress = false;
};

// The choice as an enumerator; nothing where the option was not given.
template <class Enum, std::size_t n>
std::optional<Enum> chosen(OptionReader& reader, std::string_view option, const OptionText& text,
                           const std::array<std::string_view, n>& names) {
  const std::size_t choice = reader.choice(option, text, names);
  return text ? std::optional(static_cast<Enum>(choice)) : std::nullopt;
}

std::optional<Job> read_job(const Typed& typed) {
  OptionReader reader;
  Job job{.files = typed.files,
          .output = typed.output,
          .svg = typed.svg,
          .report = typed.report,
          .quiet = typed.quiet};
  job.reading.format =
      chosen<formats::Format>(reader, "--input-format", typed.input_format, formats::format_names);
  job.reading.nil_reads = chosen<verify::NilRead>(reader, "--nil-reads", typed.nil_reads, nil_read_names);
  job.reading.failed_cas =
      chosen<verify::FailedCas>(reader, "--failed-cas", typed.failed_cas, failed_cas_names);
  job.reading.order = chosen<formats::Order>(reader, "--order", typed.order, order_names);
  job.reading.initial = typed.initial;
  job.reading.skip_bad = typed.skip_bad;
  job.format = static_cast<Output>(reader.choice("--format", typed.format, output_names));
  const auto jobs = reader.whole("--jobs", typed.jobs, 1, jobs_max);
  job.check.jobs =
      static_cast<unsigned>(jobs.value_or(std::clamp(std::thread::hardware_concurrency(), 1U, 1024U)));
  if (const auto bytes = reader.bytes("--memory-limit", typed.memory_limit)) {
    job.check.memory_bytes_max = *bytes;
  }
  if (const auto limit = reader.duration("--time-limit", typed.time_limit)) {
    job.time_limit = *limit;
  }
  if (std::ranges::count(typed.files, "-") > 1) {
    reader.wrong("HISTORY", "- stands there twice; standard input can be read once");
  }
  const OptionText page = read_report(reader, typed.report);
  for (const auto& file : typed.files) {
    reader.outputs(file, {{"--report", &page}, {"--output", &typed.output}, {"--svg", &typed.svg}});
  }
  if (!reader.sound()) return std::nullopt;
  job.show_progress = !typed.quiet && !typed.no_progress && stderr_is_live();
  return job;
}

// Raises a flag when the command was interrupted or its time is over.
class Stopper {
 public:
  explicit Stopper(std::optional<std::chrono::nanoseconds> limit)
      : interrupted_(watch_for_interruption()), deadline_(limit), thread_([this] { watch(); }) {}
  Stopper(const Stopper&) = delete;
  Stopper& operator=(const Stopper&) = delete;
  ~Stopper() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  [[nodiscard]] const std::atomic<bool>& flag() const { return flag_; }
  // Whether to go on with nothing new.
  bool due() {
    if (interrupted_ || deadline_.passed()) flag_ = true;
    return flag_;
  }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void watch() {
    constexpr auto often = std::chrono::milliseconds(10);
    std::unique_lock lock(mutex_);
    while (!over_) {
      due();
      changed_.wait_for(lock, often);
    }
  }

  const std::atomic<bool>& interrupted_;
  Deadline deadline_;
  std::atomic<bool> flag_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

// Reads of values that nothing in the history writes, ascending. Where a key has appends its values are sums
// of theirs; there none is listed.
std::vector<verify::OperationIndex> unwritten_reads(const verify::History& history) {
  using verify::OperationKind;
  std::vector<std::pair<verify::KeyIndex, verify::Value>> written;
  std::vector<bool> appended(history.keys.size());
  for (const auto& operation : history.operations) {
    if (operation.kind == OperationKind::append) appended[operation.key] = true;
    if (operation.kind != OperationKind::read) written.emplace_back(operation.key, operation.value);
  }
  std::ranges::sort(written);
  const auto known = [&](const verify::Operation& read) {
    const bool nil = read.value == verify::History::nothing;
    return read.value == history.initial || (nil && history.nil_reads != verify::NilRead::absent) ||
           std::ranges::binary_search(written, std::pair(read.key, read.value));
  };
  std::vector<verify::OperationIndex> found;
  for (verify::OperationIndex i = 0; i < history.operations.size(); ++i) {
    const auto& operation = history.operations[i];
    const bool read = operation.kind == OperationKind::read && operation.outcome == verify::Outcome::ok;
    if (read && !appended[operation.key] && !known(operation)) found.push_back(i);
  }
  return found;
}

// Where entries were left out, a write may be among them: what is wrong only with reads of values that nobody
// wrote is not known to be wrong.
class LeftOut {
 public:
  LeftOut(verify::History& history, verify::Checker& checker, const verify::CheckOptions& options)
      : history_(history), checker_(checker), options_(options), reads_(unwritten_reads(history)) {
    options_.measures = false;
  }

  void reconsider(verify::HistoryVerdict& verdict) {
    if (reads_.empty()) return;
    set_outcomes(verify::Outcome::fail);
    const auto others = checker_.check(history_, options_);
    set_outcomes(verify::Outcome::ok);
    for (std::size_t i = 0; i < verdict.keys.size(); ++i) {
      if (verdict.keys[i].linearizable == false) reconsider(verdict.keys[i], others.keys[i]);
    }
    if (others.linearizable == false) {
      verdict.worst = others.worst;
      return;
    }
    verdict.linearizable.reset();
    verdict.k.reset();
    if (verdict.undecided == verify::Undecided::no) verdict.undecided = others.undecided;
  }

 private:
  // `others`: the verdict without those reads.
  void reconsider(verify::KeyVerdict& key, const verify::KeyVerdict& others) const {
    key.linearizable = others.linearizable;
    key.undecided = others.undecided;
    key.kind = others.kind;
    key.first_bad = others.first_bad;
    key.witness = others.witness;
    if (key.linearizable != true) return;
    key.linearizable.reset();
    key.k.reset();
    const auto read = std::ranges::find(
        reads_, key.key, [this](verify::OperationIndex at) { return history_.operations[at].key; });
    key.kind = verify::ViolationKind::unwritten;
    key.first_bad = *read;
    key.witness = {*read};
  }

  void set_outcomes(verify::Outcome outcome) {
    for (const auto at : reads_) history_.operations[at].outcome = outcome;
  }

  verify::History& history_;
  verify::Checker& checker_;
  verify::CheckOptions options_;
  std::vector<verify::OperationIndex> reads_;
};

class Check {
 public:
  explicit Check(Job job) : job_(std::move(job)), stopper_(job_.time_limit), line_(job_.show_progress) {
    result_.version = CACHERACE_VERSION;
    job_.reading.stop = job_.check.stop = &stopper_.flag();
  }

  ExitStatus run() {
    bool sound = true;
    for (const auto& file : job_.files) {
      if (stopper_.due()) {
        result_.complete = false;
      } else {
        sound = judge_file(file) && sound;
      }
    }
    line_.erase();
    if (!sound) return ExitStatus::bad_input;
    if (stopper_.flag()) {
      complain(stopper_.interrupted() ? "interrupted; the result is of what was finished"
                                      : "--time-limit: the time is over; the result is of what was finished");
    }
    if (!deliver(job_.output, [this](reports::Paint paint) { return document(paint); })) {
      return ExitStatus::bad_input;
    }
    if (job_.svg) {
      if (const auto error = write_whole(*job_.svg, reports::check_svg(result_))) {
        complain("--svg: " + *error);
        return ExitStatus::bad_input;
      }
    }
    if (!write_report(job_.report, [this] { return reports::check_page(result_); })) {
      return ExitStatus::bad_input;
    }
    return status();
  }

 private:
  // False where the file is malformed or holds nothing to judge, which is told.
  bool judge_file(const std::string& file) {
    job_.reading.see = [this, &file](std::uint64_t done, std::uint64_t total) {
      line_.show_reading(file, done, total);
    };
    auto reading = formats::read_histories(file, job_.reading);
    line_.erase();
    if (reading.stopped) {
      result_.complete = false;
      return true;
    }
    tell(reading, file);
    if (!reading.sound()) return false;
    if (std::ranges::all_of(reading.histories, [](const auto& one) { return one.operations.empty(); })) {
      complain(fmt::format("{}: no operations to judge", file == "-" ? "standard input" : file));
      return false;
    }
    for (auto& history : reading.histories) judge(file, reading, std::move(history));
    return true;
  }

  void tell(const formats::Reading& reading, const std::string& file) {
    const std::string name = file == "-" ? "standard input" : file;
    if (reading.error) complain(*reading.error);
    if (!job_.quiet && reading.cut_off) {
      complain(fmt::format("{}: {}; it was left out", name, *reading.cut_off));
    }
    const bool bad = !reading.sound();
    if (!bad && job_.quiet) return;
    const auto& faults = reading.faults;
    for (const auto& fault : faults.first()) complain(formats::to_text(fault, name));
    if (faults.count() > faults.first().size()) {
      complain(fmt::format("{}: {} more like these", name,
                           reports::count_text(faults.count() - faults.first().size())));
    }
    if (bad && faults.count() != 0) {
      complain(fmt::format("{}: nothing was judged; --skip-bad leaves out what is malformed", name));
    } else if (faults.count() != 0) {
      complain(fmt::format("{}: {} left out", name,
                           reports::counted(faults.count(), "malformed entry", "malformed entries")));
    }
  }

  void judge(const std::string& file, const formats::Reading& reading, verify::History history) {
    if (stopper_.due()) {
      result_.complete = false;
      return;
    }
    reports::CheckedHistory checked;
    checked.file = file;
    checked.format = reading.format;
    checked.skipped = reading.faults.count();
    checked.cut_off = reading.cut_off;
    checked.history = std::move(history);
    checked.verdict = checker_.check(checked.history, job_.check);
    auto& verdict = checked.verdict;
    const bool left_out = checked.skipped != 0 || checked.cut_off;
    if (left_out && verdict.linearizable == false) {
      LeftOut(checked.history, checker_, job_.check).reconsider(verdict);
    }
    if (verdict.linearizable == false) {
      checked.order = verify::partial_linearization(checked.history, verdict.keys[verdict.worst]);
    } else if (verdict.linearizable && verdict.violations.empty()) {
      needs_no_operations(checked);
    }
    result_.complete = result_.complete && verdict.linearizable;
    result_.histories.push_back(std::move(checked));
  }

  // Of the many runs of a scenario most are right; only cycles of their sessions show operations.
  static void needs_no_operations(reports::CheckedHistory& checked) {
    for (const auto& guarantee : verify::session_guarantees) {
      if (!(checked.verdict.sessions.*guarantee.of).cycle.empty()) return;
    }
    checked.history.operations = {};
    checked.history.clock = {};
  }

  std::string document(reports::Paint paint) const {
    switch (job_.format) {
      case Output::table:
        break;
      case Output::json:
        return reports::check_document(result_);
      case Output::markdown:
        return reports::check_markdown(result_);
      case Output::junit:
        return reports::check_junit(result_);
    }
    return reports::check_table(result_, paint);
  }

  // Of several histories the highest of unknown, not linearizable, linearizable.
  ExitStatus status() const {
    if (!result_.complete) return ExitStatus::unfinished;
    const bool bad = std::ranges::any_of(
        result_.histories, [](const auto& checked) { return checked.verdict.linearizable == false; });
    return bad ? ExitStatus::failed : ExitStatus::ok;
  }

  Job job_;
  Stopper stopper_;
  ProgressLine line_;
  verify::Checker checker_;
  reports::CheckResult result_;
};

ExitStatus check(const Typed& typed) {
  auto job = read_job(typed);
  return job ? Check(std::move(*job)).run() : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_check(CLI::App& parent) {
  Declaration declare(parent, "check", help);
  const auto typed = std::make_shared<Typed>();
  declare.arguments("HISTORY", typed->files, "files, also .gz and .zst; - is standard input");
  declare.text("--input-format", typed->input_format, "json-lines|csv|edn|jepsen-log|porcupine",
               "what the files are (default: recognised by their content)");
  declare.text("--nil-reads", typed->nil_reads, "initial|absent|wildcard",
               "what a read of null or nil means: the initial value, a value of its own, or nothing at all "
               "(default: as the format means it)");
  declare.text(
      "--failed-cas", typed->failed_cas, "nothing|mismatch",
      "what a failed cas means: that it did not happen, or that it saw another value (default: as the "
      "format means it)");
  declare.text(
      "--order", typed->order, "index|time",
      "what decides which came first: the places in the log, or the times (default: as the format has "
      "them)");
  declare.text("--initial", typed->initial, "V",
               "the value of every key at first; nil: it has none (default: as the format means it)");
  declare.flag("--skip-bad", typed->skip_bad, "leaves out lines that cannot be read, and says how many");
  declare.jobs(typed->jobs);
  declare.format(typed->format, output_names);
  declare.output(typed->output);
  declare.text("--svg", typed->svg, "FILE", "also draws the worst violation with what is around it");
  declare.report(typed->report);
  declare.text(
      "--time-limit", typed->time_limit, "T",
      "gives up after so long, as in 10min, with what is finished and exit status 3 (default: never)");
  declare.text("--memory-limit", typed->memory_limit, "M",
               "what the search of one key may take, as in 2GB (default: 1 GiB)");
  declare.silence(typed->quiet, typed->no_progress);
  return {declare.app(), [typed] { return check(*typed); }};
}

}  // namespace cacherace::tools
