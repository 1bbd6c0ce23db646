// Instants that satisfy differences: t(x) - t(y) <= c + n * u, where u is one unknown duration.
//
// Feasible iff the graph of the bounds has no negative cycle (Bellman and Ford; Cormen et al., "Introduction
// to Algorithms", 24.4). A negative cycle at some u is a bound on u: so the range of u is found in as many
// steps as there are cycles that matter (Newton's method on a concave function, as Dinkelbach 1967).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/time.hpp"

namespace cacherace::sim {

class Instants {
 public:
  using Variable = std::size_t;
  static constexpr Variable start = 0;  // instant 0
  static constexpr std::size_t no_label = SIZE_MAX;

  Variable add();
  // t(x) - t(y) <= known + unknowns * u. `label`: what it is to whoever asks what a range comes from.
  void limit(Variable x, Variable y, Duration known, std::int64_t unknowns = 0, std::size_t label = no_label);

  // The least and the greatest u in [from, to] for which there are instants. O(cycles · variables · limits).
  [[nodiscard]] std::optional<std::pair<Duration, Duration>> range(Duration from, Duration to) const;

  // Why there are no instants for this u: the labels of limits that contradict each other, each as often as
  // it counts. Empty: there are some.
  [[nodiscard]] std::vector<std::size_t> contradiction(Duration u) const;

  // Instants for this u, by variable: in the order of the variables each as round as the ones before it
  // allow, then as early. Empty: there are none. O(variables^3).
  [[nodiscard]] std::vector<Time> round(Duration u) const;

 private:
  struct Limit {
    Variable x, y;
    std::int64_t known, unknowns;
    std::size_t label;
  };
  struct Cycle {
    std::int64_t known = 0, unknowns = 0;
    std::vector<std::size_t> labels;
  };

  [[nodiscard]] std::optional<Cycle> negative_cycle(std::int64_t u) const;

  std::size_t variables_ = 1;
  std::vector<Limit> limits_;
};

}  // namespace cacherace::sim
