// When each value of a key had certainly been overwritten, without a known commit order.
//
// A value u is certainly newer than v if u's write was invoked after v was there: invoked(u) > f(v). It is
// certainly there from f(u) on. So v is certainly overwritten from t*(v) = least f(u) over the certainly
// newer u; a read of v that is invoked later is stale (a newer write had returned), an inversion (a read of a
// newer value had returned), or both. Certain lag: how many certainly newer u have f(u) before the
// invocation.
//
// O(n log n): suffix minima over the writes by invocation; a tree of counts (Fenwick, "A new data structure
// for cumulative frequency tables", 1994) for the lags.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/zones.hpp"

namespace cacherace::verify {

class Overwritten {
 public:
  // What certainly overwrote a value first; `never` and `nowhere` where nothing did.
  struct Since {
    Nanos write = never;          // the first return of a newer write …
    Position by_write = nowhere;  // … and that write
    Nanos read = never;           // the first return of a read of a newer value …
    Position by_read = nowhere;   // … and that read

    [[nodiscard]] Nanos any() const { return std::min(write, read); }  // t*
  };

  // `zones` of `view`, by times, early reads left out.
  void build(const OperationsView& view, const Zones& zones);

  [[nodiscard]] Since since(const OperationsView& view, ZoneIndex zone) const;

  // By position: the certain lag of each read, 0 for everything else. After build().
  void count_lags(const OperationsView& view, const Zones& zones, std::vector<std::uint32_t>& lags);

  // The zones but the initial one and those that nobody wrote or read, by invocation of their writes.
  [[nodiscard]] const std::vector<ZoneIndex>& by_invocation() const { return by_invocation_; }
  // The place in by_invocation() of the first zone that is certainly newer.
  [[nodiscard]] std::size_t first_newer(ZoneIndex zone) const { return first_newer_[zone]; }

 private:
  // The first return of a write and of a read, of the zones from a place on.
  struct Firsts {
    Position write = nowhere;
    Position read = nowhere;
  };

  void find_newer(const Zones& zones);
  void note_reads(const OperationsView& view, const Zones& zones);
  void take_minima(const OperationsView& view, const Zones& zones);
  void add(std::size_t place);
  [[nodiscard]] std::uint32_t count_from(std::size_t place) const;

  std::vector<ZoneIndex> by_invocation_;
  std::vector<std::uint32_t> first_newer_;  // by zone
  std::vector<Position> first_read_;        // by zone: the read that returned first
  std::vector<Firsts> from_;                // by place
  std::vector<std::uint32_t> counts_;       // by place, from the last
};

}  // namespace cacherace::verify
