#include "sim/state_graph.hpp"

#include <algorithm>
#include <queue>
#include <tuple>
#include <utility>

namespace cacherace::sim {
namespace {

// Counts come first, steps that count nothing decide between equals.
std::uint64_t cost_of(const StepEdge& edge) {
  return (std::uint64_t{edge.counted} << 32U) + 1;
}

constexpr std::uint32_t unreachable = UINT32_MAX, arrived = UINT32_MAX - 1;

// The edges in the order of `end_of(edge)`: where the edges of each state begin in the list, and the list.
template <class EndOf>
std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> grouped(const std::vector<StepEdge>& edges,
                                                                          StateIndex states,
                                                                          const EndOf& end_of) {
  std::vector<std::uint32_t> begin(states + 1, 0);
  for (const StepEdge& edge : edges) ++begin[end_of(edge) + 1];
  for (StateIndex state = 0; state < states; ++state) begin[state + 1] += begin[state];
  std::vector<std::uint32_t> next(begin.begin(), begin.end());
  std::vector<std::uint32_t> list(edges.size());
  for (std::uint32_t i = 0; i < edges.size(); ++i) list[next[end_of(edges[i])]++] = i;
  return {std::move(begin), std::move(list)};
}

}  // namespace

// Dijkstra's algorithm from state 0.
void StateGraph::finish() {
  std::tie(into_begin_, into_) = grouped(edges_, states_, [](const StepEdge& edge) { return edge.to; });
  const auto [from_begin, from] = grouped(edges_, states_, [](const StepEdge& edge) { return edge.from; });
  reached_.assign(states_, {});
  if (states_ == 0) return;
  using Entry = std::pair<std::uint64_t, StateIndex>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  reached_[0].cost = 0;
  open.push({0, 0});
  while (!open.empty()) {
    const auto [cost, state] = open.top();
    open.pop();
    if (cost > reached_[state].cost) continue;
    for (std::uint32_t i = from_begin[state]; i < from_begin[state + 1]; ++i) {
      const StepEdge& edge = edges_[from[i]];
      const std::uint64_t sum = cost + cost_of(edge);
      if (sum >= reached_[edge.to].cost) continue;
      reached_[edge.to] = {sum, from[i]};
      open.push({sum, edge.to});
    }
  }
}

Way StateGraph::way_to(StateIndex state) const {
  Way way;
  way.counted = static_cast<std::uint32_t>(reached_[state].cost >> 32U);
  for (StateIndex at = state; at != 0; at = edges_[way.edges.back()].from) {
    way.edges.push_back(reached_[at].by);
  }
  std::ranges::reverse(way.edges);
  return way;
}

template <class Accept>
std::optional<Way> StateGraph::cheapest(const Accept& accept) const {
  std::uint64_t best = UINT64_MAX;
  std::uint32_t last = 0;
  for (std::uint32_t i = 0; i < edges_.size(); ++i) {
    if (!accept(edges_[i])) continue;
    const std::uint64_t cost = reached_[edges_[i].from].cost + cost_of(edges_[i]);
    if (cost >= best) continue;
    best = cost;
    last = i;
  }
  if (best == UINT64_MAX) return std::nullopt;
  Way way = way_to(edges_[last].from);
  way.edges.push_back(last);
  way.counted += edges_[last].counted;
  return way;
}

std::vector<std::uint32_t> StateGraph::towards(std::vector<StateIndex> to, Marks without) const {
  std::vector<std::uint32_t> next(states_, unreachable);
  for (const StateIndex state : to) next[state] = arrived;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const StateIndex state = to[i];
    for (std::uint32_t j = into_begin_[state]; j < into_begin_[state + 1]; ++j) {
      const StepEdge& edge = edges_[into_[j]];
      if ((edge.marks & without) != 0 || next[edge.from] != unreachable) continue;
      next[edge.from] = into_[j];
      to.push_back(edge.from);
    }
  }
  return next;
}

std::optional<Way> StateGraph::to_step(Marks marks) const {
  return cheapest([&](const StepEdge& edge) { return (edge.marks & marks) != 0; });
}

std::optional<Way> StateGraph::to_final(Marks marks, Marks deciding) const {
  std::vector<StateIndex> wanted;
  for (const Final& final : finals_) {
    if ((final.marks & marks) != 0) wanted.push_back(final.state);
  }
  if (wanted.empty()) return std::nullopt;
  const auto next = towards(std::move(wanted), deciding);
  std::optional<Way> way = Way{};
  if (next[0] == unreachable) {
    way = cheapest(
        [&](const StepEdge& edge) { return (edge.marks & deciding) != 0 && next[edge.to] != unreachable; });
  }
  if (!way) return way;
  way->told = way->edges.size();
  StateIndex state = way->edges.empty() ? 0 : edges_[way->edges.back()].to;
  for (; next[state] != arrived; state = edges_[next[state]].to) way->edges.push_back(next[state]);
  return way;
}

std::optional<Way> StateGraph::to_dead_end() const {
  std::vector<StateIndex> ends;
  for (const Final& final : finals_) ends.push_back(final.state);
  const auto next = towards(std::move(ends), 0);
  StateIndex best = no_state;
  for (StateIndex state = 0; state < states_; ++state) {
    if (next[state] != unreachable) continue;
    if (best == no_state || reached_[state].cost < reached_[best].cost) best = state;
  }
  if (best == no_state) return std::nullopt;
  return way_to(best);
}

}  // namespace cacherace::sim
