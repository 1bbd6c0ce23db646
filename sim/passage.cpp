#include "sim/passage.hpp"

#include <algorithm>
#include <cassert>

#include "sim/world.hpp"

namespace cacherace::sim {
namespace {

class Walker final : public ScriptChooser {
 public:
  Walker(const Grain& grain, const std::vector<std::size_t>& first_order,
         const std::vector<ClassExplorer::WayStep>& way)
      : ScriptChooser({}, grain), first_order_(first_order), way_(way) {}

  Passage take() { return std::move(passage_); }

 private:
  bool between(std::span<const Pending> pending) override {
    const std::vector<std::size_t> fresh = meet(pending);
    if (passage_.steps.empty()) {
      for (const std::size_t place : first_order_) slots_.push_back(event_of(pending[place].order));
    } else {
      move_slots(way_[passage_.steps.size() - 1], fresh);
    }
    if (passage_.steps.size() == way_.size()) return false;
    take_step(way_[passage_.steps.size()], pending);
    return true;
  }
  void free_choice(std::size_t) override {}

  // The events that were not there before.
  std::vector<std::size_t> meet(std::span<const Pending> pending) {
    std::vector<std::size_t> fresh;
    for (const Pending& event : pending) {
      if (std::ranges::find(orders_, event.order) != orders_.end()) continue;
      fresh.push_back(passage_.events.size());
      orders_.push_back(event.order);
      const Part part = event.who->part();
      passage_.events.push_back({event.who->tag(), part, event.delay,
                                 passage_.steps.empty() ? PassageEvent::none : passage_.steps.size() - 1});
    }
    return fresh;
  }

  [[nodiscard]] std::size_t event_of(std::uint64_t order) const {
    return static_cast<std::size_t>(std::ranges::find(orders_, order) - orders_.begin());
  }

  void move_slots(const ClassExplorer::WayStep& step, const std::vector<std::size_t>& fresh) {
    std::vector<std::size_t> moved(step.from.size());
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[i] = step.from[i] == SIZE_MAX ? fresh.at(step.fresh[i]) : slots_.at(step.from[i]);
    }
    slots_ = moved;
    for (std::size_t i = 0; i < step.order.size(); ++i) slots_[i] = moved[step.order[i]];
  }

  void take_step(const ClassExplorer::WayStep& step, std::span<const Pending> pending) {
    const std::size_t event = slots_.at(step.slot);
    PassageStep taken{.event = event, .picks = step.picks};
    std::vector<std::size_t> possible;
    possible_places(pending, possible);
    Choices choices;
    for (std::size_t i = 0; i < possible.size(); ++i) {
      if (event_of(pending[possible[i]].order) == event) choices.push_back(static_cast<std::uint16_t>(i));
    }
    assert(choices.size() == 1);
    choices.insert(choices.end(), step.picks.begin(), step.picks.end());
    for (const Pending& other : pending) {
      if (event_of(other.order) != event) taken.pending.push_back(event_of(other.order));
    }
    passage_.steps.push_back(std::move(taken));
    go_on(choices);
  }

  const std::vector<std::size_t>& first_order_;
  const std::vector<ClassExplorer::WayStep>& way_;
  Passage passage_;
  std::vector<std::uint64_t> orders_;  // of creation, by event
  std::vector<std::size_t> slots_;     // the event in each slot
};

}  // namespace

Passage walk(TimedSubject& subject, const Grain& grain, const std::vector<std::size_t>& first_order,
             const std::vector<ClassExplorer::WayStep>& way) {
  Walker walker(grain, first_order, way);
  subject.run(walker);
  return walker.take();
}

}  // namespace cacherace::sim
