#include "reports/check_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/check_groups.hpp"
#include "reports/check_words.hpp"
#include "reports/timeline.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using verify::KeyVerdict;

constexpr std::size_t in_full_max = 5;

std::string verdict_words(std::optional<bool> linearizable, Paint paint) {
  if (!linearizable) return painted("UNKNOWN", Colour::yellow, paint);
  return *linearizable ? painted("linearizable", Colour::green, paint)
                       : painted("NOT LINEARIZABLE", Colour::red, paint);
}

std::string sizes(const CheckedHistory& checked) {
  std::string text = fmt::format(
      "{}, {}, {}, {}", verify::formats::format_names[static_cast<std::size_t>(checked.format)],
      counted(checked.verdict.operations, "operation"), counted(checked.verdict.keys.size(), "key"),
      counted(checked.history.clients.size(), "client"));
  if (checked.skipped != 0) text += fmt::format(", {} left out", count_text(checked.skipped));
  return text;
}

std::string key_words(const CheckedHistory& checked, const KeyVerdict& key) {
  const std::string& name = checked.history.keys.at(key.key);
  return name.empty() ? "its only key" : "key " + printable(name);
}

std::string witness_title(const KeyVerdict& key) {
  if (key.witness.empty()) return "the first operation that cannot be explained";
  if (key.witness.size() == 1) return "one operation that cannot be";
  return counted(key.witness.size(), "operation") +
         " that contradict each other (✗: " + std::string(mark_words) + ")";
}

std::string violation(const CheckedHistory& checked, const KeyVerdict& key) {
  const bool is_one_of_many = key.witness.size() > 1 && checked.verdict.keys.size() > 1;
  return fmt::format("\n  {}{}: {}\n{}  {}", is_one_of_many ? "worst, " : "", key_words(checked, key),
                     witness_title(key), witness_bars(checked, key), paragraph(why_not(checked, key), 2));
}

std::string in_full(const CheckedHistory& checked, Paint paint) {
  const auto& verdict = checked.verdict;
  std::string text = fmt::format("{}: {}\n  {}\n", history_title(checked),
                                 verdict_words(verdict.linearizable, paint), sizes(checked));
  if (!verdict.keys.empty()) {
    const KeyVerdict& key = verdict.keys[verdict.worst];
    if (key.linearizable == false) text += violation(checked, key);
  }
  if (!verdict.linearizable) text += "  " + paragraph("Why: " + why_unknown(checked), 2);
  const auto measures = measures_of(checked);
  if (!measures.empty()) text += "\n";
  constexpr std::size_t column = 16;
  for (const auto& [name, words] : measures) {
    std::string line = "  " + name;
    line.append(column - std::min(column, display_width(line)), ' ');
    text += line + paragraph(words, column);
  }
  if (const auto next = next_step(checked); !next.empty()) text += "\n  Next: " + next + "\n";
  return text;
}

// A row for each file.
void add_verdicts(const std::vector<const CheckGroup*>& groups, Table& table) {
  for (const auto* group : groups) {
    const bool bad = group->bad != 0, unknown = group->unknown != 0;
    table.add({{group->name},
               {count_text(group->operations)},
               {bad       ? "NOT LINEARIZABLE"
                : unknown ? "UNKNOWN"
                          : "linearizable",
                bad       ? Colour::red
                : unknown ? Colour::yellow
                          : Colour::green}});
  }
}

void add_counts(const std::vector<const CheckGroup*>& groups, Table& table) {
  for (const auto* group : groups) {
    table.add({{group->name},
               {count_text(group->histories)},
               {count_text(group->operations)},
               {count_text(group->bad), group->bad != 0 ? Colour::red : Colour::green},
               {count_text(group->unknown), group->unknown != 0 ? Colour::yellow : Colour::none},
               {group->first_bad}});
  }
}

// Where there are many groups, only those with something wrong or not known have a row.
std::string overview(const CheckResult& result, Paint paint) {
  constexpr std::size_t few = 12, rows_max = 25;
  const auto all = groups_of(result);
  if (all.sum.bad + all.sum.unknown == 0) return all_linearizable(all.sum) + "\n";
  std::vector<const CheckGroup*> told;
  std::uint64_t right = 0, other = 0;  // histories that have no row
  for (const auto& group : all.groups) {
    if (all.groups.size() > few && group.bad + group.unknown == 0) {
      right += group.histories;
    } else if (told.size() == rows_max) {
      other += group.histories;
    } else {
      told.push_back(&group);
    }
  }
  const bool each = all.each_is_one_history();
  std::vector<Column> columns{{"history", Align::left}, {"operations"}, {"verdict", Align::left}};
  if (!each) {
    columns = {{"history", Align::left}, {"histories"}, {"operations"}, {"not\nlinearizable"}, {"unknown"}};
    if (all.any_run()) columns.push_back({"first", Align::left});
  }
  Table table(std::move(columns));
  each ? add_verdicts(told, table) : add_counts(told, table);
  std::string text = all.folder.empty() ? "" : "in " + printable(all.folder) + "\n\n";
  text += table.text(paint);
  if (other != 0) text += fmt::format("… and {} more\n", count_text(other));
  if (right != 0)
    text += fmt::format("… and {} more that {} linearizable\n", count_text(right), right == 1 ? "is" : "are");
  if (all.groups.size() > 1) {
    text += fmt::format("{} of {} not linearizable", count_text(all.sum.bad),
                        counted(all.sum.histories, "history", "histories"));
    text += all.sum.unknown == 0 ? "\n" : fmt::format(", {} unknown\n", count_text(all.sum.unknown));
  }
  return text;
}

}  // namespace

std::string witness_bars(const CheckedHistory& checked, const KeyVerdict& key) {
  const auto& history = checked.history;
  auto shown = key.witness;
  if (shown.empty() && key.first_bad != verify::no_operation) shown = {key.first_bad};
  std::vector<Bar> bars;
  for (const auto at : shown) {
    const auto& operation = history.operations[at];
    bars.push_back(
        {labelled_operation(history, operation), operation.start, operation.end, at == key.first_bad});
  }
  return bars.empty() ? ""
                      : timeline(bars, history.timed && history.clock.empty() ? Scale::time : Scale::place);
}

std::string check_table(const CheckResult& result, Paint paint) {
  std::string text;
  const bool many = result.histories.size() > in_full_max;
  if (many) text = overview(result, paint);
  std::size_t told = 0;
  for (const auto* checked : worst_first(result)) {
    const bool right = checked->verdict.linearizable.value_or(false);
    if (told == in_full_max || (many && right)) break;
    if (many && told == 2) break;
    text += (text.empty() ? "" : "\n") + in_full(*checked, paint);
    ++told;
  }
  if (!result.complete) text += "\nNot complete: what is not known, or was not reached, is no verdict.\n";
  return text;
}

}  // namespace cacherace::reports
