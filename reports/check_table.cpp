#include "reports/check_table.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  return counted(key.witness.size(), "operation") + " that contradict each other";
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

struct Group {
  std::string name;
  std::uint64_t histories = 0, bad = 0, unknown = 0, operations = 0;
  std::string first_bad;
};

// By file and strategy, in order.
std::vector<Group> groups_of(const CheckResult& result) {
  std::vector<Group> groups;
  for (const auto& checked : result.histories) {
    const std::string name = printable(checked.file) + (checked.history.strategy.empty() ? "" : ", ") +
                             printable(checked.history.strategy);
    auto group = std::ranges::find(groups, name, &Group::name);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{.name = name});
    ++group->histories;
    group->operations += checked.verdict.operations;
    if (!checked.verdict.linearizable) ++group->unknown;
    if (checked.verdict.linearizable == false && ++group->bad == 1) {
      group->first_bad = checked.history.run < 0 ? "" : fmt::format("run {}", checked.history.run);
    }
  }
  return groups;
}

std::string overview(const CheckResult& result, Paint paint) {
  Table table({{"history", Align::left},
               {"histories"},
               {"operations"},
               {"not\nlinearizable"},
               {"unknown"},
               {"first", Align::left}});
  for (const auto& group : groups_of(result)) {
    table.add({{group.name},
               {count_text(group.histories)},
               {count_text(group.operations)},
               {count_text(group.bad), group.bad != 0 ? Colour::red : Colour::green},
               {count_text(group.unknown), group.unknown != 0 ? Colour::yellow : Colour::none},
               {group.first_bad}});
  }
  return table.text(paint);
}

}  // namespace

std::string witness_bars(const CheckedHistory& checked, const KeyVerdict& key) {
  const auto& history = checked.history;
  auto shown = key.witness;
  if (shown.empty() && key.first_bad != verify::no_operation) shown = {key.first_bad};
  std::vector<Bar> bars;
  for (const auto at : shown) {
    const auto& operation = history.operations[at];
    bars.push_back({labelled_operation(history, operation), operation.start, operation.end});
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
