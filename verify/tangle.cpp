#include "verify/tangle.hpp"

#include <algorithm>

namespace cacherace::verify {

OperationsView Tangle::cut_out(const OperationsView& view, RegisterCheck& check, bool seams) {
  if (check.zones().size() <= small_) return view;
  check.complete(view);
  const Zones& zones = check.zones();
  tangled_.assign(zones.size(), 0);
  std::fill_n(tangled_.begin(), std::min(zones.all().size(), small_ + 1), std::uint8_t{1});
  mark_blocks(zones, check.by_sum(), seams);
  if (check.faulty()) mark_early(zones);
  kept_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const ZoneIndex zone = zones.of(i);
    const bool kept = zone != no_zone ? tangled_[zone] != 0
                                      : view.tells(i) || view.operation(i).kind == OperationKind::write;
    if (kept) kept_.push_back(view.operation_indices[i]);
  }
  if (2 * kept_.size() > view.operation_indices.size()) return view;
  OperationsView part = view;
  part.operation_indices = kept_;
  return part;
}

void Tangle::mark_blocks(const Zones& zones, const std::vector<ZoneIndex>& by_sum, bool seams) {
  least_.resize(by_sum.size() + 1);
  least_.back() = never;
  for (std::size_t place = by_sum.size(); place-- > 0;) {
    least_[place] = std::min(least_[place + 1], zones[by_sum[place]].first_return);
  }
  // The initial value returned before everything and stands first.
  Nanos greatest = zones[0].last_invocation;
  std::size_t begin = 0;
  std::size_t size = 1;
  for (std::size_t place = 0; place <= by_sum.size(); ++place, ++size) {
    const bool cut = seams ? greatest < least_[place] : greatest <= least_[place];
    if (cut) {
      for (std::size_t in = begin; size > 1 && in < place; ++in) tangled_[by_sum[in]] = 1;
      if (size > place - begin && size > 1) tangled_[0] = 1;
      begin = place;
      size = 0;
    }
    if (place < by_sum.size()) greatest = std::max(greatest, zones[by_sum[place]].last_invocation);
  }
}

// Also values that were read as soon as they were written: at one instant, program order makes that early.
void Tangle::mark_early(const Zones& zones) {
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return <= zones[z].invoked) tangled_[z] = 1;
  }
}

}  // namespace cacherace::verify
