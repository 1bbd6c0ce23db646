// Orders in which whoever has the highest priority always moves: priorities are drawn, and at d - 1 drawn
// steps of the run whoever is about to move falls behind all others. Among n owners with at most k steps such
// an order meets a bug that takes d ordering constraints with a probability of at least 1 / (n k^(d-1)).
//
// Source: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees
// of finding bugs" (ASPLOS 2010). What differs: a step is a command, not an instruction; since an owner has
// no step before its first command, a change comes before a step, so that the first one can be put off, too;
// owners that appear only later get their priorities then (drawn alike, so any relative order is equally
// likely); of several events of one owner, and of what chance decides, each is equally likely.
#pragma once

#include <utility>
#include <vector>

#include "sim/random.hpp"
#include "sim/script_chooser.hpp"

namespace cacherace::sim {

struct PctPlan {
  std::uint32_t depth = 3;   // d, at least 1
  std::uint64_t steps = 1;   // k, about as many as a run has, at least 1
  Tag owner_bits = ~Tag{0};  // of a tag: those that say whose it is
};

class PctChooser final : public ScriptChooser {
 public:
  // Two streams, so that what is drawn in the course of the run does not shift the plan.
  PctChooser(const PctPlan& plan, Stream priorities, Stream others, const Grain& grain = command_grain);

  std::size_t pick(std::size_t count) override;

 private:
  using Priority = std::uint64_t;  // below `depth`: fallen behind

  bool between(std::span<const Pending> pending) override;
  void free_choice(std::size_t) override {}
  [[nodiscard]] Tag owner_of(const Pending& event) const;
  Priority& priority_of(Tag owner);
  [[nodiscard]] Tag highest(std::span<const Pending> pending);

  Tag owner_bits_;
  Stream priorities_;
  Stream others_;
  std::vector<std::uint64_t> changes_;  // number of the step, from 1; change i gives priority i
  std::vector<std::pair<Tag, Priority>> owners_;
  std::uint64_t steps_ = 0;
  std::vector<std::size_t> possible_;
};

}  // namespace cacherace::sim
