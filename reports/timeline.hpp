// Operations as bars over a line of time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cacherace::reports {

struct Bar {
  std::string label;
  std::int64_t start = 0;  // ns
  std::int64_t end = 0;    // ns; INT64_MAX: without an end
  bool marked = false;     // with ✗ in front
};

// What the instants of bars are: times in ns, or places in a log, which are told as such.
enum class Scale : std::uint8_t { time, place };

// One line for each bar. Instants stand in their order at equal distances, so that what came before what can
// be seen however far apart it was; equal instants share a column. Behind the bars stand the times, in a unit
// that suits the greatest of them.
std::string timeline(const std::vector<Bar>& bars, Scale scale = Scale::time);

}  // namespace cacherace::reports
