#include "verify/versions_behind.hpp"

#include <algorithm>
#include <utility>

#include "verify/limited_backtracking.hpp"
#include "verify/nearly_sorted.hpp"
#include "verify/search_near.hpp"

namespace cacherace::verify {
namespace {

// Measures orders of the writes.
class Orders {
 public:
  Orders(const OperationsView& view, const ClientChains& chains, const Zones& zones)
      : view_(view), chains_(chains), zones_(zones) {
    for (ZoneIndex z = 1; z < zones.size(); ++z) {
      if (zones[z].first_return != never) by_return_.push_back(z);
    }
    written_ = by_return_;
    sort_nearly_sorted(by_return_, [&zones](ZoneIndex a, ZoneIndex b) {
      return std::pair(zones[a].first_return, a) < std::pair(zones[b].first_return, b);
    });
  }

  template <typename Key>
  void try_sorted_by(Key key) {
    std::vector<ZoneIndex> order = written_;
    sort_nearly_sorted(order, [&](ZoneIndex a, ZoneIndex b) {
      return std::pair(key(zones_[a]), a) < std::pair(key(zones_[b]), b);
    });
    try_order(order);
  }

  // `order` must keep writes that do not overlap in time.
  void try_order(const std::vector<ZoneIndex>& order) {
    place_.assign(zones_.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) place_[order[i]] = static_cast<std::uint32_t>(i + 1);
    std::uint32_t behind = 0;
    if (!by_seams(behind)) return;
    behind = std::max(behind, by_time());
    if (!best_ || behind + 1 < *best_) best_ = behind + 1;
  }

  [[nodiscard]] std::optional<std::uint32_t> best() const { return best_; }

 private:
  // How many writes stand between a value and the last write that must come before a read of it, at most.
  std::uint32_t by_time() {
    latest_.clear();
    std::uint32_t latest = 0;
    for (const ZoneIndex z : by_return_) latest_.push_back(latest = std::max(latest, place_[z]));
    std::uint32_t behind = 0;
    std::size_t count = 0;
    for (ZoneIndex z = 0; z < zones_.size(); ++z) {
      if (z != 0 && zones_[z].first_return == never) continue;
      count = count_near(by_return_.size(), count, [&](std::size_t place) {
        return zones_[by_return_[place]].first_return < zones_[z].last_invocation;
      });
      if (count > 0 && latest_[count - 1] > place_[z])
        behind = std::max(behind, latest_[count - 1] - place_[z]);
    }
    return behind;
  }

  // The same where program order, not time, puts the write before the read. False if it puts a write before
  // one that stands before it.
  bool by_seams(std::uint32_t& behind) {
    if (!chains_.any_seam()) return true;
    seam_.assign(view_.operation_count(), 0);
    for (Position i = 0; i < view_.operation_count(); ++i) {
      const Position p = chains_.previous(i);
      if (p == nowhere || view_.end(p) != view_.start(i)) continue;
      if (zones_.of(p) != no_zone) seam_[i] = place_[zones_.of(p)];
      if (view_.start(p) == view_.end(p)) seam_[i] = std::max(seam_[i], seam_[p]);
      const ZoneIndex zone = zones_.of(i);
      if (zone == no_zone || zones_[zone].first_return == never || seam_[i] <= place_[zone]) continue;
      if (view_.operation(i).kind == OperationKind::write) return false;
      behind = std::max(behind, seam_[i] - place_[zone]);
    }
    return true;
  }

  const OperationsView& view_;
  const ClientChains& chains_;
  const Zones& zones_;
  std::vector<ZoneIndex> written_;
  std::vector<ZoneIndex> by_return_;
  std::vector<std::uint32_t> place_;   // by zone; the initial value's is 0
  std::vector<std::uint32_t> latest_;  // by count of by_return_
  std::vector<std::uint32_t> seam_;    // by position: the latest place that program order puts before it
  std::optional<std::uint32_t> best_;
};

}  // namespace

VersionsBehind versions_behind(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                               std::uint32_t greatest_lag) {
  Orders orders(view, chains, zones);
  VersionsBehind result{std::max(2U, greatest_lag + 1), std::nullopt};
  const auto found = [&] { return orders.best() == result.low; };
  orders.try_sorted_by([](const Zone& zone) { return zone.first_return; });
  if (!found()) orders.try_sorted_by([](const Zone& zone) { return zone.invoked; });
  if (!found()) orders.try_sorted_by([](const Zone& zone) { return zone.invoked + zone.first_return; });
  if (!found() && result.low == 2) {
    std::vector<ZoneIndex> order;
    const std::optional<bool> two = LimitedBacktracking(zones).two_atomic(order);
    if (two == false) result.low = 3;
    if (two == true) orders.try_order(order);
  }
  result.high = orders.best();
  return result;
}

}  // namespace cacherace::verify
