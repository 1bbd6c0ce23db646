#include "reports/check_markdown.hpp"

#include <fmt/format.h>

#include "reports/check_table.hpp"
#include "reports/check_words.hpp"
#include "reports/escaped.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

// So many histories have a row; so many of them that are not right are told in full.
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
    text += code_block(witness_bars(checked, key)) + "\n" + markdown_escaped(why_not(checked, key)) + "\n";
  }
  const auto measures = measures_of(checked);
  if (!measures.empty()) text += "\n| | |\n|---|---|\n";
  for (const auto& [name, words] : measures) {
    text += fmt::format("| {} | {} |\n", markdown_escaped(name), markdown_escaped(words));
  }
  return text;
}

}  // namespace

std::string check_markdown(const CheckResult& result) {
  const auto order = worst_first(result);
  std::string text = "## cacherace check\n\n| history | operations | keys | verdict |\n|---|---:|---:|---|\n";
  for (std::size_t i = 0; i < order.size() && i < rows_max; ++i) {
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_escaped(history_title(*order[i])),
                        count_text(order[i]->verdict.operations), count_text(order[i]->verdict.keys.size()),
                        verdict_words(order[i]->verdict.linearizable));
  }
  if (order.size() > rows_max) {
    text += fmt::format("\n… and {} more, no worse than these.\n", count_text(order.size() - rows_max));
  }
  for (std::size_t i = 0; i < order.size() && i < in_full_max; ++i) {
    if (order[i]->verdict.linearizable.value_or(false) && i > 0) break;
    text += in_full(*order[i]);
  }
  if (!result.complete) text += "\nNot complete: what is not known, or was not reached, is no verdict.\n";
  return text;
}

}  // namespace cacherace::reports
