#include "verify/version_graph.hpp"

#include <algorithm>
#include <deque>

namespace cacherace::verify {

std::vector<VersionGraph::Edge> VersionGraph::cycle() {
  constexpr int tries = 64;
  index_edges();
  find_components();
  std::vector<Edge> best;
  std::uint32_t length = none;
  int tried = 0;
  for (const Edge& edge : edges_) {
    if (!edge.asked || component_[edge.from] != component_[edge.to]) continue;
    if (shortest_through(edge, length)) {
      length = distance_[edge.from];
      best = path_through(edge);
    }
    if (++tried == tries || length == 2) break;
  }
  return best;
}

// Orders the edges by where they come from, by counting.
void VersionGraph::index_edges() {
  begin_.assign(nodes_ + 1, 0);
  for (const Edge& edge : edges_) ++begin_[edge.from + 1];
  for (std::size_t node = 0; node < nodes_; ++node) begin_[node + 1] += begin_[node];
  std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
  std::vector<Edge> sorted(edges_.size());
  for (const Edge& edge : edges_) sorted[next[edge.from]++] = edge;
  edges_.swap(sorted);
  distance_.assign(nodes_, none);
  entered_by_.assign(nodes_, 0);
}

void VersionGraph::find_components() {
  component_.assign(nodes_, none);
  number_.assign(nodes_, none);
  low_.assign(nodes_, none);
  next_edge_.assign(begin_.begin(), begin_.end() - 1);
  for (Node node = 0; node < nodes_; ++node) {
    if (number_[node] == none) visit(node);
  }
}

// Tarjan's search with a path of its own, as histories are long.
void VersionGraph::visit(Node root) {
  const auto enter = [this](Node node) {
    number_[node] = low_[node] = numbers_++;
    path_.push_back(node);
    open_.push_back(node);
  };
  enter(root);
  while (!path_.empty()) {
    const Node node = path_.back();
    if (next_edge_[node] < begin_[node + 1]) {
      const Node to = edges_[next_edge_[node]++].to;
      if (number_[to] == none) {
        enter(to);
      } else if (component_[to] == none) {
        low_[node] = std::min(low_[node], number_[to]);
      }
      continue;
    }
    path_.pop_back();
    if (!path_.empty()) low_[path_.back()] = std::min(low_[path_.back()], low_[node]);
    if (low_[node] != number_[node]) continue;
    for (Node member = none; member != node; open_.pop_back()) {
      member = open_.back();
      component_[member] = components_;
    }
    ++components_;
  }
}

// From where `asked` leads back to where it comes from; only steps into versions count.
bool VersionGraph::shortest_through(const Edge& asked, std::uint32_t shorter_than) {
  for (const Node node : reached_) distance_[node] = none;
  reached_.assign(1, asked.to);
  std::deque<Node> next{asked.to};
  distance_[asked.to] = 1;
  while (!next.empty() && next.front() != asked.from) {
    const Node node = next.front();
    next.pop_front();
    for (std::size_t e = begin_[node]; e < begin_[node + 1]; ++e) {
      const Node to = edges_[e].to;
      if (component_[to] != component_[node]) continue;
      const std::uint32_t distance = distance_[node] + (to < versions_ ? 1 : 0);
      if (distance >= distance_[to] || distance >= shorter_than) continue;
      if (distance_[to] == none) reached_.push_back(to);
      distance_[to] = distance;
      entered_by_[to] = e;
      if (to < versions_) {
        next.push_back(to);
      } else {
        next.push_front(to);
      }
    }
  }
  return distance_[asked.from] != none;
}

std::vector<VersionGraph::Edge> VersionGraph::path_through(const Edge& asked) const {
  std::vector<Edge> path;
  for (Node node = asked.from; node != asked.to; node = edges_[entered_by_[node]].from) {
    path.push_back(edges_[entered_by_[node]]);
  }
  path.push_back(asked);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace cacherace::verify
