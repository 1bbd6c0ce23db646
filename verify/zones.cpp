#include "verify/zones.hpp"

#include <algorithm>
#include <bit>

#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {

void Zones::expect(std::size_t writes) {
  zones_.clear();
  zones_.reserve(writes + 1);
}

Zones::Fault Zones::build(const OperationsView& view) {
  if (!collect_writes(view)) return Fault::repeated;
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!view.tells(i)) continue;
    faulty_ = i;
    const ZoneIndex zone = find(view.read_value(i));
    if (zone == no_zone) return Fault::unwritten;
    if (is_early(view, i, zone)) return Fault::early_read;
    add_read(view, i, zone);
  }
  return Fault::none;
}

void Zones::build_by_times(const OperationsView& view, bool keep_early) {
  collect_writes(view);
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!view.tells(i)) continue;
    const ZoneIndex zone = find(view.read_value(i));
    if (zone == no_zone) continue;
    if (keep_early || view.end(i) >= zones_[zone].invoked) add_read(view, i, zone);
  }
}

bool Zones::collect_writes(const OperationsView& view) {
  const Position count = view.operation_count();
  zone_of_.assign(count, no_zone);
  zones_.clear();
  if (zones_.capacity() == 0) make_room(view, 0);
  zones_.push_back({view.initial, nowhere, before_all, before_all, before_all});
  contiguous_ = true;
  for (Position i = 0; i < count; ++i) {
    const Operation& operation = view.operation(i);
    if (operation.kind != OperationKind::write || operation.outcome == Outcome::fail) continue;
    if (operation.value == view.initial) return false;
    contiguous_ = contiguous_ && (size() == 1 || operation.value == zones_.back().value + 1);
    zone_of_[i] = size();
    if (zones_.size() == zones_.capacity()) make_room(view, i);
    zones_.push_back(
        {operation.value, i, view.start(i), view.returned(i) ? view.end(i) : never, view.start(i)});
  }
  return contiguous_ || make_table();
}

// For as many as there can still be: growing by less would copy more often, and take more memory.
void Zones::make_room(const OperationsView& view, Position from) {
  std::size_t writes = 0;
  for (Position i = from; i < view.operation_count(); ++i) {
    writes += view.operation(i).kind == OperationKind::write ? 1 : 0;
  }
  zones_.reserve(zones_.size() + writes + 1);
}

// False if a value was written twice.
bool Zones::make_table() {
  table_.clear();
  if (zones_.size() > small_) {
    const std::size_t slots = std::bit_ceil(2 * zones_.size());
    table_.assign(slots, no_zone);
    const auto [least, greatest] = std::minmax_element(
        zones_.begin() + 1, zones_.end(), [](const Zone& a, const Zone& b) { return a.value < b.value; });
    least_ = least->value;
    shift_ = greatest->value - least_ < slots ? 0 : 32 - std::countr_zero(slots);
  }
  for (ZoneIndex zone = 1; zone < size(); ++zone) {
    if (!enter(zone)) return false;
  }
  return true;
}

std::size_t Zones::slot_of(Value value) const {
  constexpr Value golden = 2654435769U;  // 2^32 / the golden ratio
  return shift_ == 0 ? value - least_ : (value * golden) >> shift_;
}

// False if its value has a zone already.
bool Zones::enter(ZoneIndex zone) {
  const Value value = zones_[zone].value;
  if (table_.empty()) {
    return std::none_of(zones_.begin(), zones_.begin() + zone,
                        [value](const Zone& other) { return other.value == value; });
  }
  std::size_t slot = slot_of(value);
  while (table_[slot] != no_zone) {
    if (zones_[table_[slot]].value == value) return false;
    slot = (slot + 1) & (table_.size() - 1);
  }
  table_[slot] = zone;
  return true;
}

ZoneIndex Zones::find(Value value) const {
  if (value == zones_[0].value) return 0;
  if (contiguous_) {
    const Value place = size() > 1 ? value - zones_[1].value : size();  // wraps round below the first
    return place < size() - 1 ? place + 1 : no_zone;
  }
  if (table_.empty()) {
    for (ZoneIndex zone = 1; zone < size(); ++zone) {
      if (zones_[zone].value == value) return zone;
    }
    return no_zone;
  }
  std::size_t slot = slot_of(value);
  if (slot >= table_.size()) return no_zone;  // not close to the others
  while (table_[slot] != no_zone && zones_[table_[slot]].value != value) {
    slot = (slot + 1) & (table_.size() - 1);
  }
  return table_[slot];
}

bool Zones::is_early(const OperationsView& view, Position read, ZoneIndex zone) const {
  const Nanos end = view.end(read);
  if (end != zones_[zone].invoked) return end < zones_[zone].invoked;
  const Position write = zones_[zone].write;  // of the same client: in program order
  return read < write && view.operation(read).client == view.operation(write).client;
}

void Zones::add_read(const OperationsView& view, Position at, ZoneIndex zone) {
  zones_[zone].first_return = std::min(zones_[zone].first_return, view.end(at));
  zones_[zone].last_invocation = std::max(zones_[zone].last_invocation, view.start(at));
  zone_of_[at] = zone;
}

void order_by_sums(const Zones& zones, std::vector<ZoneIndex>& by_sum) {
  by_sum.clear();
  by_sum.reserve(zones.size());
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return != never) by_sum.push_back(z);
  }
  const auto sum = [&zones](ZoneIndex z) { return zones[z].first_return + zones[z].last_invocation; };
  sort_nearly_sorted(by_sum,
                     [&sum](ZoneIndex a, ZoneIndex b) { return sum(a) != sum(b) ? sum(a) < sum(b) : a < b; });
}

}  // namespace cacherace::verify
