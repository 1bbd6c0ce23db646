// The states that an exploration met and the steps between them, and shortest ways through them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace cacherace::sim {

using StateIndex = std::uint32_t;
inline constexpr StateIndex no_state = UINT32_MAX;

// What a step or a state was seen to do: one bit each, named by whoever looks.
using Marks = std::uint32_t;

struct StepEdge {
  StateIndex from = 0;
  StateIndex to = 0;
  std::uint32_t counted = 0;  // what it counts in the length of a witness
  Marks marks = 0;
};

// A way from the first state: edges in order.
struct Way {
  std::uint32_t counted = 0;
  std::vector<std::uint32_t> edges;
  std::size_t told = SIZE_MAX;  // how many of the edges matter: the others only lead to the final state
};

class StateGraph {
 public:
  StateIndex add_state() { return states_++; }
  void add_edge(const StepEdge& edge) { edges_.push_back(edge); }
  void mark_final(StateIndex state, Marks marks) { finals_.push_back({state, marks}); }

  [[nodiscard]] StateIndex states() const { return states_; }
  // Memory in use, about, with what finish() will need.
  [[nodiscard]] std::uint64_t bytes() const { return edges_.size() * (sizeof(StepEdge) + 8) + states_ * 32; }
  [[nodiscard]] const StepEdge& edge(std::uint32_t index) const { return edges_[index]; }

  // All of the following need finish() after the last change: O(states + edges · log).
  void finish();

  // A way of least count, then of fewest steps, whose last step has a mark among `marks`.
  [[nodiscard]] std::optional<Way> to_step(Marks marks) const;

  // A way of least count up to the last step that has a mark among `deciding` before a final state with a
  // mark among `marks`: from there on that state can be reached by steps without them.
  [[nodiscard]] std::optional<Way> to_final(Marks marks, Marks deciding) const;

  // A way of least count to a state from which no final state can be reached.
  [[nodiscard]] std::optional<Way> to_dead_end() const;

 private:
  struct Final {
    StateIndex state;
    Marks marks;
  };
  struct Reached {
    std::uint64_t cost = UINT64_MAX;  // count, then steps
    std::uint32_t by = UINT32_MAX;    // the last edge
  };

  // For each state the edge to take towards the next of `to` along edges that have no mark among `without`.
  [[nodiscard]] std::vector<std::uint32_t> towards(std::vector<StateIndex> to, Marks without) const;
  [[nodiscard]] Way way_to(StateIndex state) const;
  template <class Accept>
  [[nodiscard]] std::optional<Way> cheapest(const Accept& accept) const;

  StateIndex states_ = 0;
  std::vector<StepEdge> edges_;
  std::vector<Final> finals_;
  std::vector<Reached> reached_;
  std::vector<std::uint32_t> into_begin_, into_;  // by state: the edges that lead to it
};

}  // namespace cacherace::sim
