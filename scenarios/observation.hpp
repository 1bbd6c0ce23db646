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
};

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

  verify::Execution execution_;
  Traffic traffic_;
  std::vector<bool> looked_up_;  // by operation: its first GET was seen
};

}  // namespace cacherace::scenarios
