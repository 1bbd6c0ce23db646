#include "verify/commit_order.hpp"

#include <algorithm>

namespace cacherace::verify {

void CommitOrder::build(const KeyView& view) {
  commits_.clear();
  lost_.clear();
  for (Position i = 0; i < view.event_count(); ++i) {
    const Event& event = view.event(i);
    if (event.kind == EventKind::commit) commits_.push_back({event.value, event.at, i});
    if (event.kind == EventKind::rolled_back) roll_back(view, i);
  }
  if (commits_.size() <= small_) return;
  by_value_.clear();
  for (std::size_t i = 0; i < commits_.size(); ++i) {
    by_value_.push_back({commits_[i].value, static_cast<Rank>(i + 1)});
  }
  const auto less = [](const Entry& a, const Entry& b) { return a.value < b.value; };
  if (!std::is_sorted(by_value_.begin(), by_value_.end(), less)) {
    std::sort(by_value_.begin(), by_value_.end(), less);
  }
}

void CommitOrder::roll_back(const KeyView& view, Position failover) {
  while (!commits_.empty() && commits_.back().value != view.event(failover).value) {
    lost_.push_back({commits_.back().value, commits_.back().at, commits_.back().place, failover});
    commits_.pop_back();
  }
}

const CommitOrder::Lost* CommitOrder::lost(Value value) const {
  const auto found =
      std::find_if(lost_.begin(), lost_.end(), [&](const Lost& one) { return one.value == value; });
  return found == lost_.end() ? nullptr : &*found;
}

Rank CommitOrder::standing(Value value, Position at) const {
  const Rank rank = rank_of(value);
  if (rank != uncommitted) return rank == 0 ? 0 : place(rank) + 1;
  const Lost* const once = lost(value);
  return once == nullptr || once->failover < at ? uncommitted : once->commit + 1;
}

Nanos CommitOrder::committed_at(Value value) const {
  const Rank rank = rank_of(value);
  if (rank != uncommitted) return instant(rank);
  const Lost* const once = lost(value);
  return once == nullptr ? never : once->at;
}

bool CommitOrder::committed_by(Value value, Position at) const {
  const Rank rank = rank_of(value);
  if (rank != uncommitted) return rank == 0 || place(rank) < at;
  const Lost* const once = lost(value);
  return once != nullptr && once->commit < at;
}

Rank CommitOrder::rank_of(Value value) const {
  if (value == initial_value) return 0;
  if (commits_.size() <= small_) {
    for (std::size_t i = 0; i < commits_.size(); ++i) {
      if (commits_[i].value == value) return static_cast<Rank>(i + 1);
    }
    return uncommitted;
  }
  const auto at = std::lower_bound(by_value_.begin(), by_value_.end(), value,
                                   [](const Entry& entry, Value wanted) { return entry.value < wanted; });
  return at != by_value_.end() && at->value == value ? at->rank : uncommitted;
}

Rank CommitOrder::committed_before(Nanos at) const {
  const auto first = std::lower_bound(commits_.begin(), commits_.end(), at,
                                      [](const Commit& commit, Nanos bound) { return commit.at < bound; });
  return static_cast<Rank>(first - commits_.begin());
}

}  // namespace cacherace::verify
