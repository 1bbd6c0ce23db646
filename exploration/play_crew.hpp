// Many played runs on many threads, for a search whose result does not depend on how many.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <tuple>
#include <vector>

#include "exploration/played_runs.hpp"
#include "scenarios/crew.hpp"
#include "sim/time.hpp"

namespace cacherace::exploration {

// Plays runs at these values; called on the thread that will play them.
using MakeRuns = std::function<std::unique_ptr<PlayedRuns>(const std::vector<sim::Duration>& values)>;

// Whether to end here; called now and then, on the thread that began.
using StopNow = std::function<bool()>;

struct PlayCrew {
  MakeRuns make;
  unsigned jobs = 1;
  StopNow stop;

  // `begin(runs, stop)` on each thread gives what is called there for each place below `count`; what it does
  // must depend on the place alone. `stop`, of which it may ask at length: it is to end soon. False: it was
  // stopped, and some places were left out.
  template <class Begin>
  bool play(const std::vector<sim::Duration>& values, std::size_t count, const Begin& begin) const {
    std::atomic<bool> stopped = false;
    scenarios::RunSource source(0, count, jobs, &stopped);
    scenarios::Crew crew;
    crew.start(static_cast<unsigned>(std::min<std::size_t>(jobs, count)), [&](unsigned) {
      const auto runs = make(values);
      auto act = begin(*runs, stopped);
      for (auto [from, to] = source.take(); from < to; std::tie(from, to) = source.take()) {
        for (; from < to && !stopped; ++from) act(static_cast<std::size_t>(from));
      }
    });
    crew.wait([&] {
      if (stop()) stopped = true;
    });
    return !stopped && !stop();
  }
};

}  // namespace cacherace::exploration
