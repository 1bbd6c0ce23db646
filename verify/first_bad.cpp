#include "verify/first_bad.hpp"

#include <algorithm>

#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {

OperationIndex FirstBad::find(const OperationsView& whole, const OperationsView& view,
                              const ClientChains& chains, RegisterCheck& check) {
  // Bad up to `bad`; what is before `good` in returns_ is good.
  Return bad = last_of_conflict(view, check);
  const auto judge_before = [&](Return left_out) {
    const OperationsView part = limited(view, left_out);
    if (check.linearizable(part, chains)) return true;
    bad = last_of_conflict(part, check);
    return false;
  };
  if (!judge_before(bad)) {
    list_returns(whole, bad);
    std::size_t good = 0;
    std::size_t end = returns_.size();  // bad, if it is not left out
    while (good < end) {
      const std::size_t middle = good + (end - good) / 2;
      if (judge_before(Return{returns_[middle].end, returns_[middle].at + 1})) {
        good = middle + 1;
      } else {
        end = static_cast<std::size_t>(std::lower_bound(returns_.begin(), returns_.end(), bad) -
                                       returns_.begin());
      }
    }
  }
  return bad.at;
}

OperationsView FirstBad::upto(OperationsView view, Position last) {
  return limited(view, {view.end(last), view.operation_indices[last] + 1});
}

OperationsView FirstBad::before(OperationsView view, Position last) {
  return limited(view, {view.end(last), view.operation_indices[last]});
}

OperationsView FirstBad::limited(OperationsView view, Return first_left_out) {
  view.until = first_left_out.end;
  view.until_index = first_left_out.at;
  const auto later = std::partition_point(
      view.operation_indices.begin(), view.operation_indices.end(),
      [&](OperationIndex index) { return view.operations[index].start <= first_left_out.end; });
  view.operation_indices =
      view.operation_indices.first(static_cast<std::size_t>(later - view.operation_indices.begin()));
  return view;
}

FirstBad::Return FirstBad::last_of_conflict(const OperationsView& view, RegisterCheck& check) {
  check.conflict(view, conflict_);
  kind_ = check.conflict_kind();
  Return last{std::numeric_limits<Nanos>::min(), 0};
  for (const Position at : conflict_) {
    if (view.returned(at)) last = std::max(last, Return{view.end(at), view.operation_indices[at]});
  }
  return last;
}

void FirstBad::list_returns(const OperationsView& view, Return before) {
  returns_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Return one{view.end(i), view.operation_indices[i]};
    if (view.returned(i) && one <= before) returns_.push_back(one);
  }
  sort_nearly_sorted(returns_, [](const Return& a, const Return& b) { return a < b; });
}

}  // namespace cacherace::verify
