// `compare --fail-on`: how much a figure may change. "stuck.probability > +10%" fails where B is more than a
// tenth above A, "latency.write.p99_ns > +20ms" where it is more than 20 ms above, "cache.hit_ratio < -0.01"
// where it is more than 0.01 below.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "scenarios/figures.hpp"

namespace cacherace::reports {

struct FailOn {
  std::string text;  // as typed
  const scenarios::Figure* figure = nullptr;
  bool above = true;      // fails above the change, or below it
  bool relative = false;  // the change is a share of A's value
  double change = 0.0;    // with its sign; durations in ns
};

// Or what is wrong with it, and the remedy.
std::variant<FailOn, std::string> parse_fail_on(std::string_view text);

}  // namespace cacherace::reports
