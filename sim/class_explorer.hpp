// Every order of events that the supports of their delays allow, in dense time: state classes, remembered
// with inclusion.
//
// A class is a state (what code and stores are at, without time) and a zone (zone.hpp: when its pending
// events can happen). What an event leads to depends on the state alone, so each state's steps are run once,
// from the beginning along known choices; zones then follow by arithmetic. A class whose zone lies in that of
// a known class of its state adds nothing. States are expanded in the order of their depth: as every step is
// some client's progress, all classes of a state are in before it is expanded.
//
// Interchangeable parts of a state (`Block`) are put in the order of their bounds.
//
// Source: the state-class graph of Berthomieu and Diaz (1991), inclusion as in Daws and Tripakis (TACAS
// 1998). Cost: one run for each (state, event); n^2 for each class and event, times the classes of the state
// that it is compared with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/digest.hpp"
#include "sim/script_chooser.hpp"
#include "sim/search_progress.hpp"
#include "sim/state_graph.hpp"
#include "sim/unknown.hpp"
#include "sim/zone.hpp"

namespace cacherace::sim {

// `count` interchangeable parts of `length` slots each, side by side from `first` on.
struct Block {
  std::size_t first, length, count;
};

// What there is to see between two steps.
struct TimedSight {
  Digest state;     // equal iff nothing that can still come differs, but for the time it takes
  Marks marks = 0;  // of the step; of a final state: of the state, too
  std::vector<std::size_t>
      order;  // the pending events' places in the order of slots, the same for equal states
  std::vector<Block> blocks;

  void clear() {
    state = {};
    marks = 0;
    order.clear();
    blocks.clear();
  }
};

// What is explored; see Subject in explorer.hpp.
class TimedSubject {
 public:
  TimedSubject() = default;
  TimedSubject(const TimedSubject&) = delete;
  TimedSubject& operator=(const TimedSubject&) = delete;
  virtual ~TimedSubject() = default;

  virtual void run(Chooser& chooser) = 0;
  virtual void look(std::span<const Pending> pending, TimedSight& sight) = 0;
  virtual void pass() = 0;
  virtual void see_final() = 0;
};

struct ClassLimits {
  std::uint64_t states = UINT64_MAX;
  std::uint64_t bytes = UINT64_MAX;  // for states, classes and zones
  Marks enough = 0;                  // end at the first of these marks
  SearchWatch watch;                 // told often; may be empty
  bool inclusion = true;             // false: only equal zones are one, for comparison
};

class ClassExplorer {
 public:
  using ClassIndex = std::uint32_t;
  static constexpr ClassIndex no_class = UINT32_MAX;

  // A step with marks, and the first class that it was feasible in.
  struct Finding {
    Marks marks;
    ClassIndex from;
    std::uint32_t edge;
  };

  // A step of a way that is to be walked again (passage.hpp).
  struct WayStep {
    std::size_t slot;                // of the event that happens, before the step
    Choices picks;                   // what chance decided in it
    std::vector<std::size_t> from;   // of each slot after it: the slot before, or SIZE_MAX and …
    std::vector<std::size_t> fresh;  // … the number among the events that the step made
    std::vector<std::size_t> order;  // then slot i is what was slot order[i]; empty: nothing changed
  };

  // `unknown`: what an unknown duration (unknown.hpp) may be, each time anew.
  ClassExplorer(TimedSubject& subject, const Grain& grain, std::optional<Delay> unknown = std::nullopt)
      : subject_(subject), grain_(grain), unknown_(unknown) {}

  // Whether everything was explored; false: a limit came first, or enough was seen.
  bool explore(const ClassLimits& limits);

  [[nodiscard]] Marks seen() const { return seen_; }
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] std::uint64_t states() const { return states_.size(); }
  [[nodiscard]] std::uint64_t classes() const { return classes_.size(); }
  // A mix of all states and classes, in the order in which they were met.
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] std::uint64_t bytes() const;

  // The slots at the beginning, as places of the pending events in the order of creation.
  [[nodiscard]] const std::vector<std::size_t>& first_order() const { return states_.front().order; }
  [[nodiscard]] std::vector<WayStep> way_to(const Finding& finding) const;
  // The step to a state from which no final one can be reached. After a complete exploration.
  [[nodiscard]] std::optional<Finding> dead_end() const;

 private:
  class Step;

  struct State {
    Digest digest;
    StateIndex parent;
    Choices step;  // from there
    std::uint32_t depth;
    bool is_final;
    bool queued = false;
    std::vector<std::size_t> order;      // slot -> place among the pending events, on its own way
    std::vector<std::uint64_t> created;  // place -> order of creation, there
    std::vector<std::int32_t>
        choice;  // slot -> the choice that takes it; -1: its Wakeable has an earlier one
    std::vector<Block> blocks;
    std::vector<Rank> ranks;                        // by slot
    std::vector<std::vector<std::uint32_t>> edges;  // by slot; empty: not yet known
    std::vector<zone::Bound> zones;
    std::vector<ClassIndex> class_of;  // by zone
    std::size_t expanded = 0;          // zones that went on already
  };
  struct Edge {
    StateIndex to;
    std::size_t slot;
    Choices step;
    Marks marks;
    std::vector<zone::Origin> origins;  // of the slots of `to`
    std::vector<std::size_t> fresh;     // see WayStep
    bool found = false;                 // its marks are in findings_
  };
  struct Class {
    StateIndex state;
    ClassIndex parent;
    std::uint32_t edge;
    std::uint32_t order;   // in orders_: how its slots were put in order; 0: as they were
    bool covered = false;  // by one met later
  };

  [[nodiscard]] Delay known(const Delay& delay) const {
    return unknown_ ? resolved(delay, *unknown_) : delay;
  }
  void take_steps(StateIndex from, std::size_t slot);
  StateIndex arrive(std::span<const Pending> pending, StateIndex parent, const Choices& step);
  void add_edge(StateIndex from, std::size_t slot, StateIndex to, std::span<const Pending> pending,
                const Choices& step);
  StateIndex add_state(std::span<const Pending> pending, StateIndex parent, const Choices& step);
  void expand(StateIndex state);
  void go_on(StateIndex state, std::size_t zone_index);
  void follow(StateIndex state, std::size_t zone_index, std::uint32_t edge);
  [[nodiscard]] bool covers(std::span<const zone::Bound> known, std::span<const zone::Bound> zone) const;
  void add_class(StateIndex state, ClassIndex parent, std::uint32_t edge);
  std::uint32_t put_in_order(const State& state);
  void note(ClassIndex from, std::uint32_t edge);
  void queue(StateIndex state);
  [[nodiscard]] bool must_end(std::uint32_t depth) const;
  [[nodiscard]] Choices choices_to(StateIndex state) const;
  [[nodiscard]] std::size_t place_of(const Digest& digest) const;
  [[nodiscard]] std::span<const zone::Bound> zone_of(const State& state, std::size_t index) const;

  TimedSubject& subject_;
  Grain grain_;
  std::optional<Delay> unknown_;
  ClassLimits limits_;
  Marks seen_ = 0;
  Digest digest_;
  bool enough_ = false;
  std::vector<State> states_;
  std::vector<StateIndex> table_;  // open addressing by Digest::low
  std::vector<Edge> edges_;
  std::vector<Class> classes_;
  std::vector<std::vector<std::size_t>> orders_ = {{}};
  std::vector<Finding> findings_;
  std::vector<zone::Origin> first_slots_;
  std::vector<std::vector<StateIndex>> levels_;  // states to expand, by depth
  std::size_t lowest_ = SIZE_MAX;                // level that got something to expand since the last look
  std::uint64_t bounds_ = 0;                     // kept in zones
  std::vector<zone::Bound> scratch_, ordered_;
  TimedSight sight_;
};

}  // namespace cacherace::sim
