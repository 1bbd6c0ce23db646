// Histories that were judged, as the reports of `check` take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/check.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::reports {

// `history.operations` may be empty where nothing is said of single operations (it is linearizable, say).
struct CheckedHistory {
  std::string file;
  verify::formats::Format format = verify::formats::Format::json_lines;
  std::uint64_t skipped = 0;           // malformed entries of its file that were left out
  std::optional<std::string> cut_off;  // how its file ends in the middle of something
  verify::History history;
  verify::HistoryVerdict verdict;
  std::vector<verify::OperationIndex>
      order;  // partial_linearization() of the worst key, if that is not right
};

struct CheckResult {
  std::string version;  // of cacherace
  std::vector<CheckedHistory> histories;
  bool complete = true;  // every history that was asked for is there, and none is undecided
};

// What reports say first: those that are not linearizable, then the undecided, then the rest; each in order.
std::vector<const CheckedHistory*> worst_first(const CheckResult& result);

}  // namespace cacherace::reports
