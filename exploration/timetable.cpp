#include "exploration/timetable.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>

#include "exploration/grains.hpp"
#include "exploration/past.hpp"
#include "models/roles.hpp"
#include "sim/unknown.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {
namespace {

using sim::Instants;
using sim::Part;
using sim::PassageEvent;

constexpr std::size_t none = PassageEvent::none;
// A return is seen an instant after it.
constexpr sim::Duration after_return{1};

// Takes the passage's events apart into legs: of an event that waited for several parts at once each is one.
class Unfolder final : public sim::ScriptChooser {
 public:
  Unfolder(const sim::Passage& passage, const std::vector<models::Record>& records, bool faults)
      : ScriptChooser({}, legs_grain(faults)), passage_(passage), records_(records), faults_(faults) {}

  // When nothing is left to do.
  void finish() { between({}); }

  std::vector<Leg> legs;
  std::vector<std::size_t> last_leg;      // of each step; none: it is none of its own
  std::vector<std::size_t> records_then;  // of each leg: how many there were before it was over

 private:
  bool between(std::span<const sim::Pending> pending) override {
    meet(pending);
    while (last_leg.size() < passage_.steps.size()) {
      if (!begun_ && take_reply_at_once(pending)) return true;
      const sim::PassageStep& step = passage_.steps[last_leg.size()];
      const PassageEvent& event = passage_.events[step.event];
      begin(step, event);
      const auto place = place_of(event.tag, pending);
      if (is_done(event, place.has_value())) {
        last_leg.push_back(taken_ == none ? leg_of_cause(event) : taken_);
        waited_ = {};
        taken_ = none;
        begun_ = false;
      } else if (!place) {
        return false;
      } else {
        take(*place, pending);
        return true;
      }
    }
    return false;
  }
  void free_choice(std::size_t) override {}

  // What chance decided in a step of the passage may be asked for only in its owner's next leg.
  std::size_t pick(std::size_t) override {
    auto& picks = picks_[legs.back().tag];
    std::uint16_t picked = 0;
    if (!picks.empty()) {
      picked = picks.front();
      picks.erase(picks.begin());
    }
    legs.back().picks.push_back(picked);
    return picked;
  }

  // Where replies are no steps, what follows one that took no time was done together with the effect.
  bool take_reply_at_once(std::span<const sim::Pending> pending) {
    if (faults_ || legs.empty()) return false;
    const auto place = place_of(legs.back().tag, pending);
    if (!place || pending[*place].who->part() != Part::reply || !pending[*place].delay.is_zero())
      return false;
    take(*place, pending);
    taken_ = none;
    return true;
  }

  void begin(const sim::PassageStep& step, const PassageEvent& event) {
    if (begun_) return;
    begun_ = true;
    auto& picks = picks_[event.tag];
    picks.insert(picks.end(), step.picks.begin(), step.picks.end());
  }

  // Whether all that the event waited for has passed.
  [[nodiscard]] bool is_done(const PassageEvent& event, bool is_pending) const {
    switch (event.part) {
      case Part::closing:
        return !is_pending;
      case Part::returning:
      case Part::ending:
      case Part::reply:
        return taken_ != none && waited_ == event.delay && taken_part_ == Part::reply;
      default:
        return taken_ != none && waited_ == event.delay && taken_part_ == event.part;
    }
  }

  [[nodiscard]] std::size_t leg_of_cause(const PassageEvent& event) const {
    return event.cause == none ? none : last_leg[event.cause];
  }

  void meet(std::span<const sim::Pending> pending) {
    std::vector<std::pair<std::uint64_t, std::size_t>> met;
    for (const sim::Pending& event : pending) {
      const auto known =
          std::ranges::find(causes_, event.order, &std::pair<std::uint64_t, std::size_t>::first);
      met.emplace_back(event.order, known == causes_.end() ? newest_leg() : known->second);
    }
    causes_ = std::move(met);
  }
  [[nodiscard]] std::size_t newest_leg() const { return legs.empty() ? none : legs.size() - 1; }

  [[nodiscard]] static std::optional<std::size_t> place_of(sim::Tag tag,
                                                           std::span<const sim::Pending> pending) {
    const auto found = std::ranges::find(pending, tag, [](const auto& event) { return event.who->tag(); });
    if (found == pending.end()) return std::nullopt;
    return static_cast<std::size_t>(found - pending.begin());
  }

  void take(std::size_t place, std::span<const sim::Pending> pending) {
    std::vector<std::size_t> possible;
    sim::possible_places(pending, possible);
    const sim::Pending& event = pending[place];
    const auto cause = std::ranges::find(causes_, event.order, &std::pair<std::uint64_t, std::size_t>::first);
    legs.push_back({event.who->tag(), event.who->part(), {}, event.delay, cause->second, {}});
    records_then.push_back(records_.size());
    taken_ = legs.size() - 1;
    taken_part_ = event.who->part();
    waited_ += event.delay;
    go_on({static_cast<std::uint16_t>(std::ranges::find(possible, place) - possible.begin())});
  }

  const sim::Passage& passage_;
  const std::vector<models::Record>& records_;
  bool faults_;
  std::vector<std::pair<std::uint64_t, std::size_t>> causes_;  // of what is pending
  std::map<sim::Tag, sim::Choices> picks_;                     // still to be asked for
  bool begun_ = false;                                         // the present step
  sim::Delay waited_;                                          // in the present step
  std::size_t taken_ = none;
  Part taken_part_ = Part::rest;
};

// The command whose effect or reply a leg ends with. `then`: how many records there were before that.
std::optional<models::Command> command_of(const Leg& leg, const std::vector<models::Record>& records,
                                          std::size_t then) {
  const models::TagParts owner = models::parts_of(leg.tag);
  const auto is_mine = [&](const models::Record& record) {
    return record.client == owner.who && is_counted(record);
  };
  if (leg.part == Part::effect) {
    const auto found =
        std::find_if(records.begin() + static_cast<std::ptrdiff_t>(then), records.end(), is_mine);
    if (found != records.end()) return found->command;
  }
  if (leg.part == Part::reply) {
    const auto found =
        std::find_if(records.rend() - static_cast<std::ptrdiff_t>(then), records.rend(), is_mine);
    if (found != records.rend()) return found->command;
  }
  return std::nullopt;
}

bool is_announcement(const PassageEvent& event) {
  return models::parts_of(event.tag).actor == models::Actor::announcement;
}

}  // namespace

namespace {

// The variables of a passage's events and the order of its steps; of the events for which `limited(event)`
// their delays, too.
template <class Limited>
Instants instants_where(const sim::Passage& passage, const Limited& limited) {
  Instants instants;
  for (std::size_t i = 0; i < passage.events.size(); ++i) {
    const PassageEvent& event = passage.events[i];
    const Instants::Variable variable = instants.add();
    if (!limited(i)) continue;
    const Instants::Variable cause =
        event.cause == none ? Instants::start : passage.steps[event.cause].event + 1;
    const auto least = sim::split(event.delay.least), most = sim::split(event.delay.most);
    instants.limit(cause, variable, -least.known, -least.unknowns);
    instants.limit(variable, cause, most.known, most.unknowns);
  }
  for (const sim::PassageStep& step : passage.steps) {
    const sim::Rank rank = rank_of(passage.events[step.event].part);
    for (const std::size_t other : step.pending) {
      const sim::Duration lead{rank_of(passage.events[other].part) < rank ? 1 : 0};
      instants.limit(step.event + 1, other + 1, -lead);
    }
  }
  return instants;
}

// Of events that happened legs say how long they took, but for announcements, which have none.
Instants order_of(const sim::Passage& passage) {
  std::vector<bool> has_legs(passage.events.size(), false);
  for (const sim::PassageStep& step : passage.steps) {
    has_legs[step.event] = !is_announcement(passage.events[step.event]);
  }
  return instants_where(passage, [&](std::size_t event) { return !has_legs[event]; });
}

}  // namespace

Instants instants_of(const sim::Passage& passage) {
  return instants_where(passage, [](std::size_t) { return true; });
}

Timetable::Timetable(ObservedRun& run, const sim::Passage& passage, bool faults)
    : instants_(order_of(passage)) {
  const auto& records = run.simulation().records();
  Unfolder unfolder(passage, records, faults);
  run.run(unfolder);
  unfolder.finish();
  whole_ = unfolder.last_leg.size() == passage.steps.size();
  if (!whole_) return;
  legs_ = std::move(unfolder.legs);
  first_ = passage.events.size() + 1;
  for (std::size_t i = 0; i < legs_.size(); ++i) {
    Leg& leg = legs_[i];
    leg.command = command_of(leg, records, unfolder.records_then[i]);
    const Instants::Variable variable = instants_.add();
    const Instants::Variable cause = leg.cause == none ? Instants::start : first_ + leg.cause;
    const auto least = sim::split(leg.delay.least), most = sim::split(leg.delay.most);
    instants_.limit(cause, variable, -least.known, -least.unknowns, 2 * i);
    instants_.limit(variable, cause, most.known, most.unknowns, 2 * i + 1);
  }
  for (std::size_t i = 0; i < passage.steps.size(); ++i) {
    const PassageEvent& event = passage.events[passage.steps[i].event];
    if (is_announcement(event)) continue;
    const Instants::Variable variable = passage.steps[i].event + 1;
    const std::size_t last = unfolder.last_leg[i];
    const Instants::Variable leg = last == none ? Instants::start : first_ + last;
    const sim::Duration offset = event.part == Part::closing ? after_return : sim::Duration{0};
    instants_.limit(variable, leg, offset);
    instants_.limit(leg, variable, -offset);
  }
}

std::optional<Schedule> Timetable::at(sim::Duration unknown) const {
  if (!whole_) return std::nullopt;
  const std::vector<sim::Time> at = instants_.round(unknown);
  if (at.empty()) return std::nullopt;
  std::vector<std::size_t> order(legs_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t leg) { return at[first_ + leg]; });
  Schedule schedule{.timed = true};
  for (const std::size_t leg : order) {
    schedule.moves.push_back({legs_[leg].tag, legs_[leg].picks, at[first_ + leg]});
  }
  return schedule;
}

std::vector<LegBound> Timetable::why_not(sim::Duration unknown) const {
  std::vector<LegBound> bounds;
  for (const std::size_t label : instants_.contradiction(unknown)) {
    bounds.push_back({legs_[label / 2], label % 2 == 1});
  }
  return bounds;
}

}  // namespace cacherace::exploration
