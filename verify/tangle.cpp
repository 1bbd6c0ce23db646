#include "verify/tangle.hpp"

#include <algorithm>

#include "verify/blocks.hpp"

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
  for_each_block(zones, by_sum, seams, least_, [&](std::size_t begin, std::size_t end, bool with_initial) {
    if (end - begin + (with_initial ? 1 : 0) < 2) return;
    for (std::size_t in = begin; in < end; ++in) tangled_[by_sum[in]] = 1;
    if (with_initial) tangled_[0] = 1;
  });
}

// Also values that were read as soon as they were written: at one instant, program order makes that early.
void Tangle::mark_early(const Zones& zones) {
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return <= zones[z].invoked) tangled_[z] = 1;
  }
}

}  // namespace cacherace::verify
