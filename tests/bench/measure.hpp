// Times two or more ways of doing the same, in turns within one run, and compares their medians.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace cacherace::bench {

// CPU seconds of this thread.
inline double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// The median seconds of each of `ways`, measured in `rounds` turns after one turn to warm up.
inline std::vector<double> medians(const std::vector<std::function<void()>>& ways, int rounds = 9) {
  std::vector<std::vector<double>> seconds(ways.size());
  for (int round = -1; round < rounds; ++round) {
    for (std::size_t way = 0; way < ways.size(); ++way) {
      const double begin = cpu_seconds();
      ways[way]();
      if (round >= 0) seconds[way].push_back(cpu_seconds() - begin);
    }
  }
  std::vector<double> result;
  for (auto& times : seconds) {
    std::ranges::nth_element(times, times.begin() + rounds / 2);
    result.push_back(times[static_cast<std::size_t>(rounds / 2)]);
  }
  return result;
}

}  // namespace cacherace::bench
