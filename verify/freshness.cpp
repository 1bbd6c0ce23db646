#include "verify/freshness.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>

#include "verify/nearly_sorted.hpp"
#include "verify/search_near.hpp"

namespace cacherace::verify {
namespace {

std::vector<StaleAfter> classes() {
  std::vector<StaleAfter> all{{0, 0, 0}};
  for (Nanos decade = 1; decade < 1'000'000'000'000'000; decade *= 10) {
    for (const Nanos step : {1, 2, 5}) all.push_back({decade * step, 0, 0});
  }
  return all;
}

// The class of a time. Their bounds are at least a factor of two apart, so between a power of two and the
// next at most one begins.
class ClassOf {
 public:
  explicit ClassOf(const std::vector<StaleAfter>& all) {
    for (const StaleAfter& one : all) from_.push_back(one.from);
    from_.push_back(never);
    std::size_t last = 0;
    for (std::size_t bits = 0; bits < by_bits_.size(); ++bits) {
      const Nanos least = bits == 0 ? 0 : Nanos{1} << (bits - 1);
      while (from_[last + 1] <= least) ++last;
      by_bits_[bits] = last;
    }
  }

  [[nodiscard]] std::size_t operator()(Nanos time) const {
    const auto bits = std::bit_width(static_cast<std::uint64_t>(time));
    const std::size_t point = by_bits_[static_cast<std::size_t>(bits)];
    return point + (from_[point + 1] <= time ? 1 : 0);
  }

 private:
  std::vector<Nanos> from_;
  std::array<std::size_t, 64> by_bits_{};  // of the least time that has so many bits
};

// The time since the latest return of a write, for operations nearly in the order of invocation.
class SinceWrites {
 public:
  SinceWrites(const OperationsView& view, std::size_t returned_writes) {
    returns_.resize(returned_writes + 1);
    std::size_t count = 0;
    for (Position i = 0; i < view.operation_count(); ++i) {
      returns_[count] = view.end(i);  // to be overwritten if it is none: cheaper than to guess
      count += static_cast<std::size_t>(is_ok_write(view.operation(i)));
    }
    returns_.resize(count);
    sort_nearly_sorted(returns_, [](Nanos a, Nanos b) { return a < b; });
    returns_.push_back(never);
  }

  // -1 where none had returned.
  Nanos at(Nanos invocation) {
    next_ += static_cast<std::size_t>(returns_[next_] < invocation);  // mostly once or not at all
    if (returns_[next_] < invocation || (next_ > 0 && returns_[next_ - 1] >= invocation)) {
      next_ = count_near(returns_.size(), next_, [&](std::size_t at) { return returns_[at] < invocation; });
    }
    return next_ == 0 ? -1 : invocation - returns_[next_ - 1];
  }

 private:
  std::vector<Nanos> returns_;  // and never
  std::size_t next_ = 0;
};

}  // namespace

void count_after_writes(const OperationsView& view, std::size_t returned_writes,
                        const std::vector<CertainlyOld>& old, std::vector<StaleAfter>& counts) {
  if (counts.empty()) counts = classes();
  SinceWrites since(view, returned_writes);
  const ClassOf class_of(counts);
  auto next_old = old.begin();
  for (Position i = 0; i < view.operation_count(); ++i) {
    const bool stale = next_old != old.end() && next_old->read == view.operation_indices[i];
    if (stale) ++next_old;
    const Nanos time = since.at(view.start(i));
    if (time < 0) continue;
    StaleAfter& point = counts[class_of(time)];
    point.reads += static_cast<std::uint64_t>(view.tells_at_all(view.operation(i)));
    point.stale += static_cast<std::uint64_t>(stale);
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
