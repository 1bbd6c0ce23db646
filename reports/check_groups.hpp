// Many histories in few rows: what the table and the markdown of `check` say first of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/check.hpp"

namespace cacherace::reports {

// The histories of one file and strategy.
struct CheckGroup {
  std::string name;  // without the folder that all are in
  std::uint64_t histories = 0, bad = 0, unknown = 0, operations = 0;
  std::string first_bad;  // "run 17"; empty where runs have no numbers
};

struct CheckGroups {
  std::string folder;              // that all files are in, with the / at its end; empty where there is none
  std::vector<CheckGroup> groups;  // in order
  CheckGroup sum;                  // of all

  [[nodiscard]] bool any_run() const;
  [[nodiscard]] bool each_is_one_history() const { return groups.size() == sum.histories; }
};

CheckGroups groups_of(const CheckResult& result);

// "48 histories, 4,032 operations: all linearizable".
std::string all_linearizable(const CheckGroup& sum);

}  // namespace cacherace::reports
