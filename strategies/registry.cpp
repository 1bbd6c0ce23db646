#include "strategies/registry.hpp"

#include <algorithm>
#include <array>

namespace cacherace::strategies {

#define STRATEGY(info) extern const StrategyInfo info;
#include "strategies/strategies.def"
#undef STRATEGY

std::span<const StrategyInfo* const> all_strategies() {
  static constexpr std::array all = {
#define STRATEGY(info) &info,
#include "strategies/strategies.def"
#undef STRATEGY
  };
  return all;
}

const StrategyInfo* find_strategy(std::string_view name) {
  const auto all = all_strategies();
  const auto found = std::ranges::find(all, name, [](const StrategyInfo* info) { return info->name; });
  return found == all.end() ? nullptr : *found;
}

std::vector<std::string_view> cache_aside_reading() {
  return {"GET key; a hit returns it", "SELECT key", "SET key to the row; return it"};
}

}  // namespace cacherace::strategies
