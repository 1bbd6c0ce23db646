// Which versions are committed, as a run goes on: a failover takes back those that came after the version
// that it leaves its row at.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include "models/record.hpp"

namespace cacherace::exploration {

class Committed {
 public:
  void see(const models::Record& record) {
    auto& versions = of_key_[record.key];
    if (record.fact == models::Fact::committed) versions.push_back(record.row.value);
    if (record.fact != models::Fact::rolled_back) return;
    while (!versions.empty() && versions.back() != record.row.value) versions.pop_back();
  }
  [[nodiscard]] bool has(models::WriteId value) const {
    return value == models::WriteId(0) || std::ranges::any_of(of_key_, [value](const auto& of_key) {
             return std::ranges::find(of_key.second, value) != of_key.second.end();
           });
  }

 private:
  std::map<models::Key, std::vector<models::WriteId>> of_key_;
};

}  // namespace cacherace::exploration
