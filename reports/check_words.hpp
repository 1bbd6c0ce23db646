// What the reports of `check` say in words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/check.hpp"

namespace cacherace::reports {

// A file's name as it is told: "standard input"; a long one without its first folders: "…/logs/7.jsonl".
std::string file_words(std::string file);

// "history.jsonl", "history.jsonl, delayed-double-delete, run 17".
std::string history_title(const CheckedHistory& checked);

// A value, cut in its middle where it is long: "7", "x 0 1 y…x 0 9 y", "nothing".
std::string value_words(const verify::History& history, verify::Value value);

// "write k0 = 4", "read k0 -> 3", "cas k0 3 -> 4", "append k0 + x"; without the key where that is unnamed.
std::string operation_words(const verify::History& history, const verify::Operation& operation);
// The same with its client in front: "client 2: read k0 -> 3".
std::string labelled_operation(const verify::History& history, const verify::Operation& operation);

// What ✗ means in front of an operation.
inline constexpr std::string_view mark_words = "the first that nothing explains";

// Why the operations of the key's witness cannot all be right: sentences.
std::string why_not(const CheckedHistory& checked, const verify::KeyVerdict& key);

// Why there is no verdict, and what helps. `no`: what is wrong may be only that entries were left out.
std::string why_undecided(verify::Undecided undecided);
std::string_view undecided_name(verify::Undecided undecided);
// The same of a history; names the read whose write may be among what was left out.
std::string why_unknown(const CheckedHistory& checked);

// "12 stale reads of 1,000 …": what is known beyond the verdict, a line each, of two columns.
struct Measure {
  std::string name;
  std::string words;
};
std::vector<Measure> measures_of(const CheckedHistory& checked);

// What to do next with a result; empty where no option helps or the history was standard input.
std::string next_step(const CheckedHistory& checked);

}  // namespace cacherace::reports
