#include "verify/check.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <thread>
#include <tuple>
#include <utility>

#include "verify/freshness.hpp"
#include "verify/key_judge.hpp"

namespace cacherace::verify {
namespace {

// The operations of each key that has any, ascending.
class ByKey {
 public:
  explicit ByKey(const History& history) : indices_(history.operations.size()) {
    const std::vector<Operation>& operations = history.operations;
    KeyIndex least = std::numeric_limits<KeyIndex>::max();
    KeyIndex greatest = 0;
    if (history.keys.size() == 1 && !operations.empty()) {
      least = 0;
    } else {
      for (const Operation& operation : operations) {
        least = std::min(least, operation.key);
        greatest = std::max(greatest, operation.key);
      }
    }
    if (least == greatest) {
      parts_.push_back({least, 0, operations.size()});
      std::iota(indices_.begin(), indices_.end(), OperationIndex{0});
    } else {
      count(operations, greatest);
    }
  }

  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  [[nodiscard]] KeyIndex key(std::size_t part) const { return parts_[part].key; }
  [[nodiscard]] std::span<const OperationIndex> operations(std::size_t part) const {
    return std::span(indices_).subspan(parts_[part].begin, parts_[part].end - parts_[part].begin);
  }

 private:
  void count(const std::vector<Operation>& operations, KeyIndex greatest) {
    std::vector<std::size_t> begin(std::size_t{greatest} + 2, 0);
    for (const Operation& operation : operations) ++begin[operation.key + 1];
    for (std::size_t key = 1; key < begin.size(); ++key) begin[key] += begin[key - 1];
    for (KeyIndex key = 0; key <= greatest; ++key) {
      if (begin[key] < begin[key + 1]) parts_.push_back({key, begin[key], begin[key + 1]});
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
      indices_[begin[operations[i].key]++] = static_cast<OperationIndex>(i);
    }
  }

  struct Part {
    KeyIndex key;
    std::size_t begin, end;
  };
  std::vector<Part> parts_;
  std::vector<OperationIndex> indices_;
};

// Each key is judged alone and has a place of its own for what is found, so that the number of jobs and who
// takes which key do not matter.
std::vector<KeyFindings> judge_keys(const History& history, const ByKey& keys, const CheckOptions& options,
                                    std::span<const std::unique_ptr<KeyJudge>> judges) {
  std::vector<KeyFindings> found(keys.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&](KeyJudge& judge) {
    for (std::size_t i = next++; i < keys.size(); i = next++) {
      found[i] = judge.judge(history, view_of(history, keys.key(i), keys.operations(i)), options);
    }
  };
  std::vector<std::thread> helpers;
  for (const auto& judge : judges.subspan(1)) helpers.emplace_back(work, std::ref(*judge));
  work(*judges.front());
  for (std::thread& helper : helpers) helper.join();
  return found;
}

// Puts the keys' findings together, in the order of keys.
class Sum {
 public:
  Sum(HistoryVerdict& verdict, bool measures) : verdict_(verdict), measures_(measures) {
    verdict.linearizable = true;
    if (!measures) return;
    verdict.delta = verdict.gamma = 0;
    verdict.k = VersionsBehind{};
    for (const auto& guarantee : session_guarantees) (verdict.sessions.*guarantee.of).holds = true;
  }

  void add(KeyFindings&& found) {
    const KeyVerdict& key = found.verdict;
    if (key.linearizable == false) verdict_.linearizable = false;
    if (!key.linearizable && verdict_.linearizable == true) verdict_.linearizable.reset();
    if (verdict_.undecided == Undecided::no) verdict_.undecided = key.undecided;
    if (is_worse(found)) verdict_.worst = verdict_.keys.size();
    if (measures_) add_measures(found);
    append(found.violations, verdict_.violations);
    append(found.old_reads, verdict_.old_reads);
    append(found.windows, verdict_.windows);
    verdict_.keys.push_back(std::move(found.verdict));
  }

  void finish() {
    std::vector<Nanos> ages;
    std::vector<Nanos> lags;
    for (const CertainlyOld& old : verdict_.old_reads) {
      if (old.age) ages.push_back(*old.age);
      lags.push_back(old.lag);
    }
    verdict_.ages = quantiles(ages);
    verdict_.lags = quantiles(lags);  // sorts them
    for (std::uint32_t versions = 1; versions <= verdict_.lags.max; versions += step(versions)) {
      const auto least = std::lower_bound(lags.begin(), lags.end(), Nanos{versions});
      verdict_.behind_by.push_back({versions, static_cast<std::uint64_t>(lags.end() - least)});
    }
    std::erase_if(verdict_.stale_after, [](const StaleAfter& one) { return one.reads == 0; });
  }

 private:
  // Every number of versions up to 16, then fewer and fewer.
  static std::uint32_t step(std::uint32_t versions) {
    return versions < 16 ? 1 : std::bit_floor(versions) / 4;
  }

  template <typename Element>
  static void append(std::vector<Element>& from, std::vector<Element>& to) {
    if (to.empty()) {
      to.swap(from);
    } else {
      to.insert(to.end(), from.begin(), from.end());
    }
  }

  // Not linearizable before undecided before linearizable; then by age, by lag, by key.
  bool is_worse(const KeyFindings& found) {
    const std::optional<bool>& holds = found.verdict.linearizable;
    Badness badness{holds == false ? 2 : holds ? 0 : 1, 0, 0};
    for (const CertainlyOld& old : found.old_reads) {
      std::get<1>(badness) = std::max(std::get<1>(badness), old.age.value_or(0));
      std::get<2>(badness) = std::max(std::get<2>(badness), old.lag);
    }
    if (badness <= worst_) return false;
    worst_ = badness;
    return true;
  }

  void add_measures(const KeyFindings& found) {
    const KeyVerdict& key = found.verdict;
    verdict_.delta = greater(verdict_.delta, key.delta);
    verdict_.gamma = greater(verdict_.gamma, key.gamma);
    if (!verdict_.k || !key.k) {
      verdict_.k.reset();
    } else {
      verdict_.k =
          VersionsBehind{std::max(verdict_.k->low, key.k->low), greater(verdict_.k->high, key.k->high)};
    }
    for (const auto& [name, words, of] : session_guarantees)
      add_session(verdict_.sessions.*of, key.sessions.*of);
    verdict_.measured += found.measured ? 1 : 0;
    verdict_.reads += found.reads;
    if (found.stale_after.empty()) return;
    if (verdict_.stale_after.empty()) {
      verdict_.stale_after = found.stale_after;
      return;
    }
    for (std::size_t i = 0; i < found.stale_after.size(); ++i) {
      verdict_.stale_after[i].reads += found.stale_after[i].reads;
      verdict_.stale_after[i].stale += found.stale_after[i].stale;
    }
  }

  template <typename Number>
  static std::optional<Number> greater(std::optional<Number> a, std::optional<Number> b) {
    return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
  }

  static void add_session(Session& all, const Session& key) {
    if (all.holds == false) return;
    if (key.holds == false) all = key;
    if (!key.holds) all.holds.reset();
  }

  using Badness = std::tuple<int, Nanos, std::uint32_t>;

  HistoryVerdict& verdict_;
  bool measures_;
  Badness worst_{0, 0, 0};
};

}  // namespace

Checker::Checker(std::size_t small) : small_(small) {}
Checker::~Checker() = default;

HistoryVerdict Checker::check(const History& history, const CheckOptions& options) {
  const ByKey keys(history);
  HistoryVerdict verdict;
  verdict.operations = history.operations.size();
  Sum sum(verdict, options.measures);
  if (options.measures && !history.timed) verdict.delta = verdict.gamma = std::nullopt;
  const std::size_t jobs = std::clamp<std::size_t>(options.jobs, 1, std::max<std::size_t>(keys.size(), 1));
  while (judges_.size() < jobs) judges_.push_back(std::make_unique<KeyJudge>(small_));
  for (KeyFindings& found : judge_keys(history, keys, options, std::span(judges_).first(jobs))) {
    sum.add(std::move(found));
  }
  sum.finish();
  return verdict;
}

}  // namespace cacherace::verify
