// What time says of each value of one key whose written values are unique: the zones of Gibbons and Korach
// ("Testing shared memories", SIAM J. Comput. 26(4), 1997), as Golab, Li and Shah named them ("Analyzing
// consistency properties for fun and profit", PODC 2011).
//
// Normalised: reads that are not ok are dropped, and so are failed writes and unknown writes that nobody
// read; the value of a failed write stays one that nobody wrote. An unknown write that was read returns at
// +inf, so it orders nothing by its own return. The initial value is a write before everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

inline constexpr Nanos before_all = std::numeric_limits<Nanos>::min();

// The operations of one value.
struct Zone {
  Value value;
  Position write;
  Nanos invoked;          // of the write
  Nanos first_return;     // f, over the write and its reads; `never` marks an unknown write that nobody read
  Nanos last_invocation;  // s, over the write and its reads
};

using ZoneIndex = std::uint32_t;
inline constexpr ZoneIndex no_zone = std::numeric_limits<ZoneIndex>::max();

class Zones {
 public:
  explicit Zones(std::size_t small = small_size) : small_(small) {}

  // Room for the zones of so many writes, where they are known, spares build() counting them.
  void expect(std::size_t writes);

  enum class Fault : std::uint8_t { none, repeated, unwritten, early_read };

  // O(n). Stops at the first read that cannot be of its zone; where a value is repeated (written twice, or
  // the initial one written) nothing here means anything.
  Fault build(const OperationsView& view);
  // By times alone, and going on at reads that cannot be of their zones: those of a value that nobody wrote
  // are left out, those that returned before the write of their value was invoked are left out or kept.
  void build_by_times(const OperationsView& view, bool keep_early);

  // The initial value's zone stands first, the others in the order of invocation of their writes.
  [[nodiscard]] const std::vector<Zone>& all() const { return zones_; }
  [[nodiscard]] const Zone& operator[](ZoneIndex zone) const { return zones_[zone]; }
  [[nodiscard]] ZoneIndex size() const { return static_cast<ZoneIndex>(zones_.size()); }
  [[nodiscard]] ZoneIndex of(Position at) const { return zone_of_[at]; }  // no_zone if dropped
  [[nodiscard]] ZoneIndex find(Value value) const;
  // The read at which build() stopped.
  [[nodiscard]] Position faulty() const { return faulty_; }

 private:
  bool collect_writes(const OperationsView& view);
  void make_room(const OperationsView& view, Position from);
  bool make_table();
  bool enter(ZoneIndex zone);
  [[nodiscard]] std::size_t slot_of(Value value) const;
  [[nodiscard]] bool is_early(const OperationsView& view, Position read, ZoneIndex zone) const;
  void add_read(const OperationsView& view, Position at, ZoneIndex zone);

  std::size_t small_;
  std::vector<Zone> zones_;
  std::vector<ZoneIndex> zone_of_;  // by position
  // Where each written value is the one before it plus 1, it is its own place.
  bool contiguous_ = false;
  // Else open addressing; empty where there are few writes. Values that lie close together are their own
  // slots.
  std::vector<ZoneIndex> table_;
  Value least_ = 0;
  int shift_ = 0;  // of the multiplicative hash; 0 where values are their own slots
  Position faulty_ = nowhere;
};

// Puts the values that somebody wrote, without the initial one, in the order of f + s; where sums are equal,
// by zone. O(n) where they come nearly so, as they do from a long history.
void order_by_sums(const Zones& zones, std::vector<ZoneIndex>& by_sum);

}  // namespace cacherace::verify
