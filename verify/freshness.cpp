#include "verify/freshness.hpp"

#include <algorithm>

#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {
namespace {

std::vector<StaleAfter> classes() {
  std::vector<StaleAfter> all{{0, 0, 0}};
  for (Nanos decade = 1; decade < 1'000'000'000'000'000; decade *= 10) {
    for (const Nanos step : {1, 2, 5}) all.push_back({decade * step, 0, 0});
  }
  return all;
}

// The time since the latest return of a write, for reads in the order of invocation.
class SinceWrites {
 public:
  explicit SinceWrites(const OperationsView& view) {
    for (Position i = 0; i < view.operation_count(); ++i) {
      if (view.operation(i).kind == OperationKind::write && view.returned(i)) returns_.push_back(view.end(i));
    }
    sort_nearly_sorted(returns_, [](Nanos a, Nanos b) { return a < b; });
  }

  // -1 where none had returned.
  Nanos at(Nanos invocation) {
    while (next_ < returns_.size() && returns_[next_] < invocation) ++next_;
    while (next_ > 0 && returns_[next_ - 1] >= invocation) --next_;  // by a clock that goes back
    return next_ == 0 ? -1 : invocation - returns_[next_ - 1];
  }

 private:
  std::vector<Nanos> returns_;
  std::size_t next_ = 0;
};

}  // namespace

void count_after_writes(const OperationsView& view, const std::vector<std::uint32_t>& lags,
                        std::vector<StaleAfter>& counts) {
  if (counts.empty()) counts = classes();
  SinceWrites since(view);
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!view.tells(i)) continue;
    const Nanos time = since.at(view.start(i));
    if (time < 0) continue;
    const auto above = std::upper_bound(counts.begin(), counts.end(), time,
                                        [](Nanos t, const StaleAfter& one) { return t < one.from; });
    ++std::prev(above)->reads;
    if (!lags.empty() && lags[i] > 0) ++std::prev(above)->stale;
  }
}

Quantiles quantiles(std::vector<Nanos>& values) {
  Quantiles result;
  result.count = values.size();
  if (values.empty()) return result;
  std::sort(values.begin(), values.end());
  const auto rank = [&values](std::size_t per_mille) {
    return values[(values.size() * per_mille + 999) / 1000 - 1];
  };
  long double sum = 0;
  for (const Nanos value : values) sum += static_cast<long double>(value);
  result.mean = static_cast<Nanos>(sum / static_cast<long double>(values.size()));
  result.p50 = rank(500);
  result.p90 = rank(900);
  result.p99 = rank(990);
  result.p999 = rank(999);
  result.max = values.back();
  return result;
}

}  // namespace cacherace::verify
