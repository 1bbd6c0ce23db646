#include "verify/sessions.hpp"

#include <algorithm>

#include "verify/version_graph.hpp"

namespace cacherace::verify {
namespace {

class SessionGraphs {
 public:
  SessionGraphs(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                const Overwritten& overwritten)
      : view_(view), chains_(chains), zones_(zones), overwritten_(overwritten) {
    for (Position i = 0; i < view.operation_count(); ++i) {
      if (view.tells(i) && zones.of(i) == no_zone) faulty_ = true;
    }
  }

  // `seen`: held against what clients saw, else against time.
  Session judge(OperationKind first, OperationKind then, bool seen) {
    first_ = first;
    then_ = then;
    seen_ = seen;
    list_spans();
    Session session;
    const std::vector<VersionGraph::Edge> cycle =
        spans_.empty() ? std::vector<VersionGraph::Edge>{} : graph().cycle();
    if (!cycle.empty()) {
      session.holds = false;
      session.cycle = operations_of(cycle);
    } else if (!faulty_) {
      session.holds = true;
    }
    return session;
  }

 private:
  struct Span {
    Nanos from, to;
  };

  // Calls each(before, at, asked) for every step.
  template <typename Each>
  void for_steps(Each&& each) const {
    for_steps_of(first_, then_, [&](Position before, Position at) { each(before, at, true); });
    if (!seen_) return;
    for_steps_of(OperationKind::read, OperationKind::read,
                 [&](Position before, Position at) { each(before, at, false); });
  }

  // From what each client did first to what it did then; from the last of them only, as the earlier ones are
  // before that one: by the same steps, by time, or (writes of one client that meet at an instant) by a walk.
  template <typename Each>
  void for_steps_of(OperationKind first, OperationKind then, Each&& each) const {
    std::vector<Position> latest(view_.operation_count(), nowhere);  // of kind `first`, up to this operation
    for (Position i = 0; i < view_.operation_count(); ++i) {
      const Position previous = chains_.previous(i);
      latest[i] = previous == nowhere ? nowhere : latest[previous];
      if (zones_.of(i) == no_zone) continue;
      const OperationKind kind = view_.operation(i).kind;
      if (kind == then) {
        for (Position before = latest[i]; before != nowhere; before = also_before(latest, before, i)) {
          if (zones_.of(before) != zones_.of(i)) each(before, i);
        }
      }
      if (kind == first) latest[i] = i;
    }
  }

  // What its client did before `before`, if that says nothing of it and the operation at `at`: a write that
  // met it at an instant; a read, where the client had read its own write ahead (at an instant, too).
  Position also_before(const std::vector<Position>& latest, Position before, Position at) const {
    const Position previous = chains_.previous(before);
    const Position earlier = previous == nowhere ? nowhere : latest[previous];
    if (earlier == nowhere) return nowhere;
    if (view_.operation(before).kind == OperationKind::write) {
      return view_.end(earlier) < view_.start(before) ? nowhere : earlier;
    }
    const bool own_ahead =
        view_.operation(at).kind == OperationKind::write && zones_.of(before) == zones_.of(at);
    return own_ahead ? earlier : nowhere;
  }

  // What steps that do not raise f span, joined, ascending.
  void list_spans() {
    spans_.clear();
    for_steps([this](Position before, Position at, bool) {
      const Nanos to = zones_[zones_.of(before)].first_return;
      const Nanos from = zones_[zones_.of(at)].first_return;
      if (from <= to) spans_.push_back({from, to});
    });
    std::sort(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
    std::size_t joined = 0;
    for (const Span& span : spans_) {
      if (joined > 0 && span.from <= spans_[joined - 1].to) {
        spans_[joined - 1].to = std::max(spans_[joined - 1].to, span.to);
      } else {
        spans_[joined++] = span;
      }
    }
    spans_.resize(joined);
  }

  bool spanned(ZoneIndex zone) const {
    const Nanos there = zones_[zone].first_return;
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), there,
                                        [](Nanos bound, const Span& span) { return bound < span.from; });
    return after != spans_.begin() && there <= std::prev(after)->to;
  }

  VersionGraph graph() {
    versions_.clear();
    if (spanned(0)) versions_.push_back(0);
    for (const ZoneIndex zone : overwritten_.by_invocation()) {
      if (spanned(zone)) versions_.push_back(zone);
    }
    node_of_.assign(zones_.size(), no_zone);
    for (std::uint32_t node = 0; node < versions_.size(); ++node) node_of_[versions_[node]] = node;
    VersionGraph graph(2 * versions_.size() + 1, versions_.size());
    if (seen_) {
      if (spanned(0)) {
        for (std::uint32_t node = 1; node < versions_.size(); ++node) graph.add({0, node});
      }
    } else {
      add_time(graph);
    }
    for_steps([&](Position before, Position at, bool asked) {
      const ZoneIndex from = node_of_[zones_.of(before)];
      const ZoneIndex to = node_of_[zones_.of(at)];
      if (from != no_zone && to != no_zone) graph.add({from, to, before, at, asked});
    });
    return graph;
  }

  // Versions, and a node for each place in their order of invocation: what leads to a place is before all
  // versions from there on.
  void add_time(VersionGraph& graph) const {
    const auto count = static_cast<std::uint32_t>(versions_.size());
    for (std::uint32_t node = 0; node < count; ++node) {
      graph.add({count + node, node});
      graph.add({count + node, count + node + 1});
      const auto newer =
          std::upper_bound(versions_.begin(), versions_.end(), zones_[versions_[node]].first_return,
                           [this](Nanos there, ZoneIndex zone) { return there < zones_[zone].invoked; });
      graph.add({node, count + static_cast<std::uint32_t>(newer - versions_.begin())});
    }
  }

  // Round the cycle; a version that only time leads to and from is its write.
  std::vector<OperationIndex> operations_of(const std::vector<VersionGraph::Edge>& cycle) const {
    std::vector<OperationIndex> operations;
    const auto show = [&](Position at) {
      if (at == nowhere) return;  // the initial value
      const OperationIndex index = view_.operation_indices[at];
      if (operations.empty() || operations.back() != index) operations.push_back(index);
    };
    for (const VersionGraph::Edge& edge : cycle) {
      if (edge.from >= versions_.size()) continue;
      show(edge.first == nowhere ? zones_[versions_[edge.from]].write : edge.first);
      show(edge.second);
    }
    return operations;
  }

  const OperationsView& view_;
  const ClientChains& chains_;
  const Zones& zones_;
  const Overwritten& overwritten_;
  bool faulty_ = false;

  OperationKind first_ = OperationKind::read;
  OperationKind then_ = OperationKind::read;
  bool seen_ = false;
  std::vector<Span> spans_;
  std::vector<ZoneIndex> versions_;  // by node
  std::vector<ZoneIndex> node_of_;   // by zone
};

}  // namespace

Sessions judge_sessions(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                        const Overwritten& overwritten) {
  constexpr auto read = OperationKind::read;
  constexpr auto write = OperationKind::write;
  SessionGraphs graphs(view, chains, zones, overwritten);
  Sessions sessions;
  sessions.read_your_writes = graphs.judge(write, read, false);
  sessions.monotonic_reads = graphs.judge(read, read, false);
  sessions.monotonic_writes = graphs.judge(write, write, true);
  sessions.writes_follow_reads = graphs.judge(read, write, true);
  return sessions;
}

}  // namespace cacherace::verify
