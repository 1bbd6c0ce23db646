// What must come before what, among versions; and a short cycle, if there is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

class VersionGraph {
 public:
  using Node = std::uint32_t;

  // A step from one version to another and the operations that ask for it (`nowhere`: time does).
  // Nodes from `versions` on are no versions but places on lines: they have no length.
  struct Edge {
    Node from, to;
    Position first = nowhere, second = nowhere;
    bool asked = false;  // by the guarantee
  };

  VersionGraph(std::size_t nodes, std::size_t versions) : nodes_(nodes), versions_(versions) {}

  void add(const Edge& edge) { edges_.push_back(edge); }

  // The edges of a short cycle with an asked step in it; empty where there is none.
  std::vector<Edge> cycle();

 private:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  void index_edges();
  void find_components();
  void visit(Node root);
  bool shortest_through(const Edge& asked, std::uint32_t shorter_than);
  [[nodiscard]] std::vector<Edge> path_through(const Edge& asked) const;

  std::size_t nodes_, versions_;
  std::vector<Edge> edges_;
  std::vector<std::size_t> begin_;  // by node: its first edge
  std::vector<std::uint32_t> component_;

  // Of the depth-first search.
  std::vector<std::uint32_t> number_, low_;
  std::vector<std::size_t> next_edge_;
  std::vector<Node> path_, open_;
  std::uint32_t numbers_ = 0, components_ = 0;

  // Of the breadth-first one.
  std::vector<std::uint32_t> distance_;
  std::vector<std::size_t> entered_by_;
  std::vector<Node> reached_;
};

}  // namespace cacherace::verify
