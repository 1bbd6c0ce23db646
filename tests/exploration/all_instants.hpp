// The obvious twin of timed exploration: every run by time that the supports allow. Each delay takes every
// whole number of nanoseconds that it may, events of one instant take every order, each run goes to its end
// and is judged by verify/. No memory, no reduction, nothing in common with zones.
#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "exploration/exploration.hpp"
#include "outcomes.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "sim/chooser.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"
#include "verify/judge.hpp"

namespace cacherace::exploration {

using Flags = std::array<bool, property_names.size()>;

class Decider {
 public:
  Decider() = default;
  Decider(const Decider&) = delete;
  Decider& operator=(const Decider&) = delete;
  virtual ~Decider() = default;
  virtual std::size_t choose(std::size_t count) = 0;
};

// Counts through all lists of choices, whatever each choice depends on: after a run the last choice that has
// another possibility takes it, and those behind it begin again.
class Odometer final : public Decider {
 public:
  std::size_t choose(std::size_t count) override {
    if (place_ == digits_.size()) digits_.push_back({0, count});
    return digits_[place_++].chosen;
  }
  // Whether there is another list.
  bool advance() {
    place_ = 0;
    while (!digits_.empty() && ++digits_.back().chosen == digits_.back().count) digits_.pop_back();
    return !digits_.empty();
  }

 private:
  struct Digit {
    std::size_t chosen, count;
  };
  std::vector<Digit> digits_;
  std::size_t place_ = 0;
};

// Where there are too many runs: some of them.
class Chance final : public Decider {
 public:
  explicit Chance(std::uint64_t seed) : stream_(seed, 0, sim::Purpose(0, 0)) {}
  std::size_t choose(std::size_t count) override {
    return count == 1 ? 0 : static_cast<std::size_t>(stream_.next_pair().first % count);
  }

 private:
  sim::Stream stream_;
};

// One run by time. An expiry is no event here: Redis looks at the clock itself.
class OneRunByTime final : public sim::Chooser {
 public:
  explicit OneRunByTime(Decider& choices) : choices_(choices) {}

  // What takes time.
  static bool is_event(sim::Part part) {
    using enum sim::Part;
    return part != issue && part < returning;
  }
  bool holds(sim::Part part) override { return is_event(part); }

  std::size_t next(std::span<const sim::Pending> pending) override {
    for (const sim::Pending& event : pending) meet(event);
    const std::size_t place = place_of_next(pending);
    std::erase_if(due_, [&](const Due& due) { return due.order == pending[place].order; });
    return place;
  }
  sim::Time instant(const sim::Pending&, sim::Time) override { return now_; }
  std::size_t pick(std::size_t count) override { return choices_.choose(count); }

 private:
  struct Due {
    std::uint64_t order;
    sim::Time at;
  };

  void meet(const sim::Pending& event) {
    if (std::ranges::find(due_, event.order, &Due::order) != due_.end()) return;
    const auto lengths = static_cast<std::size_t>(sim::nanos(event.delay.most - event.delay.least)) + 1;
    const auto more = static_cast<std::int64_t>(choices_.choose(lengths));
    due_.push_back({event.order, now_ + event.delay.least + sim::Duration(more)});
  }

  // What was due earlier happens now: it waited for what its Wakeable did before.
  [[nodiscard]] sim::Time due(const sim::Pending& event) const {
    return std::max(std::ranges::find(due_, event.order, &Due::order)->at, now_);
  }

  std::size_t place_of_next(std::span<const sim::Pending> pending) {
    std::vector<std::size_t>& first = first_;  // of those that are due first
    first.clear();
    for (std::size_t i = 0; i < pending.size(); ++i) {
      if (!holds(pending[i].who->part())) return i;
      const auto same = [&](const sim::Pending& earlier) { return earlier.who == pending[i].who; };
      if (std::ranges::any_of(pending.first(i), same)) continue;
      if (!first.empty() && due(pending[i]) < due(pending[first.front()])) first.clear();
      if (first.empty() || due(pending[i]) == due(pending[first.front()])) first.push_back(i);
    }
    now_ = due(pending[first.front()]);
    return first[first.size() == 1 ? 0 : choices_.choose(first.size())];
  }

  Decider& choices_;
  sim::Time now_{};
  std::vector<Due> due_;
  std::vector<std::size_t> first_;
};

struct Reached {
  Flags flags{};
  std::set<std::vector<std::int64_t>> outcomes;
  std::uint64_t runs = 0;
  bool whole = true;  // false: there are more runs than wanted

  void reach(Property property, bool is_so = true) { flags[index_of(property)] |= is_so; }
};

class AllInstants {
 public:
  AllInstants(const Scenario& scenario, const StrategyChoice& strategy)
      : setup_(scenario.setup), simulation_(scenario, strategy), observer_(scenario.setup) {}

  Reached search(std::uint64_t runs_max) {
    Reached reached;
    Odometer choices;
    do {
      if (++reached.runs > runs_max) {
        reached.whole = false;
        return reached;
      }
      run(choices, reached);
    } while (choices.advance());
    return reached;
  }

  Reached sample(std::uint64_t runs, std::uint64_t seed) {
    Reached reached;
    Chance chance(seed);
    for (; reached.runs < runs; ++reached.runs) run(chance, reached);
    return reached;
  }

 private:
  void run(Decider& choices, Reached& reached) {
    OneRunByTime run(choices);
    simulation_.choose_by(&run);
    judge(simulation_.run(0), reached);
  }

  void judge(const sim::RunEnd& end, Reached& reached) {
    const verify::Execution& execution = observer_.observe(simulation_.records(), end);
    const verify::Verdict& verdict = judge_.judge(execution);
    reached.reach(Property::nonlinearizable, !verdict.linearizable);
    reached.reach(Property::lost_write, verdict.lost_writes > 0);
    reached.reach(Property::stuck, !verdict.stuck.empty());
    for (const auto& read : verdict.reads) {
      reached.reach(Property::stale_read, read.stale_age >= 0);
      reached.reach(Property::inversion, read.inversion);
      reached.reach(Property::dirty_read, read.dirty);
    }
    reached.outcomes.insert(outcome_of(execution, held_in_the_end(end, reached)));
  }

  const std::vector<Held>& held_in_the_end(const sim::RunEnd& end, Reached& reached) {
    const sim::Time first_expiry = setup_.redis.ttl ? sim::time_zero + *setup_.redis.ttl : sim::time_never;
    held_.assign(setup_.keys.count, Held{setup_.keys.cached});
    expiry_.assign(setup_.keys.count, first_expiry);
    std::uint64_t committed = 1;
    for (const models::Record& record : simulation_.records()) {
      const std::uint32_t value = models::number_of(record.row.value);
      Held& held = held_[models::index_of(record.key)];
      if (record.fact == models::Fact::committed) {
        held.newest = value;
        committed |= std::uint64_t{1} << value;
      } else if (record.fact == models::Fact::cache_deleted) {
        held = {false, 0, held.newest};
      } else if (record.fact == models::Fact::cache_set) {
        held = {true, value, held.newest};
        expiry_[models::index_of(record.key)] = record.until;
        reached.reach(Property::cache_ahead, (committed >> value & 1U) == 0);
      }
    }
    for (std::size_t key = 0; key < held_.size(); ++key) {
      if (held_[key].any && expiry_[key] <= end.at) held_[key] = {false, 0, held_[key].newest};
    }
    return held_;
  }

  const models::Setup& setup_;
  scenarios::Simulation simulation_;
  scenarios::Observer observer_;
  verify::Judge judge_;
  std::vector<Held> held_;
  std::vector<sim::Time> expiry_;
};

}  // namespace cacherace::exploration
