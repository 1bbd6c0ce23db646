// Every strategy that is built in. Adding one: a file that defines its StrategyInfo, and its line in
// strategies.def.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "strategies/parameters.hpp"
#include "strategies/strategy.hpp"

namespace cacherace::strategies {

// What a strategy that is built in, or that a scenario defines (steps.hpp), says about itself.
struct StrategyInfo {
  std::string_view name;
  std::string_view summary;               // one line
  std::vector<std::string_view> writing;  // the steps of a write, one line each
  std::vector<std::string_view> reading;  // the steps of a read
  std::string_view users;                 // who runs it, with the source
  std::string_view hole;                  // its known weakness
  std::vector<ParameterInfo> parameters;
  std::function<std::unique_ptr<Strategy>(const Parameters&)> make;
  // Of one that a scenario defines: its steps take locks or leases, which expire. (One that is built in has a
  // parameter that ends in _ttl.)
  bool takes_guards = false;
};

// In the order of strategies.def.
std::span<const StrategyInfo* const> all_strategies();

// Null where there is none of that name.
const StrategyInfo* find_strategy(std::string_view name);

// Of one that is built upon another: the names among which it chooses, and the one chosen, with its defaults.
std::vector<std::string_view> names_of_others(std::string_view but);
std::unique_ptr<Strategy> make_strategy(std::string_view name);

// The steps of the cache-aside read that most strategies share.
std::vector<std::string_view> cache_aside_reading();

}  // namespace cacherace::strategies
