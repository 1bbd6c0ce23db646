#include "sim/class_explorer.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <tuple>

#include "sim/world.hpp"

namespace cacherace::sim {
namespace {

bool is_over(std::span<const Pending> pending) {
  return std::ranges::all_of(pending, [](const Pending& event) { return event.who->part() == Part::expiry; });
}

std::size_t index_in(const std::vector<std::uint64_t>& list, std::uint64_t number) {
  const auto found = std::ranges::find(list, number);
  return found == list.end() ? SIZE_MAX : static_cast<std::size_t>(found - list.begin());
}

}  // namespace

// One run: along known choices to a known state, then one step, to see where it leads.
class ClassExplorer::Step final : public ScriptChooser {
 public:
  Step(ClassExplorer& explorer, StateIndex from, std::size_t slot, Choices script, std::size_t known,
       std::vector<Choices>& others)
      : ScriptChooser(std::move(script), explorer.grain_),
        explorer_(explorer),
        from_(from),
        slot_(slot),
        known_(known),
        others_(others) {}

  void finish() {
    if (!arrived_) arrive({});
  }

 private:
  bool between(std::span<const Pending> pending) override {
    if (used() < known_) return true;
    if (!under_way_ && from_ != no_state) {
      explorer_.subject_.pass();
      under_way_ = true;
      return true;
    }
    arrive(pending);
    return false;
  }

  void arrive(std::span<const Pending> pending) {
    arrived_ = true;
    explorer_.sight_.clear();
    explorer_.subject_.look(pending, explorer_.sight_);
    const StateIndex to = explorer_.arrive(pending, from_, step());
    if (from_ != no_state) explorer_.add_edge(from_, slot_, to, pending, step());
  }

  void free_choice(std::size_t count) override {
    for (std::size_t other = count - 1; other > 0; --other) {
      others_.push_back(step());
      others_.back().push_back(static_cast<std::uint16_t>(other));
    }
  }

  ClassExplorer& explorer_;
  StateIndex from_;
  std::size_t slot_;
  std::size_t known_;
  std::vector<Choices>& others_;
  bool under_way_ = false;
  bool arrived_ = false;
};

bool ClassExplorer::explore(const ClassLimits& limits) {
  limits_ = limits;
  table_.assign(1024, no_state);
  std::vector<Choices> none;
  Step first(*this, no_state, 0, {}, 0, none);
  subject_.run(first);
  first.finish();
  State& root = states_.front();
  scratch_.resize(zone::size_of(root.order.size()));
  zone::begin(first_slots_, scratch_);
  add_class(0, no_class, UINT32_MAX);
  for (std::size_t level = 0; level < levels_.size() && !must_end(static_cast<std::uint32_t>(level));) {
    if (levels_[level].empty()) {
      ++level;
      continue;
    }
    const StateIndex state = levels_[level].back();
    levels_[level].pop_back();
    expand(state);
    if (!levels_.empty()) level = std::min(level, lowest_);
    lowest_ = SIZE_MAX;
  }
  return !enough_ && std::ranges::all_of(levels_, [](const auto& level) { return level.empty(); });
}

bool ClassExplorer::must_end(std::uint32_t depth) const {
  return enough_ || states_.size() >= limits_.states || bytes() >= limits_.bytes ||
         (limits_.watch && limits_.watch({states_.size(), classes_.size(), depth}));
}

void ClassExplorer::queue(StateIndex index) {
  State& state = states_[index];
  if (state.queued) return;
  state.queued = true;
  if (levels_.size() <= state.depth) levels_.resize(state.depth + 1);
  levels_[state.depth].push_back(index);
  lowest_ = std::min<std::size_t>(lowest_, state.depth);
}

void ClassExplorer::expand(StateIndex index) {
  states_[index].queued = false;
  while (states_[index].expanded < states_[index].class_of.size()) {
    const std::size_t zone_index = states_[index].expanded++;
    if (!classes_[states_[index].class_of[zone_index]].covered) go_on(index, zone_index);
    if (enough_ || (classes_.size() % 1024 == 0 && must_end(states_[index].depth))) {
      queue(index);
      return;
    }
  }
}

std::span<const zone::Bound> ClassExplorer::zone_of(const State& state, std::size_t index) const {
  const std::size_t size = zone::size_of(state.order.size());
  return {state.zones.data() + index * size, size};
}

void ClassExplorer::go_on(StateIndex index, std::size_t zone_index) {
  for (std::size_t slot = 0; slot < states_[index].order.size(); ++slot) {
    const State& state = states_[index];
    if (state.choice[slot] < 0) continue;
    if (!zone::can_happen(zone_of(state, zone_index), slot, state.ranks)) continue;
    if (state.edges[slot].empty()) take_steps(index, slot);
    for (std::size_t i = 0; i < states_[index].edges[slot].size() && !enough_; ++i) {
      follow(index, zone_index, states_[index].edges[slot][i]);
    }
  }
}

void ClassExplorer::follow(StateIndex index, std::size_t zone_index, std::uint32_t edge_index) {
  const State& state = states_[index];
  const Edge& edge = edges_[edge_index];
  const ClassIndex from = state.class_of[zone_index];
  note(from, edge_index);
  if (states_[edge.to].is_final) return;
  scratch_.resize(zone::size_of(edge.origins.size()));
  zone::happen(zone_of(state, zone_index), edge.slot, state.ranks, edge.origins, scratch_);
  add_class(edge.to, from, edge_index);
}

void ClassExplorer::note(ClassIndex from, std::uint32_t edge_index) {
  Edge& edge = edges_[edge_index];
  if (edge.found || edge.marks == 0) return;
  edge.found = true;
  seen_ |= edge.marks;
  findings_.push_back({edge.marks, from, edge_index});
  enough_ = enough_ || (edge.marks & limits_.enough) != 0;
}

bool ClassExplorer::covers(std::span<const zone::Bound> known, std::span<const zone::Bound> zone) const {
  return limits_.inclusion ? zone::includes(known, zone) : std::ranges::equal(known, zone);
}

// The zone in scratch_, if it is new.
void ClassExplorer::add_class(StateIndex index, ClassIndex parent, std::uint32_t edge) {
  State& state = states_[index];
  const std::uint32_t order = put_in_order(state);
  for (std::size_t i = 0; i < state.class_of.size(); ++i) {
    if (!classes_[state.class_of[i]].covered && covers(zone_of(state, i), scratch_)) return;
  }
  for (std::size_t i = state.expanded; i < state.class_of.size(); ++i) {
    if (covers(scratch_, zone_of(state, i))) classes_[state.class_of[i]].covered = true;
  }
  state.class_of.push_back(static_cast<ClassIndex>(classes_.size()));
  state.zones.insert(state.zones.end(), scratch_.begin(), scratch_.end());
  bounds_ += scratch_.size();
  classes_.push_back({index, parent, edge, order});
  digest_.add(state.digest);
  for (const zone::Bound bound : scratch_) digest_.add(static_cast<std::uint64_t>(bound));
  queue(index);
}

// Interchangeable parts of the zone in scratch_ in the order of their bounds. Sums over all others do not
// depend on the order of these. (Ties cost classes, never correctness.)
std::uint32_t ClassExplorer::put_in_order(const State& state) {
  if (state.blocks.empty()) return 0;
  const std::size_t width = state.order.size() + 1;
  const auto before = [&](std::size_t a, std::size_t b, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) {
      const auto key = [&](std::size_t slot) {
        zone::Bound above = 0, below = 0;
        for (std::size_t j = 0; j < width; ++j) {
          above += scratch_[(slot + 1) * width + j];
          below += scratch_[j * width + slot + 1];
        }
        return std::tuple(scratch_[(slot + 1) * width], scratch_[slot + 1], above, below);
      };
      const auto left = key(a + i), right = key(b + i);
      if (left != right) return left < right;
    }
    return false;
  };
  std::vector<std::size_t> order(width - 1);
  std::iota(order.begin(), order.end(), std::size_t{0});
  bool changed = false;
  for (const Block& block : state.blocks) {
    std::vector<std::size_t> parts(block.count);
    for (std::size_t i = 0; i < block.count; ++i) parts[i] = block.first + i * block.length;
    std::ranges::stable_sort(parts, [&](std::size_t a, std::size_t b) { return before(a, b, block.length); });
    for (std::size_t i = 0; i < block.count; ++i) {
      for (std::size_t j = 0; j < block.length; ++j) {
        std::size_t& place = order[block.first + i * block.length + j];
        changed = changed || place != parts[i] + j;
        place = parts[i] + j;
      }
    }
  }
  if (!changed) return 0;
  ordered_.resize(scratch_.size());
  zone::reorder(scratch_, order, ordered_);
  scratch_.swap(ordered_);
  orders_.push_back(std::move(order));
  return static_cast<std::uint32_t>(orders_.size() - 1);
}

// The steps of a slot's event: one for each way in which chance can decide.
void ClassExplorer::take_steps(StateIndex from, std::size_t slot) {
  const Choices way = choices_to(from);
  std::vector<Choices> others = {{static_cast<std::uint16_t>(states_[from].choice[slot])}};
  while (!others.empty()) {
    Choices script = way;
    script.insert(script.end(), others.back().begin(), others.back().end());
    others.pop_back();
    Step step(*this, from, slot, std::move(script), way.size(), others);
    subject_.run(step);
    step.finish();
  }
}

Choices ClassExplorer::choices_to(StateIndex state) const {
  std::vector<StateIndex> way;
  for (; state != no_state; state = states_[state].parent) way.push_back(state);
  Choices choices;
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    choices.insert(choices.end(), states_[*at].step.begin(), states_[*at].step.end());
  }
  return choices;
}

std::size_t ClassExplorer::place_of(const Digest& digest) const {
  std::size_t place = digest.low & (table_.size() - 1);
  while (table_[place] != no_state && states_[table_[place]].digest != digest) {
    place = (place + 1) & (table_.size() - 1);
  }
  return place;
}

StateIndex ClassExplorer::arrive(std::span<const Pending> pending, StateIndex parent, const Choices& step) {
  const StateIndex known = table_[place_of(sight_.state)];
  if (known != no_state) return known;
  const StateIndex added = add_state(pending, parent, step);
  if (states_[added].is_final) subject_.see_final();
  return added;
}

StateIndex ClassExplorer::add_state(std::span<const Pending> pending, StateIndex parent,
                                    const Choices& step) {
  assert(pending.size() <= zone::slots_max);
  State state{.digest = sight_.state,
              .parent = parent,
              .step = parent == no_state ? Choices{} : step,
              .depth = parent == no_state ? 0 : states_[parent].depth + 1,
              .is_final = is_over(pending),
              .order = sight_.order,
              .blocks = sight_.blocks};
  for (const Pending& event : pending) state.created.push_back(event.order);
  std::vector<std::size_t> possible;
  possible_places(pending, possible);
  state.choice.assign(pending.size(), -1);
  state.edges.resize(pending.size());
  for (std::size_t slot = 0; slot < state.order.size(); ++slot) {
    const auto choice = std::ranges::find(possible, state.order[slot]);
    if (choice != possible.end()) state.choice[slot] = static_cast<std::int32_t>(choice - possible.begin());
    state.ranks.push_back(rank_of(pending[state.order[slot]].who->part()));
  }
  const auto added = static_cast<StateIndex>(states_.size());
  if (parent == no_state) {
    for (const std::size_t place : state.order) {
      first_slots_.push_back({.delay = known(pending[place].delay)});
    }
  }
  states_.push_back(std::move(state));
  if (2 * states_.size() > table_.size()) {
    table_.assign(2 * table_.size(), no_state);
    for (StateIndex i = 0; i < added; ++i) table_[place_of(states_[i].digest)] = i;
  }
  table_[place_of(sight_.state)] = added;
  return added;
}

void ClassExplorer::add_edge(StateIndex from, std::size_t slot, StateIndex to,
                             std::span<const Pending> pending, const Choices& step) {
  Edge edge{.to = to, .slot = slot, .step = step, .marks = sight_.marks};
  const State& source = states_[from];
  std::vector<std::size_t> number_of(pending.size(), SIZE_MAX);  // of the new ones
  std::size_t fresh = 0;
  for (std::size_t place = 0; place < pending.size(); ++place) {
    if (index_in(source.created, pending[place].order) == SIZE_MAX) number_of[place] = fresh++;
  }
  for (const std::size_t place : sight_.order) {
    zone::Origin origin{.delay = known(pending[place].delay)};
    if (number_of[place] == SIZE_MAX) {
      const std::size_t before = index_in(source.created, pending[place].order);
      origin.from = static_cast<std::size_t>(std::ranges::find(source.order, before) - source.order.begin());
    }
    edge.origins.push_back(origin);
    edge.fresh.push_back(number_of[place]);
  }
  states_[from].edges[slot].push_back(static_cast<std::uint32_t>(edges_.size()));
  edges_.push_back(std::move(edge));
}

std::uint64_t ClassExplorer::bytes() const {
  constexpr std::uint64_t per_edge = sizeof(Edge) + 160, per_state = sizeof(State) + 320;
  return bounds_ * sizeof(zone::Bound) + classes_.size() * (sizeof(Class) + sizeof(ClassIndex)) +
         edges_.size() * per_edge + states_.size() * per_state;
}

std::vector<ClassExplorer::WayStep> ClassExplorer::way_to(const Finding& finding) const {
  std::vector<WayStep> way;
  const auto add = [&](std::uint32_t edge_index, std::uint32_t order) {
    const Edge& edge = edges_[edge_index];
    WayStep step{.slot = edge.slot,
                 .picks = Choices(edge.step.begin() + 1, edge.step.end()),
                 .fresh = edge.fresh,
                 .order = orders_[order]};
    for (const zone::Origin& origin : edge.origins) step.from.push_back(origin.from);
    way.push_back(std::move(step));
  };
  add(finding.edge, 0);
  for (ClassIndex at = finding.from; classes_[at].parent != no_class; at = classes_[at].parent) {
    add(classes_[at].edge, classes_[at].order);
  }
  std::ranges::reverse(way);
  return way;
}

std::optional<ClassExplorer::Finding> ClassExplorer::dead_end() const {
  std::vector<bool> can_end(states_.size());
  for (StateIndex i = 0; i < states_.size(); ++i) can_end[i] = states_[i].is_final;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = states_.size(); i > 0; --i) {
      const State& state = states_[i - 1];
      if (can_end[i - 1]) continue;
      const auto leads_to_end = [&](const std::vector<std::uint32_t>& edges) {
        return std::ranges::any_of(edges, [&](std::uint32_t edge) { return can_end[edges_[edge].to]; });
      };
      if (std::ranges::any_of(state.edges, leads_to_end)) can_end[i - 1] = changed = true;
    }
  }
  for (const Class& met : classes_) {
    if (!can_end[met.state] && met.parent != no_class) return Finding{0, met.parent, met.edge};
  }
  return std::nullopt;
}

}  // namespace cacherace::sim
