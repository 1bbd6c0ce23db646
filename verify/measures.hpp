// What can be said of a register beyond whether it is linearizable: stale reads and inversions, ages, lags,
// windows, distances, versions behind, sessions.
//
// What is before what is taken from the order of the history; ages, distances and windows from its clock,
// where it has one of its own. A history without times has none of these.
#pragma once

#include <cstdint>
#include <vector>

#include "verify/census.hpp"
#include "verify/check.hpp"
#include "verify/faulty_reads.hpp"
#include "verify/overwritten.hpp"
#include "verify/tangle.hpp"

namespace cacherace::verify {

// What is found about one key, to be put together by key.
struct KeyFindings {
  KeyVerdict verdict;
  bool measured = false;
  std::uint64_t reads = 0;
  std::vector<ReadViolation> violations;
  std::vector<CertainlyOld> old_reads;
  std::vector<ValueWindow> windows;
  std::vector<StaleAfter> stale_after;
};

class Measures {
 public:
  explicit Measures(std::size_t small) : timed_zones_(small) {}

  // Adds to `found` what is wrong with a register that is not linearizable, by the part of it that
  // is tangled. Builds the part's zones anew.
  void measure_bad(const History& history, const Part& whole, const Part& part, KeyFindings& found);
  // Adds the rest to `found`, whose verdict is known: a pass over its reads.
  void measure(const History& history, const OperationsView& view, const Census& census, KeyFindings& found);

 private:
  void list_faulty_reads(const OperationsView& view, const Zones& zones, KeyFindings& found);
  void list_old_reads(const OperationsView& view, const Zones& zones, KeyFindings& found);
  void measure_times(const OperationsView& timed, const Zones& zones, const Overwritten& overwritten,
                     KeyFindings& found);

  Zones timed_zones_;
  Overwritten overwritten_, timed_overwritten_;
  FaultyReads faulty_reads_;
  std::vector<std::uint32_t> lags_;
  bool faulty_ = false;
};

}  // namespace cacherace::verify
