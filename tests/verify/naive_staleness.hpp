// Staleness, inversions and sessions written down from their sentences: every read against every operation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "verify/execution.hpp"
#include "verify/verdict.hpp"

namespace cacherace::verify::testing {

class NaiveStaleness {
 public:
  explicit NaiveStaleness(const Execution& execution) : execution_(execution) {}

  std::vector<ReadFinding> findings() const {
    std::vector<ReadFinding> all;
    for (std::size_t r = 0; r < execution_.operations.size(); ++r) {
      if (!ok(r, OperationKind::read)) continue;
      const ReadFinding finding = judge(r);
      if (finding.dirty || finding.inversion || finding.stale_age >= 0 || finding.outdated_age >= 0 ||
          finding.breaks_monotonic_reads || finding.breaks_read_your_writes) {
        all.push_back(finding);
      }
    }
    return all;
  }

  std::uint32_t lost_writes() const {
    std::uint32_t lost = 0;
    for (std::size_t w = 0; w < execution_.operations.size(); ++w) {
      if (ok(w, OperationKind::write) && rank(w) == infinity) ++lost;
    }
    return lost;
  }

  // For each stale read from the newer write's return to its own, joined instant by instant.
  std::vector<PostAckWindow> post_ack() const {
    std::vector<PostAckWindow> joined;
    for (KeyIndex key = 0; key < execution_.keys; ++key) {
      std::vector<std::pair<Nanos, Nanos>> spans;
      for (const ReadFinding& finding : findings()) {
        const Operation& read = execution_.operations[finding.operation];
        if (read.key == key && finding.stale_age >= 0) {
          spans.emplace_back(read.start - finding.stale_age, read.end);
        }
      }
      const auto covered = [&](Nanos twice) {
        return std::any_of(spans.begin(), spans.end(), [&](const auto& span) {
          return 2 * span.first <= twice && twice <= 2 * span.second;
        });
      };
      Nanos last = 0;
      for (const auto& span : spans) last = std::max(last, span.second);
      // Half instants tell spans that touch from spans that are neighbours.
      for (Nanos twice = 0; twice <= 2 * last; ++twice) {
        if (!covered(twice)) continue;
        if (twice == 0 || !covered(twice - 1)) joined.push_back({twice / 2, twice / 2, key});
        joined.back().to = twice / 2;
      }
    }
    return joined;
  }

 private:
  static constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max();

  bool ok(std::size_t i, OperationKind kind) const {
    return execution_.operations[i].kind == kind && execution_.operations[i].outcome == Outcome::ok;
  }

  std::vector<const Event*> commits(KeyIndex key) const {
    std::vector<const Event*> found;
    for (const Event& event : execution_.events) {
      if (event.key != key) continue;
      if (event.kind == EventKind::commit) found.push_back(&event);
      if (event.kind != EventKind::rolled_back) continue;
      while (!found.empty() && found.back()->value != event.value) found.pop_back();
    }
    return found;
  }

  std::int64_t rank(std::size_t i) const {
    const Operation& operation = execution_.operations[i];
    if (operation.value == initial_value) return 0;
    const std::vector<const Event*> order = commits(operation.key);
    for (std::size_t k = 0; k < order.size(); ++k) {
      if (order[k]->value == operation.value) return static_cast<std::int64_t>(k) + 1;
    }
    return infinity;
  }

  bool dirty(std::size_t r) const {
    const Operation& read = execution_.operations[r];
    if (read.value == initial_value) return false;
    for (const Event& event : execution_.events) {
      const bool commits_it = event.kind == EventKind::commit && event.key == read.key;
      if (commits_it && event.value == read.value) return event.at > read.end;
    }
    return true;
  }

  bool own(std::size_t a, std::size_t b) const {
    return execution_.operations[a].client == execution_.operations[b].client && a < b;
  }

  bool before(std::size_t a, std::size_t b) const {
    return execution_.operations[a].key == execution_.operations[b].key &&
           (execution_.operations[a].end < execution_.operations[b].start || own(a, b));
  }

  ReadFinding judge(std::size_t r) const {
    const Operation& read = execution_.operations[r];
    ReadFinding finding;
    finding.operation = static_cast<OperationIndex>(r);
    finding.dirty = dirty(r);
    if (finding.dirty) return finding;
    const std::int64_t returned = rank(r);

    std::int64_t oldest = infinity;
    for (std::size_t o = 0; o < execution_.operations.size(); ++o) {
      if (!before(o, r)) continue;
      if (ok(o, OperationKind::write) && rank(o) != infinity && rank(o) > returned) {
        if (rank(o) < oldest) {
          oldest = rank(o);
          finding.stale_age = read.start - execution_.operations[o].end;
        }
        if (own(o, r)) finding.breaks_read_your_writes = true;
      }
      if (ok(o, OperationKind::read) && rank(o) > returned) {
        finding.inversion = true;
        if (own(o, r) && !dirty(o)) finding.breaks_monotonic_reads = true;
      }
    }

    const std::vector<const Event*> order = commits(read.key);
    for (std::size_t k = static_cast<std::size_t>(returned); k < order.size(); ++k) {
      if (order[k]->at >= read.start) continue;
      if (finding.lag == 0) finding.outdated_age = read.start - order[k]->at;
      ++finding.lag;
    }
    return finding;
  }

  const Execution& execution_;
};

}  // namespace cacherace::verify::testing
