#include "verify/commit_order.hpp"

#include <algorithm>

namespace cacherace::verify {

void CommitOrder::build(const KeyView& view) {
  commits_.clear();
  for (Position i = 0; i < view.event_count(); ++i) {
    const Event& event = view.event(i);
    if (event.kind == EventKind::commit) commits_.push_back({event.value, event.at});
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
