#include "verify/search_witness.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "verify/client_chains.hpp"
#include "verify/first_bad.hpp"
#include "verify/nearly_sorted.hpp"
#include "verify/search.hpp"
#include "verify/smallest_core.hpp"

namespace cacherace::verify {
namespace {

class Minimiser {
 public:
  Minimiser(const History& history, const OperationsView& part, const CheckOptions& options)
      : history_(history), view_(part), options_(options) {
    options_.steps_max = std::min(options_.steps_max, steps_each_max);
    for (Position i = 0; i < part.operation_count(); ++i) {
      originals_.push_back(part.operation(i));
      if (!part.returned(i)) forget_return(originals_.back());
    }
  }

  // Positions, by return; false when the work got too much. What contradicts the last return is mostly near
  // it.
  bool minimise(std::vector<Position>& kept) {
    const std::vector<Position> all = kept;
    for (std::size_t last = 4; last < all.size(); last *= 2) {
      kept.assign(all.end() - static_cast<std::ptrdiff_t>(last), all.end());
      std::sort(kept.begin(), kept.end());
      if (contradictory(kept)) return leave_out(kept);
      if (judged_ > judged_max) return false;
    }
    kept = all;
    std::sort(kept.begin(), kept.end());
    return leave_out(kept);
  }

  // Replaces `kept` by the smallest part of `all` that will do, if it can be found.
  void minimise_further(std::vector<Position> all, std::vector<Position>& kept) {
    if (kept.size() <= 1) return;
    std::sort(all.begin(), all.end());
    const std::size_t judged_most = judged_ + judged_further_max;
    const auto of_all = [&all](const SmallestCore::Set& part) {
      std::vector<Position> positions;
      for (const auto element : part) positions.push_back(all[element]);
      return positions;
    };
    SmallestCore smallest(static_cast<SmallestCore::Element>(all.size()),
                          [&](const SmallestCore::Set& part) -> std::optional<bool> {
                            if (judged_ > judged_most) return std::nullopt;
                            return contradictory(of_all(part));
                          });
    if (smallest.find(kept.size() - 1) == SmallestCore::Outcome::found) kept = of_all(smallest.core());
  }

 private:
  bool leave_out(std::vector<Position>& kept) {
    for (std::size_t run = std::max<std::size_t>(kept.size() / 2, 1); run > 0; run /= 2) {
      for (std::size_t end = kept.size(); end > 0; end -= std::min(run, end)) {
        const std::size_t begin = end - std::min(run, end);
        std::vector<Position> fewer(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(begin));
        fewer.insert(fewer.end(), kept.begin() + static_cast<std::ptrdiff_t>(end), kept.end());
        if (contradictory(fewer)) kept.swap(fewer);
        if (judged_ > judged_max) return false;
      }
    }
    return true;
  }

  static constexpr std::uint64_t steps_each_max = 1U << 20U;
  static constexpr std::size_t judged_max = 1U << 22U;  // operations, over all judgements …
  static constexpr std::size_t judged_further_max = 1U << 21U;

  static void forget_return(Operation& operation) {
    operation.outcome = operation.outcome == Outcome::fail ? Outcome::fail : Outcome::unknown;
    operation.end = never;
  }

  bool contradictory(const std::vector<Position>& kept) {
    std::vector<Operation> operations = originals_;
    std::size_t next = 0;
    for (Position i = 0; i < operations.size(); ++i) {
      if (next < kept.size() && kept[next] == i) {
        ++next;
      } else {
        forget_return(operations[i]);
      }
    }
    // A read that is unknown says nothing at all.
    std::erase_if(operations, [](const Operation& one) {
      return one.outcome == Outcome::unknown && one.kind == OperationKind::read;
    });
    judged_ += operations.size() + 1;
    std::vector<OperationIndex> all(operations.size());
    std::iota(all.begin(), all.end(), 0U);
    OperationsView view = view_;
    view.until = never;
    view.operations = operations.data();
    view.operation_indices = all;
    ClientChains chains;
    chains.build(view);
    return search(history_, view, chains, options_).linearizable == false;
  }

  const History& history_;
  OperationsView view_;
  CheckOptions options_;
  std::vector<Operation> originals_;
  std::size_t judged_ = 0;
};

}  // namespace

std::vector<OperationIndex> search_witness(const History& history, const OperationsView& view,
                                           Position first_bad, const CheckOptions& options) {
  const OperationsView part = FirstBad::upto(view, first_bad);
  std::vector<Position> kept;
  for (Position i = 0; i < part.operation_count(); ++i) {
    if (part.returned(i)) kept.push_back(i);
  }
  sort_nearly_sorted(kept, [&part](Position a, Position b) {
    return std::pair(part.end(a), a) < std::pair(part.end(b), b);
  });
  Minimiser minimiser(history, part, options);
  const std::vector<Position> all = kept;
  if (!minimiser.minimise(kept)) return {};
  minimiser.minimise_further(all, kept);
  std::vector<OperationIndex> witness;
  for (const Position position : kept) witness.push_back(view.operation_indices[position]);
  return witness;
}

}  // namespace cacherace::verify
