#include "verify/limited_backtracking.hpp"

#include <algorithm>
#include <utility>

#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {

template <typename Key>
void LimitedBacktracking::Left::build(std::size_t zones, const std::vector<ZoneIndex>& entries, Key key) {
  std::vector<ZoneIndex> sorted = entries;
  sort_nearly_sorted(sorted,
                     [&](ZoneIndex a, ZoneIndex b) { return std::pair(key(a), a) < std::pair(key(b), b); });
  std::reverse(sorted.begin(), sorted.end());
  next_.assign(zones + 1, 0);
  previous_.assign(zones + 1, 0);
  ZoneIndex last = end();
  for (const ZoneIndex zone : sorted) {
    next_[last] = zone;
    previous_[zone] = last;
    last = zone;
  }
  next_[last] = end();
  previous_[end()] = last;
}

void LimitedBacktracking::Left::take_out(ZoneIndex zone) {
  next_[previous_[zone]] = next_[zone];
  previous_[next_[zone]] = previous_[zone];
}

void LimitedBacktracking::Left::put_back(ZoneIndex zone) {
  next_[previous_[zone]] = zone;
  previous_[next_[zone]] = zone;
}

LimitedBacktracking::LimitedBacktracking(const Zones& zones) : zones_(zones) {
  std::vector<ZoneIndex> entries;
  for (ZoneIndex z = 0; z < zones.size(); ++z) {
    if (zones[z].first_return != never) entries.push_back(z);
  }
  entries_ = entries.size();
  steps_max_ = (std::size_t{1} << 20U) + 64 * entries_;
  by_invocation_.build(zones.size(), entries, [&](ZoneIndex z) { return zones[z].invoked; });
  by_return_.build(zones.size(), entries, [&](ZoneIndex z) { return zones[z].first_return; });
  by_last_.build(zones.size(), entries, [&](ZoneIndex z) { return zones[z].last_invocation; });
}

std::optional<bool> LimitedBacktracking::two_atomic(std::vector<ZoneIndex>& order) {
  while (laid_.size() < entries_) {
    if (!lay_epoch()) return steps_ > steps_max_ ? std::nullopt : std::optional(false);
  }
  order.assign(laid_.rbegin() + 1, laid_.rend());  // without the initial value
  return true;
}

bool LimitedBacktracking::lay_epoch() {
  std::vector<ZoneIndex> candidates;
  for (ZoneIndex z = by_return_.first(); z != end() && can_be_last(z); z = by_return_.after(z)) {
    candidates.push_back(z);
  }
  for (std::size_t depth = 1; !candidates.empty(); depth *= 2) {
    std::vector<ZoneIndex> open;
    for (const ZoneIndex candidate : candidates) {
      const std::size_t laid = laid_.size();
      const Epoch epoch = lay_from(candidate, depth);
      if (epoch == Epoch::done) return true;
      put_back_to(laid);
      if (steps_ > steps_max_) return false;
      if (epoch == Epoch::too_long) open.push_back(candidate);
    }
    candidates.swap(open);
  }
  return false;
}

LimitedBacktracking::Epoch LimitedBacktracking::lay_from(ZoneIndex candidate, std::size_t steps_max) {
  ZoneIndex last = candidate;
  for (std::size_t step = 0; step < steps_max; ++step) {
    ++steps_;
    if (!can_be_last(last)) return Epoch::failed;
    ZoneIndex asked = end();
    const int count = asked_for(last, asked);
    if (count > 1) return Epoch::failed;
    take_out(last);
    if (count == 0) return Epoch::done;
    last = asked;
  }
  return Epoch::too_long;
}

bool LimitedBacktracking::can_be_last(ZoneIndex zone) const {
  ZoneIndex latest = by_invocation_.first();
  if (latest == zone) latest = by_invocation_.after(zone);
  return latest == end() || zones_[zone].first_return >= zones_[latest].invoked;
}

// How many values (2: or more) have reads that must stand behind `last`.
int LimitedBacktracking::asked_for(ZoneIndex last, ZoneIndex& asked) const {
  int count = 0;
  for (ZoneIndex z = by_last_.first(); z != end() && count < 2; z = by_last_.after(z)) {
    if (z == last) continue;
    if (zones_[z].last_invocation <= zones_[last].first_return) break;
    asked = z;
    ++count;
  }
  return count;
}

void LimitedBacktracking::take_out(ZoneIndex zone) {
  for (Left* left : {&by_invocation_, &by_return_, &by_last_}) left->take_out(zone);
  laid_.push_back(zone);
}

void LimitedBacktracking::put_back_to(std::size_t laid) {
  while (laid_.size() > laid) {
    for (Left* left : {&by_invocation_, &by_return_, &by_last_}) left->put_back(laid_.back());
    laid_.pop_back();
  }
}

}  // namespace cacherace::verify
