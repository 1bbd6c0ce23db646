#include "reports/check_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/check_groups.hpp"
#include "reports/check_table.hpp"
#include "reports/check_words.hpp"
#include "reports/escaped.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

// Up to so many histories have a row each, more are told in groups, of which so many have a row; so many
// histories that are not right are told in full.
constexpr std::size_t each_max = 12;
constexpr std::size_t rows_max = 50;
constexpr std::size_t in_full_max = 10;

std::string_view verdict_words(std::optional<bool> linearizable) {
  if (!linearizable) return "unknown";
  return *linearizable ? "linearizable" : "**not linearizable**";
}

// A block of code that its text cannot end.
std::string code_block(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fence + "\n" + text + fence + "\n";
}

std::string in_full(const CheckedHistory& checked) {
  const auto& verdict = checked.verdict;
  std::string text = fmt::format("\n### {}: {}\n\n", markdown_escaped(history_title(checked)),
                                 verdict_words(verdict.linearizable));
  if (!verdict.linearizable) text += markdown_escaped(why_unknown(checked)) + "\n";
  if (verdict.linearizable == false) {
    const auto& key = verdict.keys[verdict.worst];
    text += code_block(witness_bars(checked, key)) + "\n✗: " + std::string(mark_words) + ". " +
            markdown_escaped(why_not(checked, key)) + "\n";
  }
  const auto measures = measures_of(checked);
  if (!measures.empty()) text += "\n| | |\n|---|---|\n";
  for (const auto& [name, words] : measures) {
    text += fmt::format("| {} | {} |\n", markdown_escaped(name), markdown_escaped(words));
  }
  return text;
}

std::string rows_of(const std::vector<const CheckedHistory*>& order) {
  std::string text = "| history | operations | keys | verdict |\n|---|---:|---:|---|\n";
  for (const auto* checked : order) {
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_escaped(history_title(*checked)),
                        count_text(checked->verdict.operations), count_text(checked->verdict.keys.size()),
                        verdict_words(checked->verdict.linearizable));
  }
  return text;
}

// Those with something wrong first, then the undecided.
std::string rows_of_groups(const CheckResult& result) {
  auto all = groups_of(result);
  if (all.sum.bad + all.sum.unknown == 0) return all_linearizable(all.sum) + ".\n";
  std::ranges::stable_sort(all.groups, {}, [](const CheckGroup& group) {
    return group.bad != 0 ? 0 : group.unknown != 0 ? 1 : 2;
  });
  std::string text =
      "| history | histories | operations | not linearizable | unknown | first "
      "|\n|---|---:|---:|---:|---:|---|\n";
  for (std::size_t i = 0; i < all.groups.size() && i < rows_max; ++i) {
    const auto& group = all.groups[i];
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                    markdown_escaped(all.folder.empty() ? group.name : printable(all.folder) + group.name),
                    count_text(group.histories), count_text(group.operations), count_text(group.bad),
                    count_text(group.unknown), group.first_bad);
  }
  if (all.groups.size() > rows_max) {
    text += fmt::format("\n… and {} more, no worse than these.\n", count_text(all.groups.size() - rows_max));
  }
  return text;
}

}  // namespace

std::string check_markdown(const CheckResult& result) {
  const auto order = worst_first(result);
  std::string text = "## cacherace check\n\n";
  text += order.size() > each_max ? rows_of_groups(result) : rows_of(order);
  for (std::size_t i = 0; i < order.size() && i < in_full_max; ++i) {
    if (order[i]->verdict.linearizable.value_or(false) && i > 0) break;
    if (order[i]->verdict.linearizable.value_or(false) && order.size() > each_max) break;
    text += in_full(*order[i]);
  }
  if (!result.complete) text += "\nNot complete: what is not known, or was not reached, is no verdict.\n";
  return text;
}

}  // namespace cacherace::reports
