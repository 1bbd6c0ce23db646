#include "reports/telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/explore_words.hpp"
#include "reports/findings.hpp"
#include "reports/step_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"
#include "verify/witness.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

// Where a state window opens or closes.
struct Mark {
  std::int64_t at;
  bool opens;
  std::string words;
};

std::vector<Mark> marks_of(const std::vector<verify::Window>& windows, bool many_keys) {
  std::vector<Mark> marks;
  for (const auto& window : windows) {
    const auto key = many_keys ? fmt::format("k{} ", window.key) : std::string();
    const auto cause = spaced(verify::cause_names[static_cast<std::size_t>(window.cause)]);
    marks.push_back({window.from, true, fmt::format("--- {}wrong from here: {}", key, cause)});
    if (window.open) continue;
    const auto length = duration_text(window.to - window.from);
    marks.push_back({window.to, false, fmt::format("--- {}right again, after {}", key, length)});
  }
  std::ranges::stable_sort(
      marks, [](const Mark& a, const Mark& b) { return a.at != b.at ? a.at < b.at : a.opens < b.opens; });
  return marks;
}

// The operations whose returns show that something is wrong: reads that are stale, dirty or go back; where
// there is none of these, the last one of those that contradict each other.
std::set<std::uint32_t> wrong_operations(const verify::Execution& execution, const verify::Verdict& verdict) {
  std::set<std::uint32_t> wrong;
  for (const auto& read : verdict.reads) {
    if (read.stale_age >= 0 || read.dirty || read.inversion) wrong.insert(read.operation);
  }
  if (verdict.linearizable || !wrong.empty()) return wrong;
  std::optional<std::uint32_t> last;
  for (const auto index : verify::minimal_witness(execution, verdict.first_bad_key)) {
    const auto end = execution.operations[index].end;
    if (end != verify::never && (!last || end > execution.operations[*last].end)) last = index;
  }
  if (last) wrong.insert(*last);
  return wrong;
}

std::string verdict_words(const Played& played) {
  if (!played.is_judged) return "NOT COMPLETE: it met a limit, so it is not judged";
  const std::string words = properties_text(played.violations);
  return words.empty() ? "nothing is wrong" : words;
}

class Teller {
 public:
  explicit Teller(const Played& played)
      : played_(played), holdings_(played.scenario.setup, has_queue(played.strategy)) {
    const auto& setup = played.scenario.setup;
    telling_ = {.title = played.title,
                .timed = played.timed,
                .replicas = setup.mysql.replicas,
                .has_queue = has_queue(played.strategy),
                .many_keys = setup.keys.count > 1};
    if (played.is_judged) endless_ = exploration::endless_operations(played.records);
    wrong_ = wrong_operations(played.execution, played.verdict);
    if (played.timed) marks_ = marks_of(played.verdict.windows, telling_.many_keys);
  }
  Teller(const Teller&) = delete;
  Teller& operator=(const Teller&) = delete;

  Telling tell() {
    add({.kind = LineKind::at_first, .words = "at first", .held = holdings_.contents(models::Key(0))});
    std::set<models::Key> keys;
    for (const Record& record : played_.records) {
      if (record.fact == Fact::invoked) keys.insert(record.key);
    }
    if (keys.empty()) keys.insert(models::Key(0));
    Holdings first(played_.scenario.setup, false);
    for (const auto key : keys) telling_.first.push_back(first.contents(key));
    for (const Record& record : played_.records) see(record);
    flush_marks_before(verify::never);
    telling_.verdict = verdict_words(played_);
    if (played_.is_judged) mark_what_stays();
    return std::move(telling_);
  }

 private:
  void see(const Record& record) {
    while (const auto expiry = holdings_.expire_one(record.at)) {
      flush_marks_before(sim::nanos(expiry->at));
      add({.at = sim::nanos(expiry->at),
           .who = "redis",
           .words = key_text(expiry->key) + " expires",
           .held = holdings_.contents(expiry->key)});
    }
    flush_marks_before(sim::nanos(record.at));
    if (record.fact == Fact::expired) return;
    const bool late = holdings_.is_overtaken(record);
    const auto words = step_words(record, late);
    const bool changed = holdings_.apply(record);
    if (!words) return;
    TellingLine line{.at = sim::nanos(record.at), .who = who(record), .words = *words};
    line.only_queue = !changed && is_about_queue(record);
    if (changed || line.only_queue) line.held = holdings_.contents(record.key);
    if (record.client != models::no_client || line.held) line.key = key_text(record.key);
    const bool begins = record.fact == Fact::invoked && endless_.contains(record.operation);
    const bool returns = record.fact == Fact::returned && wrong_.contains(record.operation);
    const bool loses = record.fact == Fact::rolled_back && played_.verdict.lost_writes > 0;
    line.violates = played_.is_judged && (begins || returns || loses);
    add(std::move(line));
  }

  // The last line from which on an entry that stays wrong is so; and where nothing else shows what is wrong,
  // the last step.
  void mark_what_stays() {
    auto& lines = telling_.lines;
    for (const auto& stuck : played_.verdict.stuck) {
      const auto key = key_text(models::Key(stuck.key));
      std::size_t from = 0;
      bool differs = false;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].held || lines[i].held->key != key) continue;
        if (lines[i].held->differs && !differs) from = i;
        differs = lines[i].held->differs;
      }
      const bool marked = from + 1 < lines.size() && lines[from + 1].kind == LineKind::wrong_from;
      lines[marked ? from + 1 : from].violates = true;
    }
    const auto& found = played_.violations;
    const bool any = std::ranges::find(found, true) != found.end();
    if (any && std::ranges::none_of(lines, &TellingLine::violates)) lines.back().violates = true;
  }

  [[nodiscard]] bool is_about_queue(const Record& record) const {
    return telling_.has_queue && (record.fact == Fact::delivered || record.fact == Fact::message_lost);
  }

  [[nodiscard]] std::string who(const Record& record) const {
    if (record.client != models::no_client) return played_.name(record.client);
    return std::string(models::store_of(record));
  }

  void add(TellingLine line) { telling_.lines.push_back(std::move(line)); }

  void flush_marks_before(std::int64_t instant) {
    for (; next_mark_ < marks_.size() && marks_[next_mark_].at < instant; ++next_mark_) {
      const Mark& mark = marks_[next_mark_];
      add({.kind = mark.opens ? LineKind::wrong_from : LineKind::right_again,
           .at = mark.at,
           .words = mark.words});
    }
  }

  const Played& played_;
  Holdings holdings_;
  Telling telling_;
  std::set<std::uint32_t> wrong_, endless_;
  std::vector<Mark> marks_;
  std::size_t next_mark_ = 0;
};

}  // namespace

Telling tell(const Played& played) {
  return Teller(played).tell();
}

Instants::Instants(const Telling& telling) : timed_(telling.timed) {
  // Microseconds do unless they would hide that an instant is later than another.
  constexpr std::int64_t microsecond = 1000;
  constexpr int of_nanoseconds = 6;
  const auto& lines = telling.lines;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto before = lines[i - 1].at;
    if (before != lines[i].at && before / microsecond == lines[i].at / microsecond)
      decimals_ = of_nanoseconds;
  }
}

std::string Instants::text(std::int64_t at) const {
  constexpr double ns_per_ms = 1e6;
  return timed_ ? fmt::format("{:.{}f}", static_cast<double>(at) / ns_per_ms, decimals_)
                : fmt::format("{}", at);
}

std::string findings_of(const Played& played, Paint paint) {
  if (!played.is_judged) return played.limit_text();
  return findings(
      played.execution, played.verdict, [&](std::uint32_t client) { return played.name(client); }, paint);
}

}  // namespace cacherace::reports
