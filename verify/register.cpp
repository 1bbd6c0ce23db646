#include "verify/register.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::verify {

bool RegisterCheck::by_source(const TightEdge& a, const TightEdge& b) {
  return std::pair(a.from_zone, a.to_zone) < std::pair(b.from_zone, b.to_zone);
}

bool RegisterCheck::linearizable(const OperationsView& view, const ClientChains& chains) {
  conflict_ = Conflict::none;
  return build(view) && zones_agree() && (!chains.any_seam() || seams_agree(view, chains));
}

bool RegisterCheck::build(const OperationsView& view) {
  const Zones::Fault fault = zones_.build(view);
  repeated_ = fault == Zones::Fault::repeated;
  if (fault == Zones::Fault::none) return true;
  if (repeated_) return false;
  const Position read = zones_.faulty();
  if (fault == Zones::Fault::unwritten) return disagree(Conflict::unwritten, read, read);
  return disagree(Conflict::early_read, read, zones_[zones_.find(view.read_value(read))].write);
}

bool RegisterCheck::zones_agree() {
  if (zones_.size() <= small_) return every_pair_agrees();
  order_by_sums(zones_, by_sum_);
  // The initial value returned before everything, so it has no sum: it disagrees with any value that returned
  // before a read of it was invoked.
  for (ZoneIndex z = 1; z < zones_.size() && zones_[0].last_invocation != before_all; ++z) {
    if (zones_[z].first_return < zones_[0].last_invocation) return disagree(Conflict::pair, 0, z);
  }
  Nanos greatest = before_all;
  ZoneIndex holder = 0;
  for (const ZoneIndex z : by_sum_) {
    const Zone& zone = zones_[z];
    if (greatest > zone.first_return) return disagree(Conflict::pair, holder, z);
    if (zone.last_invocation > greatest) {
      greatest = zone.last_invocation;
      holder = z;
    }
  }
  return true;
}

void RegisterCheck::complete(const OperationsView& view) {
  if (faulty()) {
    zones_.build_by_times(view, true);
    order_by_sums(zones_, by_sum_);
  }
}

bool RegisterCheck::every_pair_agrees() {
  // A dropped write returns never, so it is below no invocation and disagrees with nothing.
  for (ZoneIndex v = 1; v < zones_.size(); ++v) {
    const Zone& b = zones_[v];
    for (ZoneIndex u = 0; u < v; ++u) {
      const Zone& a = zones_[u];
      if (a.first_return < b.last_invocation && b.first_return < a.last_invocation) {
        return disagree(Conflict::pair, u, v);
      }
    }
  }
  return true;
}

bool RegisterCheck::seams_agree(const OperationsView& view, const ClientChains& chains) {
  tight_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const ZoneIndex v = zones_.of(i);
    if (v == no_zone) continue;
    const Position p = seam_before(view, chains, i);
    if (p == nowhere || zones_.of(p) == v) continue;
    const ZoneIndex u = zones_.of(p);
    if (zones_[u].first_return < zones_[v].last_invocation) continue;  // an edge by time
    if (zones_[v].first_return < zones_[u].last_invocation) return disagree(Conflict::seam, p, i);
    if (zones_[v].first_return == zones_[u].last_invocation) tight_.push_back({u, v, p, i});
  }
  return !ring_of_tight_edges() || disagree(Conflict::ring, 0, 0);
}

// The last operation that the client of `at` had ended at the very instant at which `at` begins, of those
// that say something. (One that is not looked at as returned is still before it, if it took effect at all.)
Position RegisterCheck::seam_before(const OperationsView& view, const ClientChains& chains,
                                    Position at) const {
  const Nanos instant = view.start(at);
  for (Position p = chains.previous(at); p != nowhere && view.end(p) == instant; p = chains.previous(p)) {
    if (const ZoneIndex z = zones_.of(p); z != no_zone && zones_[z].first_return != never) return p;
    if (view.start(p) != instant) break;
  }
  return nowhere;
}

// Peels off values without incoming edges (Kahn, "Topological sorting of large networks", 1962); what cannot
// be peeled holds a cycle. Leaves in incoming_ the number of unpeeled edges into each value.
bool RegisterCheck::ring_of_tight_edges() {
  if (tight_.size() < 2) return false;
  std::sort(tight_.begin(), tight_.end(), by_source);
  incoming_.assign(zones_.size(), 0);
  for (const TightEdge& edge : tight_) ++incoming_[edge.to_zone];
  peeled_.clear();
  for (ZoneIndex z = 0; z < zones_.size(); ++z) {
    if (incoming_[z] == 0) peeled_.push_back(z);
  }
  std::size_t left = tight_.size();
  for (std::size_t i = 0; i < peeled_.size(); ++i) {
    const ZoneIndex zone = peeled_[i];
    auto edge = std::lower_bound(tight_.begin(), tight_.end(), TightEdge{zone, 0, 0, 0}, by_source);
    for (; edge != tight_.end() && edge->from_zone == zone; ++edge) {
      --left;
      if (--incoming_[edge->to_zone] == 0) peeled_.push_back(edge->to_zone);
    }
  }
  return left > 0;
}

bool RegisterCheck::disagree(Conflict conflict, std::uint32_t first, std::uint32_t second) {
  conflict_ = conflict;
  first_ = first;
  second_ = second;
  return false;
}

void RegisterCheck::conflict(const OperationsView& view, std::vector<Position>& operations) {
  operations.clear();
  switch (conflict_) {
    case Conflict::none:
      return;
    case Conflict::unwritten:
      operations.push_back(first_);
      break;
    case Conflict::early_read:
      operations.insert(operations.end(), {first_, second_});
      break;
    case Conflict::pair:
      add_strict(view, first_, second_, operations);
      add_strict(view, second_, first_, operations);
      break;
    case Conflict::seam:
      operations.insert(operations.end(), {first_, second_});
      add_strict(view, zones_.of(second_), zones_.of(first_), operations);
      break;
    case Conflict::ring:
      add_ring(operations);
      break;
  }
  std::sort(operations.begin(), operations.end());
  operations.erase(std::unique(operations.begin(), operations.end()), operations.end());
}

// The two writes, what returned first of `from` and what was invoked last of `to`: the write itself where it
// will do, as it is needed anyway.
void RegisterCheck::add_strict(const OperationsView& view, ZoneIndex from, ZoneIndex to,
                               std::vector<Position>& out) const {
  for (const ZoneIndex z : {from, to}) {
    if (z != 0) out.push_back(zones_[z].write);
  }
  const auto returns_first = [&](Position at) {
    return zones_.of(at) == from && view.returned(at) && view.end(at) == zones_[from].first_return;
  };
  const auto invoked_last = [&](Position at) {
    return zones_.of(at) == to && view.start(at) == zones_[to].last_invocation;
  };
  const auto add_first = [&](ZoneIndex zone, const auto& wanted) {
    if (zone != 0 && wanted(zones_[zone].write)) return;
    for (Position i = 0; i < view.operation_count(); ++i) {
      if (wanted(i)) {
        out.push_back(i);
        return;
      }
    }
  };
  if (from != 0) add_first(from, returns_first);
  add_first(to, invoked_last);
}

// Two values in a ring are preferred, as they need the fewest operations; otherwise any ring, found by
// walking backwards among the values that could not be peeled off.
void RegisterCheck::add_ring(std::vector<Position>& out) {
  const auto add = [&](const TightEdge& edge) {
    out.insert(out.end(), {edge.from, edge.to});
    for (const ZoneIndex z : {edge.from_zone, edge.to_zone}) {
      if (z != 0) out.push_back(zones_[z].write);
    }
  };
  for (const TightEdge& edge : tight_) {
    const auto back = std::lower_bound(tight_.begin(), tight_.end(),
                                       TightEdge{edge.to_zone, edge.from_zone, 0, 0}, by_source);
    if (back == tight_.end() || by_source(TightEdge{edge.to_zone, edge.from_zone, 0, 0}, *back)) continue;
    add(edge);
    add(*back);
    return;
  }
  const auto stuck = std::find_if(incoming_.begin(), incoming_.end(), [](std::uint32_t n) { return n > 0; });
  auto zone = static_cast<std::uint32_t>(stuck - incoming_.begin());
  std::vector<const TightEdge*> walked;
  while (true) {
    const auto seen = std::find_if(walked.begin(), walked.end(),
                                   [&](const TightEdge* edge) { return edge->to_zone == zone; });
    if (seen != walked.end()) {
      for (auto edge = seen; edge != walked.end(); ++edge) add(**edge);
      return;
    }
    const auto into = std::find_if(tight_.begin(), tight_.end(), [&](const TightEdge& edge) {
      return edge.to_zone == zone && incoming_[edge.from_zone] > 0;
    });
    walked.push_back(&*into);
    zone = into->from_zone;
  }
}

}  // namespace cacherace::verify
