#include "verify/versions_behind.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "verify/blocks.hpp"
#include "verify/limited_backtracking.hpp"
#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {
namespace {

// Measures orders of the writes: blocks (blocks.hpp) one after the other, and in each of them some order.
class Orders {
 public:
  // `low`: what no order is better than.
  Orders(const OperationsView& view, const ClientChains& chains, const Zones& zones, std::uint32_t low)
      : view_(view), chains_(chains), zones_(zones), low_(low) {
    order_by_sums(zones, by_sum_);
    for_each_block(zones, by_sum_, chains.any_seam(), least_return_,
                   [this](std::size_t, std::size_t end, bool) { ends_.push_back(end); });
  }

  template <typename Key>
  void try_by(Key key) {
    std::vector<ZoneIndex> order = by_sum_;
    std::size_t begin = 0;
    for (const std::size_t end : ends_) {
      sort_nearly_sorted(std::span(order).subspan(begin, end - begin), [&](ZoneIndex a, ZoneIndex b) {
        return std::pair(key(zones_[a]), a) < std::pair(key(zones_[b]), b);
      });
      begin = end;
    }
    try_order(order);
  }

  // `order` must keep writes that do not overlap in time.
  void try_order(const std::vector<ZoneIndex>& order) {
    std::uint32_t behind = low_ - 1;
    if (!by_seams(order, behind)) return;
    behind = by_time(order, behind);
    if (!best_ || behind + 1 < *best_) best_ = behind + 1;
  }

  [[nodiscard]] std::optional<std::uint32_t> best() const { return best_; }

 private:
  // How many writes stand between a value and the last write that must come before a read of it, at most; at
  // least `behind`. One that stands more than that behind the value had returned before the read was invoked
  // iff the least return from there on is before it.
  std::uint32_t by_time(const std::vector<ZoneIndex>& order, std::uint32_t behind) {
    least_return_.resize(order.size() + 1);
    least_return_.back() = never;
    for (std::size_t place = order.size(); place-- > 0;) {
      least_return_[place] = std::min(least_return_[place + 1], zones_[order[place]].first_return);
    }
    const auto raise = [&](std::size_t next, Nanos read) {
      while (next + behind < order.size() && least_return_[next + behind] < read) ++behind;
    };
    raise(0, zones_[0].last_invocation);
    for (std::size_t place = 0; place < order.size(); ++place) {
      raise(place + 1, zones_[order[place]].last_invocation);
    }
    return behind;
  }

  // The same where program order, not time, puts the write before the read. False if it puts a write before
  // one that stands before it.
  bool by_seams(const std::vector<ZoneIndex>& order, std::uint32_t& behind) {
    if (!chains_.any_seam()) return true;
    place_.assign(zones_.size(), 0);
    for (std::size_t i = 0; i < order.size(); ++i) place_[order[i]] = static_cast<std::uint32_t>(i + 1);
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
  std::uint32_t low_;
  std::vector<ZoneIndex> by_sum_;
  std::vector<std::size_t> ends_;     // of the blocks, places in by_sum_
  std::vector<Nanos> least_return_;   // of the writes from a place on
  std::vector<std::uint32_t> place_;  // by zone; the initial value's is 0
  std::vector<std::uint32_t> seam_;   // by position: the latest place that program order puts before it
  std::optional<std::uint32_t> best_;
};

}  // namespace

VersionsBehind versions_behind(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                               const Zones& tangled, std::uint32_t greatest_lag) {
  VersionsBehind result{std::max(2U, greatest_lag + 1), std::nullopt};
  std::vector<ZoneIndex> order;
  const bool part = !chains.any_seam() && tangled.size() < zones.size();
  if (part && result.low == 2) {  // less work than any order of all
    const std::optional<bool> two = LimitedBacktracking(tangled).two_atomic(order);
    if (two == true) return {2, 2};
    if (two == false) result.low = 3;
  }
  Orders orders(view, chains, part ? tangled : zones, result.low);
  const auto found = [&] { return orders.best() == result.low; };
  orders.try_by([](const Zone& zone) { return zone.invoked; });
  if (!found()) orders.try_by([](const Zone& zone) { return zone.first_return; });
  if (!found()) orders.try_by([](const Zone& zone) { return zone.invoked + zone.first_return; });
  if (!found() && !part && result.low == 2) {
    const std::optional<bool> two = LimitedBacktracking(zones).two_atomic(order);
    if (two == false) result.low = 3;
    if (two == true) orders.try_order(order);
  }
  result.high = orders.best();
  return result;
}

}  // namespace cacherace::verify
