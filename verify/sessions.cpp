#include "verify/sessions.hpp"

#include <algorithm>
#include <array>

#include "verify/version_graph.hpp"

namespace cacherace::verify {
namespace {

class SessionGraphs {
 public:
  SessionGraphs(const OperationsView& view, const ClientChains& chains, const Zones& zones,
                const Overwritten& overwritten)
      : view_(view), chains_(chains), zones_(zones), overwritten_(overwritten) {
    note_latest();
    list_looked_at();
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
  using Latest = std::vector<Position>;

  static std::size_t number(OperationKind kind) { return kind == OperationKind::read ? 0 : 1; }

  // What each client had done last, and what steps that do not raise f span.
  void note_latest() {
    constexpr OperationKind kinds[] = {OperationKind::read, OperationKind::write};
    for (Latest& latest : latest_) latest.resize(view_.operation_count());
    for (Position i = 0; i < view_.operation_count(); ++i) {
      const ZoneIndex zone = zones_.of(i);
      if (zone == no_zone && view_.tells(i)) faulty_ = true;
      const Position previous = chains_.previous(i);
      for (Latest& latest : latest_) latest[i] = previous == nowhere ? nowhere : latest[previous];
      if (zone == no_zone) continue;
      const std::size_t then = number(view_.operation(i).kind);
      for (const OperationKind first : kinds) {
        for_steps_to(i, first, [&](Position before) {
          const Span span{zones_[zone].first_return, zones_[zones_.of(before)].first_return};
          if (span.from <= span.to) falling_[number(first)][then].push_back(span);
        });
      }
      latest_[then][i] = i;
    }
    for (auto& of_first : falling_) {
      for (auto& spans : of_first) join(spans);
    }
  }

  // The operations of versions that any of these spans hold, which are few where little is wrong.
  void list_looked_at() {
    for (const auto& of_first : falling_) {
      for (const auto& spans : of_first) spans_.insert(spans_.end(), spans.begin(), spans.end());
    }
    join(spans_);
    if (spans_.empty()) return;
    for (Position i = 0; i < view_.operation_count(); ++i) {
      if (zones_.of(i) != no_zone && spanned(zones_.of(i))) looked_at_.push_back(i);
    }
    for (const ZoneIndex zone : overwritten_.by_invocation()) {
      if (spanned(zone)) versions_looked_at_.push_back(zone);
    }
    node_of_.assign(zones_.size(), no_zone);
  }

  // Calls each(before, at, asked) for every step between versions that are spanned.
  template <typename Each>
  void for_steps(Each&& each) const {
    for_steps_of(first_, then_, [&](Position before, Position at) { each(before, at, true); });
    if (!seen_) return;
    for_steps_of(OperationKind::read, OperationKind::read,
                 [&](Position before, Position at) { each(before, at, false); });
  }

  template <typename Each>
  void for_steps_of(OperationKind first, OperationKind then, Each&& each) const {
    for (const Position i : looked_at_) {
      if (view_.operation(i).kind == then) for_steps_to(i, first, [&](Position before) { each(before, i); });
    }
  }

  // From what the client of `at` did before it; from the last of kind `first` only, as the earlier ones are
  // before that one: by the same steps, by time, or (writes of one client that meet at an instant) by a walk.
  template <typename Each>
  void for_steps_to(Position at, OperationKind first, Each&& each) const {
    const Latest& latest = latest_[number(first)];
    const Position previous = chains_.previous(at);
    Position before = previous == nowhere ? nowhere : latest[previous];
    for (; before != nowhere; before = also_before(latest, before, at)) {
      if (zones_.of(before) != zones_.of(at)) each(before);
    }
  }

  // What its client did before `before`, if that says nothing of it and the operation at `at`: a write that
  // met it at an instant; a read, where the client had read its own write ahead (at an instant, too).
  Position also_before(const Latest& latest, Position before, Position at) const {
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

  void list_spans() {
    spans_ = falling_[number(first_)][number(then_)];
    if (!seen_) return;
    const auto& reads = falling_[number(OperationKind::read)][number(OperationKind::read)];
    spans_.insert(spans_.end(), reads.begin(), reads.end());
    join(spans_);
  }

  // Ascending, and apart from each other.
  static void join(std::vector<Span>& spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
    std::size_t joined = 0;
    for (const Span& span : spans) {
      if (joined > 0 && span.from <= spans[joined - 1].to) {
        spans[joined - 1].to = std::max(spans[joined - 1].to, span.to);
      } else {
        spans[joined++] = span;
      }
    }
    spans.resize(joined);
  }

  bool spanned(ZoneIndex zone) const {
    const Nanos there = zones_[zone].first_return;
    if (there < spans_.front().from || there > spans_.back().to) return false;
    const auto after = std::upper_bound(spans_.begin(), spans_.end(), there,
                                        [](Nanos bound, const Span& span) { return bound < span.from; });
    return after != spans_.begin() && there <= std::prev(after)->to;
  }

  VersionGraph graph() {
    for (const ZoneIndex version : versions_) node_of_[version] = no_zone;
    versions_.clear();
    if (spanned(0)) versions_.push_back(0);
    for (const ZoneIndex zone : versions_looked_at_) {
      if (spanned(zone)) versions_.push_back(zone);
    }
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

  // By kind (reads, writes): what the client had done last of it, up to this operation.
  std::array<Latest, 2> latest_;
  // By kinds: what steps from the one to the other span.
  std::array<std::array<std::vector<Span>, 2>, 2> falling_;
  std::vector<Position> looked_at_;
  std::vector<ZoneIndex> versions_looked_at_;
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
