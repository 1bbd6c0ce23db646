#include "verify/overwritten.hpp"

#include <algorithm>

#include "verify/nearly_sorted.hpp"
#include "verify/search_near.hpp"

namespace cacherace::verify {

void Overwritten::build(const OperationsView& view, const Zones& zones) {
  by_invocation_.clear();
  for (ZoneIndex z = 1; z < zones.size(); ++z) {
    if (zones[z].first_return != never) by_invocation_.push_back(z);
  }
  sort_nearly_sorted(by_invocation_,
                     [&](ZoneIndex a, ZoneIndex b) { return zones[a].invoked < zones[b].invoked; });
  find_newer(zones);
  note_reads(view, zones);
  take_minima(view, zones);
}

Overwritten::Since Overwritten::since(const OperationsView& view, ZoneIndex zone) const {
  const Firsts& firsts = from_[first_newer_[zone]];
  Since since{never, firsts.write, never, firsts.read};
  if (firsts.write != nowhere) since.write = view.end(firsts.write);
  if (firsts.read != nowhere) since.read = view.end(firsts.read);
  return since;
}

void Overwritten::find_newer(const Zones& zones) {
  first_newer_.resize(zones.size());
  std::size_t newer = 0;
  for (ZoneIndex z = 0; z < zones.size(); ++z) {
    newer = count_near(by_invocation_.size(), newer, [&](std::size_t place) {
      return zones[by_invocation_[place]].invoked <= zones[z].first_return;
    });
    first_newer_[z] = static_cast<std::uint32_t>(newer);
  }
}

void Overwritten::note_reads(const OperationsView& view, const Zones& zones) {
  first_read_.assign(zones.size(), nowhere);
  for (Position i = 0; i < view.operation_count(); ++i) {
    const ZoneIndex zone = zones.of(i);
    if (zone == no_zone || view.operation(i).kind != OperationKind::read) continue;
    Position& first = first_read_[zone];
    if (first == nowhere || view.end(i) < view.end(first)) first = i;
  }
}

void Overwritten::take_minima(const OperationsView& view, const Zones& zones) {
  from_.assign(by_invocation_.size() + 1, {});
  for (std::size_t place = by_invocation_.size(); place-- > 0;) {
    Firsts firsts = from_[place + 1];
    const auto take = [&view](Position at, Position& first) {
      if (at != nowhere && (first == nowhere || view.end(at) < view.end(first))) first = at;
    };
    const Position write = zones[by_invocation_[place]].write;
    if (view.returned(write)) take(write, firsts.write);
    take(first_read_[by_invocation_[place]], firsts.read);
    from_[place] = firsts;
  }
}

void Overwritten::count_lags(const OperationsView& view, const Zones& zones,
                             std::vector<std::uint32_t>& lags) {
  std::vector<Position> reads;
  for (Position i = 0; i < view.operation_count(); ++i) {
    const ZoneIndex zone = zones.of(i);
    if (zone == no_zone || view.operation(i).kind != OperationKind::read) continue;
    if (since(view, zone).any() < view.start(i)) reads.push_back(i);
  }
  lags.assign(view.operation_count(), 0);
  if (reads.empty()) return;
  sort_nearly_sorted(reads, [&](Position a, Position b) { return view.start(a) < view.start(b); });
  std::vector<std::uint32_t> by_return(by_invocation_.size());  // places
  for (std::uint32_t place = 0; place < by_return.size(); ++place) by_return[place] = place;
  const auto there = [&](std::uint32_t place) { return zones[by_invocation_[place]].first_return; };
  sort_nearly_sorted(by_return, [&](std::uint32_t a, std::uint32_t b) { return there(a) < there(b); });
  counts_.assign(by_invocation_.size() + 1, 0);
  std::size_t added = 0;
  for (const Position read : reads) {
    for (; added < by_return.size() && there(by_return[added]) < view.start(read); ++added) {
      add(by_return[added]);
    }
    lags[read] = count_from(first_newer_[zones.of(read)]);
  }
}

void Overwritten::add(std::size_t place) {
  for (std::size_t i = by_invocation_.size() - place; i < counts_.size(); i += i & (~i + 1)) ++counts_[i];
}

std::uint32_t Overwritten::count_from(std::size_t place) const {
  std::uint32_t count = 0;
  for (std::size_t i = by_invocation_.size() - place; i > 0; i -= i & (~i + 1)) count += counts_[i];
  return count;
}

}  // namespace cacherace::verify
