#include "verify/register.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::verify {

bool RegisterCheck::linearizable(const KeyView& view, const ClientChains& chains) {
  conflict_ = Conflict::none;
  collect_writes(view);
  return add_reads(view) && zones_agree() && (!chains.any_seam() || seams_agree(view, chains));
}

void RegisterCheck::collect_writes(const KeyView& view) {
  const Position count = view.operation_count();
  zones_.clear();
  zones_.push_back({initial_value, nowhere, before_all, before_all, before_all});
  zone_of_.resize(count);
  bool ascending = true;
  for (Position i = 0; i < count; ++i) {
    const Operation& operation = view.operation(i);
    zone_of_[i] = nowhere;
    if (operation.kind != OperationKind::write || operation.outcome == Outcome::fail) continue;
    ascending = ascending && operation.value > zones_.back().value;
    zone_of_[i] = static_cast<std::uint32_t>(zones_.size());
    const Nanos end = operation.outcome == Outcome::ok ? operation.end : never;
    zones_.push_back({operation.value, i, operation.start, end, operation.start});
  }
  if (ascending) return;
  std::sort(zones_.begin() + 1, zones_.end(), [](const Zone& a, const Zone& b) { return a.value < b.value; });
  for (std::uint32_t z = 1; z < zones_.size(); ++z) zone_of_[zones_[z].write] = z;
}

bool RegisterCheck::add_reads(const KeyView& view) {
  const Position count = view.operation_count();
  for (Position i = 0; i < count; ++i) {
    const Operation& read = view.operation(i);
    if (!is_ok_read(read)) continue;
    const std::uint32_t found = find(read.value);
    if (found == nowhere) return disagree(Conflict::unwritten, i, i);
    Zone& zone = zones_[found];
    if (read.end <= zone.invoked) {
      const bool before =
          read.end < zone.invoked || (i < zone.write && read.client == view.operation(zone.write).client);
      if (before) return disagree(Conflict::early_read, i, zone.write);
    }
    zone.first_return = std::min(zone.first_return, read.end);
    zone.last_invocation = std::max(zone.last_invocation, read.start);
    zone_of_[i] = found;
  }
  return true;
}

std::uint32_t RegisterCheck::find(Value value) const {
  if (zones_.size() <= small_) {
    for (std::uint32_t z = 0; z < zones_.size(); ++z) {
      if (zones_[z].value == value) return z;
    }
    return nowhere;
  }
  const auto at = std::lower_bound(zones_.begin(), zones_.end(), value,
                                   [](const Zone& zone, Value wanted) { return zone.value < wanted; });
  if (at == zones_.end() || at->value != value) return nowhere;
  return static_cast<std::uint32_t>(at - zones_.begin());
}

bool RegisterCheck::zones_agree() {
  if (zones_.size() <= small_) return every_pair_agrees();
  // The initial value returned before everything, so it has no sum: it disagrees with any value that returned
  // before a read of it was invoked.
  sums_.clear();
  for (std::uint32_t z = 1; z < zones_.size(); ++z) {
    const Zone& zone = zones_[z];
    if (zone.first_return == never) continue;
    if (zone.first_return < zones_[0].last_invocation) return disagree(Conflict::pair, 0, z);
    sums_.push_back({zone.first_return + zone.last_invocation, z});
  }
  sort_sums();
  Nanos greatest = before_all;
  std::uint32_t holder = 0;
  for (const Sum& sum : sums_) {
    const Zone& zone = zones_[sum.zone];
    if (greatest > zone.first_return) return disagree(Conflict::pair, holder, sum.zone);
    if (zone.last_invocation > greatest) {
      greatest = zone.last_invocation;
      holder = sum.zone;
    }
  }
  return true;
}

bool RegisterCheck::every_pair_agrees() {
  // A dropped write returns never, so it is below no invocation and disagrees with nothing.
  for (std::uint32_t v = 1; v < zones_.size(); ++v) {
    const Zone& b = zones_[v];
    for (std::uint32_t u = 0; u < v; ++u) {
      const Zone& a = zones_[u];
      if (a.first_return < b.last_invocation && b.first_return < a.last_invocation) {
        return disagree(Conflict::pair, u, v);
      }
    }
  }
  return true;
}

// Histories come in the order of invocation, so the sums are nearly sorted: insertion is linear on them. A
// budget of moves keeps the worst case at that of std::sort.
void RegisterCheck::sort_sums() {
  const auto less = [](const Sum& a, const Sum& b) { return a.sum < b.sum; };
  std::size_t budget = 8 * sums_.size();
  for (std::size_t i = 1; i < sums_.size(); ++i) {
    const Sum moving = sums_[i];
    std::size_t j = i;
    for (; j > 0 && less(moving, sums_[j - 1]); --j) sums_[j] = sums_[j - 1];
    sums_[j] = moving;
    if (i - j > budget) {
      std::sort(sums_.begin(), sums_.end(), less);
      return;
    }
    budget -= i - j;
  }
}

bool RegisterCheck::seams_agree(const KeyView& view, const ClientChains& chains) {
  tight_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Position p = chains.previous(i);
    if (p == nowhere || view.operation(p).end != view.operation(i).start) continue;
    const std::uint32_t u = zone_of_[p];
    const std::uint32_t v = zone_of_[i];
    if (u == v || u == nowhere || v == nowhere) continue;
    if (zones_[u].first_return < zones_[v].last_invocation) continue;  // an edge by time
    if (zones_[v].first_return < zones_[u].last_invocation) return disagree(Conflict::seam, p, i);
    if (zones_[v].first_return == zones_[u].last_invocation) tight_.push_back({u, v, p, i});
  }
  return !ring_of_tight_edges() || disagree(Conflict::ring, 0, 0);
}

// Peels off values without incoming edges (Kahn, "Topological sorting of large networks", 1962); what cannot
// be peeled holds a cycle. Leaves in incoming_ the number of unpeeled edges into each value.
bool RegisterCheck::ring_of_tight_edges() {
  if (tight_.size() < 2) return false;
  const auto by_source = [](const TightEdge& a, const TightEdge& b) {
    return std::pair(a.from_zone, a.to_zone) < std::pair(b.from_zone, b.to_zone);
  };
  std::sort(tight_.begin(), tight_.end(), by_source);
  incoming_.assign(zones_.size(), 0);
  for (const TightEdge& edge : tight_) ++incoming_[edge.to_zone];
  peeled_.clear();
  for (std::uint32_t z = 0; z < zones_.size(); ++z) {
    if (incoming_[z] == 0) peeled_.push_back(z);
  }
  std::size_t left = tight_.size();
  for (std::size_t i = 0; i < peeled_.size(); ++i) {
    const std::uint32_t zone = peeled_[i];
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

void RegisterCheck::conflict(const KeyView& view, std::vector<Position>& operations) {
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
      add_strict(view, zone_of_[second_], zone_of_[first_], operations);
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
void RegisterCheck::add_strict(const KeyView& view, std::uint32_t from, std::uint32_t to,
                               std::vector<Position>& out) const {
  for (const std::uint32_t z : {from, to}) {
    if (z != 0) out.push_back(zones_[z].write);
  }
  const auto is_ok = [&](Position at) { return view.operation(at).outcome == Outcome::ok; };
  const auto returns_first = [&](Position at) {
    return zone_of_[at] == from && is_ok(at) && view.operation(at).end == zones_[from].first_return;
  };
  const auto invoked_last = [&](Position at) {
    return zone_of_[at] == to && view.operation(at).start == zones_[to].last_invocation;
  };
  const auto add_first = [&](std::uint32_t zone, const auto& wanted) {
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
    for (const std::uint32_t z : {edge.from_zone, edge.to_zone}) {
      if (z != 0) out.push_back(zones_[z].write);
    }
  };
  for (const TightEdge& edge : tight_) {
    const auto back = std::find_if(tight_.begin(), tight_.end(), [&](const TightEdge& other) {
      return other.from_zone == edge.to_zone && other.to_zone == edge.from_zone;
    });
    if (back == tight_.end()) continue;
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
