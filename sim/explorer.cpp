#include "sim/explorer.hpp"

#include <algorithm>
#include <cassert>

namespace cacherace::sim {

// One run: along known choices to a known state, then on until nothing is new.
class Explorer::Run final : public ScriptChooser {
 public:
  Run(Explorer& explorer, const Branch& branch)
      : ScriptChooser(explorer.choices_to(branch)), explorer_(explorer), at_(branch.state) {
    for (StateIndex state = at_; state != no_state; state = explorer.states_[state].parent) {
      known_ += explorer.states_[state].count;
    }
  }

  void finish() {
    if (ended_) return;
    const Sight sight = explorer_.subject_.look({});
    explorer_.seen_ |= sight.marks;
    if (!arrive(sight)) return;
    explorer_.graph_.mark_final(at_, sight.marks);
    explorer_.subject_.see_final();
  }

 private:
  bool between(std::span<const Pending> pending) override {
    if (used() < known_) return true;
    if (!under_way_ && at_ != no_state) {
      explorer_.subject_.pass();
      under_way_ = true;
      return true;
    }
    ended_ = !arrive(explorer_.subject_.look(pending));
    return !ended_;
  }

  // Whether the state is new.
  bool arrive(const Sight& sight) {
    explorer_.seen_ |= sight.marks;
    const std::size_t place = explorer_.place_of(sight.state);
    const bool is_new = explorer_.table_[place] == no_state;
    const StateIndex to = is_new ? explorer_.add_state(sight.state, at_, step()) : explorer_.table_[place];
    if (under_way_) explorer_.graph_.add_edge({at_, to, counted() + sight.counted, sight.marks});
    under_way_ = true;
    at_ = to;
    if (is_new && explorer_.states_.size() >= explorer_.states_max_) explorer_.cut_short_ = true;
    return is_new && !explorer_.too_long_ && !explorer_.cut_short_;
  }

  // The last is put off first, so that they come back in order.
  void free_choice(std::size_t count) override {
    for (std::size_t other = count - 1; other > 0; --other) {
      explorer_.add_branch(at_, step(), static_cast<std::uint16_t>(other));
    }
  }

  Explorer& explorer_;
  StateIndex at_;
  std::size_t known_ = 0;
  bool under_way_ = false;
  bool ended_ = false;
};

// One step beyond known choices, to see where it leads.
class Explorer::Probe final : public ScriptChooser {
 public:
  Probe(Explorer& explorer, const Choices& way, Choices step, std::vector<Choices>& others)
      : ScriptChooser(joined(way, std::move(step))),
        explorer_(explorer),
        known_(way.size()),
        others_(others) {}

  bool leads_to(const StepEdge& edge) {
    if (!ended_) sight_ = explorer_.subject_.look({});
    return sight_.state == explorer_.states_[edge.to].digest && sight_.marks == edge.marks &&
           counted() + sight_.counted == edge.counted;
  }
  using ScriptChooser::step;

 private:
  static Choices joined(Choices way, const Choices& step) {
    way.insert(way.end(), step.begin(), step.end());
    return way;
  }

  bool between(std::span<const Pending> pending) override {
    if (used() < known_) return true;
    if (under_way_) {
      sight_ = explorer_.subject_.look(pending);
      ended_ = true;
    } else {
      explorer_.subject_.pass();
      under_way_ = true;
    }
    return !ended_;
  }

  void free_choice(std::size_t count) override {
    for (std::size_t other = count - 1; other > 0; --other) {
      others_.push_back(step());
      others_.back().push_back(static_cast<std::uint16_t>(other));
    }
  }

  Explorer& explorer_;
  std::size_t known_;
  std::vector<Choices>& others_;
  Sight sight_;
  bool under_way_ = false;
  bool ended_ = false;
};

bool Explorer::explore(const ExploreLimits& limits) {
  states_max_ = limits.states;
  steps_max_ = limits.steps;
  table_.assign(1024, no_state);
  branches_.push_back({no_state, 0, 0});
  while (!branches_.empty()) {
    if (too_long_ || states_.size() >= states_max_ || bytes() >= limits.bytes) break;
    if (limits.watch && limits.watch({states_.size(), 0, depth_of(branches_.back().state)})) break;
    const Branch branch = branches_.back();
    branches_.pop_back();
    Run run(*this, branch);
    subject_.run(run);
    run.finish();
  }
  graph_.finish();
  return branches_.empty() && !too_long_ && !cut_short_;
}

std::uint32_t Explorer::depth_of(StateIndex state) const {
  return state == no_state ? 0 : states_[state].depth;
}

std::uint64_t Explorer::bytes() const {
  return states_.size() * sizeof(State) + table_.size() * sizeof(StateIndex) +
         pool_.size() * sizeof(Choices::value_type) + branches_.size() * sizeof(Branch) + graph_.bytes();
}

void Explorer::add_branch(StateIndex state, const Choices& step, std::uint16_t last) {
  const auto first = static_cast<std::uint32_t>(pool_.size());
  pool_.insert(pool_.end(), step.begin(), step.end());
  pool_.push_back(last);
  branches_.push_back({state, first, static_cast<std::uint32_t>(step.size() + 1)});
}

Choices Explorer::choices_to(const Branch& branch) const {
  Choices backwards;
  const auto add = [&](std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = count; i > 0; --i) backwards.push_back(pool_[first + i - 1]);
  };
  add(branch.first, branch.count);
  for (StateIndex state = branch.state; state != no_state; state = states_[state].parent) {
    add(states_[state].first, states_[state].count);
  }
  std::ranges::reverse(backwards);
  return backwards;
}

std::size_t Explorer::place_of(const Digest& digest) const {
  std::size_t place = digest.low & (table_.size() - 1);
  while (table_[place] != no_state && states_[table_[place]].digest != digest) {
    place = (place + 1) & (table_.size() - 1);
  }
  return place;
}

StateIndex Explorer::add_state(const Digest& digest, StateIndex parent, const Choices& step) {
  const auto first = static_cast<std::uint32_t>(pool_.size());
  const std::uint32_t depth = parent == no_state ? 0 : states_[parent].depth + 1;
  too_long_ = too_long_ || depth >= steps_max_;
  pool_.insert(pool_.end(), step.begin(), step.end());
  const StateIndex added = graph_.add_state();
  states_.push_back({digest, parent, first, static_cast<std::uint32_t>(step.size()), depth});
  if (2 * states_.size() > table_.size()) {
    table_.assign(2 * table_.size(), no_state);
    for (StateIndex state = 0; state < added; ++state) table_[place_of(states_[state].digest)] = state;
  }
  table_[place_of(digest)] = added;
  return added;
}

Choices Explorer::step_to(const Choices& way, const StepEdge& edge) {
  std::vector<Choices> others = {{}};
  while (!others.empty()) {
    Choices step = std::move(others.back());
    others.pop_back();
    Probe probe(*this, way, std::move(step), others);
    subject_.run(probe);
    if (probe.leads_to(edge)) return probe.step();
  }
  assert(!"interchangeable states have the same successors");
  return {};
}

std::vector<Choices> Explorer::choices_along(const Way& way) {
  std::vector<Choices> steps;
  Choices all;
  for (const std::uint32_t index : way.edges) {
    steps.push_back(step_to(all, graph_.edge(index)));
    all.insert(all.end(), steps.back().begin(), steps.back().end());
  }
  return steps;
}

}  // namespace cacherace::sim
