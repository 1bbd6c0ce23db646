#include "reports/compare_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

constexpr std::array<std::string_view, 10> usually_shown = {
    "stuck.probability",     "linearizability.probability",
    "reads.stale_share",     "windows.state_time_share",
    "latency.write.mean_ns", "latency.write.p99_ns",
    "latency.read.mean_ns",  "latency.read.p99_ns",
    "cache.hit_ratio",       "database.reads"};

bool is_share(FigureKind kind) {
  return kind == FigureKind::probability || kind == FigureKind::ratio;
}

// A size >= 0 as the figure is read. Of a change of a share: in percentage points.
std::string size_text(double size, FigureKind kind, bool is_change) {
  if (kind == FigureKind::duration) return duration_text(static_cast<std::int64_t>(std::llround(size)));
  if (is_share(kind)) return percent_number(size) + (is_change ? " points" : " %");
  if (kind == FigureKind::count) return count_text(static_cast<std::uint64_t>(std::llround(size)));
  return significant(size, 3);
}

std::string signed_text(double change, FigureKind kind) {
  if (change == 0.0) return kind == FigureKind::duration ? "0 ms" : "0";
  return (change < 0.0 ? "-" : "+") + size_text(std::abs(change), kind, true);
}

// "+1.2 points (+0.9 to +1.5)"; the interval is left out where its ends read alike.
std::string change_text(const Difference& difference, FigureKind kind) {
  std::string text = signed_text(difference.estimate, kind);
  std::string low = signed_text(difference.low, kind), high = signed_text(difference.high, kind);
  if (!difference.has_interval() || low == high) return text;
  for (std::string* end : {&low, &high}) {
    if (const auto unit = end->find(" points"); unit != std::string::npos) end->resize(unit);
  }
  return text + fmt::format(" ({} to {})", low, high);
}

// Of these more is better; of everything else that is shown, less.
bool more_is_better(std::string_view path) {
  return path == "cache.hit_ratio" || path == "cache.hits";
}

void judge(const FigureChange& change, ChangeRow& row) {
  if (!change.difference || !change.difference->has_interval()) return;
  const auto& [estimate, low, high, level, method] = *change.difference;
  if (low <= 0.0 && high >= 0.0) {
    row.judgement = low == high ? "the same" : "not told apart";
    return;
  }
  const bool better = more_is_better(change.figure->path) == (low > 0.0);
  row.judgement = better ? "better" : "worse";
  row.colour = better ? Colour::green : Colour::red;
}

ChangeRow row_of(const FigureChange& change, std::string_view words) {
  const FigureKind kind = change.figure->kind;
  const auto value = [&](const std::optional<double>& of) { return of ? size_text(*of, kind, false) : "-"; };
  ChangeRow row{std::string(words), value(change.a), value(change.b)};
  row.change = change.difference ? change_text(*change.difference, kind) : "-";
  judge(change, row);
  return row;
}

}  // namespace

std::string sides_text(const Comparison& comparison, const ComparedStrategy& strategy) {
  if (strategy.label_a == strategy.label_b) return printable(strategy.label_a);
  return fmt::format("A: {} ({})\nB: {} ({})", printable(strategy.label_a), printable(comparison.a->file),
                     printable(strategy.label_b), printable(comparison.b->file));
}

std::string pairing_text(const ComparedStrategy& strategy) {
  switch (strategy.pairing) {
    case Pairing::identical:
      return fmt::format("the same strategy and the same {}", counted(strategy.pairs, "run"));
    case Pairing::paired:
      return fmt::format("the same {} on both sides, compared one by one", counted(strategy.pairs, "run"));
    case Pairing::apart:
      break;
  }
  return "each side by itself, by its figures";
}

std::vector<ChangeRow> change_rows(const ComparedStrategy& strategy) {
  std::vector<ChangeRow> rows;
  const auto add = [&](std::string_view path, std::string_view words) {
    const auto change = std::ranges::find_if(strategy.changes,
                                             [&](const FigureChange& of) { return of.figure->path == path; });
    if (change != strategy.changes.end()) rows.push_back(row_of(*change, words));
  };
  for (const auto path : usually_shown) add(path, figure_words(path));
  for (const CheckedFailOn& checked : strategy.conditions) {
    const std::string& path = checked.condition->figure->path;
    const bool told = std::ranges::any_of(rows, [&](const ChangeRow& row) { return row.figure == path; });
    const bool usual = std::ranges::find(usually_shown, path) != usually_shown.end();
    if (!usual && !told) add(path, path);
  }
  return rows;
}

ChangeRow change_row(const ComparedStrategy& strategy, const FailOn& condition) {
  const auto change = std::ranges::find(strategy.changes, condition.figure, &FigureChange::figure);
  return row_of(*change, condition.figure->path);
}

std::string condition_text(const CheckedFailOn& checked) {
  std::string text = fmt::format("{}: {}", verdict_name(checked.verdict), printable(checked.condition->text));
  if (checked.observed && checked.condition->relative) {
    text += fmt::format("; it is {}{} %", *checked.observed < 0.0 ? "-" : "+",
                        percent_number(std::abs(*checked.observed)));
  } else if (checked.observed) {
    text += "; it is " + signed_text(*checked.observed, checked.condition->figure->kind);
  }
  if (!checked.remark.empty()) text += "; " + checked.remark;
  return text;
}

}  // namespace cacherace::reports
