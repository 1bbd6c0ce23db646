// What is drawn of a key that is not linearizable: the operations that contradict each other, and what stands
// next to them in time. Pictures and pages are drawn from it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/check.hpp"

namespace cacherace::reports {

struct CheckBar {
  verify::OperationIndex operation;
  std::size_t lane;                  // of its client
  bool contradicts = false;          // belongs to the contradiction
  bool first_bad = false;            // nothing explains it
  std::optional<std::size_t> place;  // in the order that explains the others, from 0
};

struct CheckBars {
  std::vector<CheckBar> bars;                // as in the history
  std::vector<verify::Nanos> instants;       // at which they begin or end, ascending
  std::vector<verify::ClientIndex> clients;  // by lane, in the order in which they come in
};

// Of the key's witness, the end of the order that explains as much as can be, and what overlaps the operation
// that has no place in it.
CheckBars check_bars(const CheckedHistory& checked, const verify::KeyVerdict& key);

// Short, so that it fits into its bar: "w 7", "r 3", "3→4", "+x".
std::string bar_words(const verify::History& history, const verify::Operation& operation);
// When: "1.2 ms to 3.4 ms", "event 3 to 5".
std::string span_words(const verify::History& history, verify::OperationIndex at);

}  // namespace cacherace::reports
