// Every order of steps, remembering states.
//
// A state is brought back by running its choices again from the start; from there the run goes on along steps
// not yet taken until it comes to a state that was met before, or to an end. So there is one run for each
// edge that closes the graph, whatever the order in which states are met, and shortest ways are found in the
// finished graph (state_graph.hpp). Source of the method: stateful model checking by re-execution, as in
// Holzmann, "The model checker SPIN" (1997), with hash compaction (Wolper and Leroy, CAV 1993): of a state
// only its digest is kept. Cost: edges · (length of a way · one wake-up) + states · one look.
//
// Steps (chooser.hpp) are indivisible: what an opening leads to happens together with it, and the rest of a
// step at once. Each step has an instant of its own, 1 ns after the one before.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/digest.hpp"
#include "sim/script_chooser.hpp"
#include "sim/search_progress.hpp"
#include "sim/state_graph.hpp"

namespace cacherace::sim {

// What there is to see between two steps.
struct Sight {
  Digest state;               // equal iff nothing that can still come differs
  Marks marks = 0;            // of the step; of a state without successors: of the state
  std::uint32_t counted = 0;  // in addition to the step itself
};

// What is explored. Its future must depend on nothing but what `state` stands for.
class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  // One run from the very beginning, until nothing is left to do or the chooser has seen enough.
  virtual void run(Chooser& chooser) = 0;

  // Inside a run, between two steps: what the steps since the last look (or the beginning) did. `pending` is
  // empty when nothing is left to do; then marks are those of the final state, too.
  virtual Sight look(std::span<const Pending> pending) = 0;

  // The same where nobody asks what was done: the steps so far are known.
  virtual void pass() = 0;

  // A final state, met for the first time: right after look().
  virtual void see_final() = 0;
};

struct ExploreLimits {
  std::uint64_t states = UINT64_MAX;
  std::uint32_t steps = 100'000;     // of one way: what goes on longer is taken for endless
  std::uint64_t bytes = UINT64_MAX;  // of memory, about
  SearchWatch watch;                 // told before each run; may be empty
};

class Explorer {
 public:
  explicit Explorer(Subject& subject) : subject_(subject) {}

  // Whether everything was explored; false: a limit came first.
  bool explore(const ExploreLimits& limits);

  [[nodiscard]] const StateGraph& graph() const { return graph_; }
  // Memory in use, about.
  [[nodiscard]] std::uint64_t bytes() const;
  // The marks of all steps and final states.
  [[nodiscard]] Marks seen() const { return seen_; }

  // Choices that make a run go along the way, step by step. States that are interchangeable share a digest,
  // so each step is looked for among those that can be taken.
  std::vector<Choices> choices_along(const Way& way);

 private:
  class Run;
  class Probe;

  // A step that is still to be taken, of a known state: its first choices.
  struct Branch {
    StateIndex state;
    std::uint32_t first, count;  // in pool_
  };
  struct State {
    Digest digest;
    StateIndex parent;           // the way it was met on
    std::uint32_t first, count;  // in pool_: the choices of the step from there
    std::uint32_t depth;
  };

  void add_branch(StateIndex state, const Choices& step, std::uint16_t last);
  [[nodiscard]] std::uint32_t depth_of(StateIndex state) const;
  [[nodiscard]] Choices choices_to(const Branch& branch) const;
  // The place of the digest in table_, or the free place where it belongs.
  [[nodiscard]] std::size_t place_of(const Digest& digest) const;
  StateIndex add_state(const Digest& digest, StateIndex parent, const Choices& step);
  Choices step_to(const Choices& way, const StepEdge& edge);

  Subject& subject_;
  StateGraph graph_;
  Marks seen_ = 0;
  bool too_long_ = false;
  bool cut_short_ = false;  // a way ended where there were as many states as may be
  std::uint64_t states_max_ = 0;
  std::uint32_t steps_max_ = 0;
  std::vector<State> states_;
  std::vector<StateIndex> table_;  // open addressing by Digest::low
  Choices pool_;
  std::vector<Branch> branches_;
};

}  // namespace cacherace::sim
