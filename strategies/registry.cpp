#include "strategies/registry.hpp"

#include <algorithm>
#include <array>

namespace cacherace::strategies {

#define STRATEGY(info, name) extern const StrategyInfo info;
#include "strategies/strategies.def"
#undef STRATEGY

std::span<const StrategyInfo* const> all_strategies() {
  static constexpr std::array all = {
#define STRATEGY(info, name) &info,
#include "strategies/strategies.def"
#undef STRATEGY
  };
  return all;
}

std::vector<std::string_view> names_of_others(std::string_view but) {
  std::vector<std::string_view> names = {
#define STRATEGY(info, name) name,
#include "strategies/strategies.def"
#undef STRATEGY
  };
  std::erase(names, but);
  return names;
}

std::unique_ptr<Strategy> make_strategy(std::string_view name) {
  const StrategyInfo* info = find_strategy(name);
  return info->make(Parameters(info->parameters));
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
