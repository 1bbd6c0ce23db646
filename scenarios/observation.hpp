// Turns the facts of a run into what verify/ judges.
#pragma once

#include <cstdint>
#include <vector>

#include "models/record.hpp"
#include "scenarios/scenario.hpp"
#include "sim/world.hpp"
#include "verify/execution.hpp"

namespace cacherace::scenarios {

// Counts that need no judge.
struct Traffic {
  std::uint64_t hits = 0;  // each read's first GET
  std::uint64_t misses = 0;
  std::uint64_t database_reads = 0;
  std::uint64_t database_writes = 0;
  std::uint64_t most_in_window = 0;    // SELECTs that took effect within one `load_window` of the run
  std::uint64_t concurrent_loads = 0;  // the most SELECTs of one key under way; who ran the run knows it
};

// What the busiest time is looked for by: the most SELECTs within any such span, its end excluded. The window
// of a shorter run is the run.
inline constexpr std::int64_t load_window_ns = 100'000'000;

class Observer {
 public:
  explicit Observer(const models::Setup& setup);

  // The execution behind `records`; kept buffers, valid until the next call.
  const verify::Execution& observe(const std::vector<models::Record>& records, const sim::RunEnd& end);

  // Of the run observed last.
  [[nodiscard]] const Traffic& traffic() const { return traffic_; }

 private:
  void see(const models::Record& record);
  void count_look_up(const models::Record& record, bool hit);
  void count_select(std::int64_t at_ns);

  verify::Execution execution_;
  bool initial_expiries_differ_ = false;  // from run to run: the records say them
  Traffic traffic_;
  std::vector<bool> looked_up_;        // by operation: its first GET was seen
  std::vector<std::int64_t> selects_;  // when each took effect
  std::size_t window_begin_ = 0;       // the first of them that is within the window that ends now
};

}  // namespace cacherace::scenarios
