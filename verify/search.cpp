#include "verify/search.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "verify/actions.hpp"
#include "verify/configurations.hpp"
#include "verify/nearly_sorted.hpp"

namespace cacherace::verify {
namespace {

template <std::size_t words>
class Linearization {
 public:
  Linearization(const History& history, const OperationsView& view, const ClientChains& chains,
                const CheckOptions& options, bool recording)
      : history_(history),
        view_(view),
        chains_(chains),
        options_(options),
        recording_(recording),
        texts_(history, view),
        met_(used_) {}

  SearchResult run(const std::vector<Position>& returns) {
    met_.add({view_.initial, 0, {}, 0});
    keep_all();
    Position called = 0;
    SearchResult result;
    for (const Position returning : returns) {
      const Nanos now = view_.end(returning);
      for (; called < view_.operation_count() && view_.start(called) <= now; ++called) call(called);
      result.undecided = take_before_return(slot_of(returning));
      if (result.undecided != Undecided::no) return result;
      if (current_.empty()) {
        result.linearizable = false;
        result.first_bad = returning;
        if (recording_) result.partial = longest_path();
        return result;
      }
    }
    result.linearizable = true;
    return result;
  }

 private:
  using Config = Configuration<words>;

  // An open operation that will return.
  struct Open {
    Position at;
    std::size_t slot;
    Action action;
    Slots<words> before;                     // open operations that it must precede …
    std::vector<std::uint32_t> before_kind;  // … and crashed ones
    Slots<words> after;                      // open operations that must precede it
  };
  // Crashed operations that do the same.
  struct Crashed {
    Action action;
    std::vector<Position> members;
  };
  struct Step {
    std::uint32_t previous;  // counted from 1; 0 is none
    Position at;
    std::uint32_t length;  // of the order up to here
  };

  void call(Position at) {
    const Action action = action_of(history_, view_, at);
    if (action.kind == Action::Kind::none) return;
    if (view_.certain(at)) {
      Open opened{at, free_slot(), action, {}, {}, {}};
      for_seams(at, [&](Open& earlier) {
        earlier.before.add(opened.slot);
        opened.after.add(earlier.slot);
      });
      open_.push_back(opened);
    } else if (!action.looks()) {
      bool seam = false;
      for_seams(at, [&](Open& earlier) {
        earlier.before_kind.push_back(static_cast<std::uint32_t>(crashed_.size()));
        seam = true;
      });
      crashed_[seam ? add_kind(action) : kind_of(action)].members.push_back(at);
    }
  }

  // The open operations of the same client that return at the very instant at which `at` begins.
  template <typename Do>
  void for_seams(Position at, Do&& each) {
    if (!chains_.any_seam()) return;
    const Nanos instant = view_.start(at);
    for (Position p = chains_.previous(at); p != nowhere && view_.end(p) == instant;
         p = chains_.previous(p)) {
      for (Open& earlier : open_) {
        if (earlier.at == p) each(earlier);
      }
    }
  }

  std::size_t free_slot() {
    std::size_t slot = 0;
    while (slots_.has(slot)) ++slot;
    slots_.add(slot);
    return slot;
  }

  std::size_t slot_of(Position at) const {
    return std::find_if(open_.begin(), open_.end(), [at](const Open& one) { return one.at == at; })->slot;
  }

  std::size_t kind_of(const Action& action) {
    const auto key = std::tuple(action.kind, action.value, action.from);
    const auto [entry, is_new] = kinds_.try_emplace(key, crashed_.size());
    return is_new ? add_kind(action) : entry->second;
  }

  std::size_t add_kind(const Action& action) {
    crashed_.push_back({action, {}});
    makers_[action.value].push_back(static_cast<std::uint32_t>(crashed_.size() - 1));
    return crashed_.size() - 1;
  }

  Undecided take_before_return(std::size_t slot) {
    met_.clear();
    list_useful();
    for (const Config& config : current_) met_.add(with_looks(config));
    for (std::size_t i = 0; i < met_.size(); ++i) {
      if (met_[i].needless || met_[i].what.taken.has(slot)) continue;
      if (const Undecided over = over_limits(); over != Undecided::no) return over;
      const Config config = met_[i].what;
      for (const Open& open : open_) extend_by_open(config, open);
      for (const std::uint32_t kind : useful_) extend_by_crashed(config, kind);
    }
    retire(slot);
    return Undecided::no;
  }

  // A crashed operation is only worth its use if what comes next needs the state that it makes: an open
  // operation that asks for it, or another crashed one that is worth it.
  void list_useful() {
    wanted_.clear();
    useful_.clear();
    bool any = history_.object == Object::text;
    for (const Open& open : open_) {
      ask(open.action);
      any = any || open.action.kind == Action::Kind::sees_other;
    }
    if (any) {
      for (std::uint32_t kind = 0; kind < crashed_.size(); ++kind) useful_.push_back(kind);
      return;
    }
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
      const auto makers = makers_.find(wanted_[i]);
      if (makers == makers_.end()) continue;
      for (const std::uint32_t kind : makers->second) {
        useful_.push_back(kind);
        ask(crashed_[kind].action);
      }
    }
  }

  void ask(const Action& action) {
    const bool sees = action.kind == Action::Kind::sees;
    if (!sees && action.kind != Action::Kind::changes) return;
    const State state = sees ? action.value : action.from;
    if (std::find(wanted_.begin(), wanted_.end(), state) == wanted_.end()) wanted_.push_back(state);
  }

  void extend_by_open(const Config& config, const Open& open) {
    if (open.action.looks() || config.taken.has(open.slot) || !may_follow(config, open)) return;
    if (!open.action.fits(config.state)) return;
    Config next = config;
    next.state = after(config.state, open.action);
    next.taken.add(open.slot);
    met_.add(with_looks(stepped(next, open.at)));
  }

  void extend_by_crashed(const Config& config, std::uint32_t kind) {
    const Crashed& crashed = crashed_[kind];
    if (!crashed.action.fits(config.state)) return;
    const std::uint32_t used = used_.times(config.used, kind);
    if (used == crashed.members.size()) return;
    Config next = config;
    next.state = after(config.state, crashed.action);
    if (next.state == config.state) return;
    next.used = used_.with(config.used, kind);
    met_.add(with_looks(stepped(next, crashed.members[used])));
  }

  // Takes every open read that is legal, but not before what its client did before: that could not follow it.
  Config with_looks(Config config) {
    for (const Open& open : open_) {
      if (!open.action.looks() || config.taken.has(open.slot)) continue;
      if (!open.action.fits(config.state) || !config.taken.contains(open.after)) continue;
      if (!may_follow(config, open)) continue;
      config.taken.add(open.slot);
      config = stepped(config, open.at);
    }
    return config;
  }

  bool may_follow(const Config& config, const Open& open) const {
    if (config.taken.meets(open.before)) return false;
    return std::none_of(open.before_kind.begin(), open.before_kind.end(),
                        [&](std::uint32_t kind) { return used_.times(config.used, kind) > 0; });
  }

  State after(State state, const Action& action) {
    return action.kind == Action::Kind::appends ? texts_.append(state, action.value) : action.value;
  }

  Config stepped(Config config, Position at) {
    if (recording_) {
      steps_.push_back({config.path, at, length_of(config) + 1});
      config.path = static_cast<std::uint32_t>(steps_.size());
    }
    return config;
  }

  Undecided over_limits() {
    ++steps_taken_;
    if (steps_taken_ > options_.steps_max) return Undecided::steps;
    constexpr std::uint64_t rarely = 256;
    if (steps_taken_ % rarely != 0) return Undecided::no;
    const std::size_t bytes = met_.bytes() + current_.capacity() * sizeof(Config) + used_.bytes() +
                              texts_.bytes() + steps_.capacity() * sizeof(Step);
    if (bytes > options_.memory_bytes_max) return Undecided::memory;
    if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) return Undecided::stopped;
    return Undecided::no;
  }

  // Keeps the configurations in which the operation of `slot`, which returns, has taken effect.
  void retire(std::size_t slot) {
    current_.clear();
    for (std::size_t i = 0; i < met_.size(); ++i) {
      if (met_[i].needless || !met_[i].what.taken.has(slot)) continue;
      current_.push_back(met_[i].what);
      current_.back().taken.remove(slot);
    }
    if (current_.empty()) return;
    slots_.remove(slot);
    std::erase_if(open_, [slot](const Open& one) { return one.slot == slot; });
    // (Not from `before`: what an operation must precede returns after it.)
    for (Open& open : open_) open.after.remove(slot);
  }

  void keep_all() {
    for (std::size_t i = 0; i < met_.size(); ++i) current_.push_back(met_[i].what);
  }

  std::uint32_t length_of(const Config& config) const {
    return config.path == 0 ? 0 : steps_[config.path - 1].length;
  }

  std::vector<Position> longest_path() const {
    std::uint32_t longest = 0;
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < met_.size(); ++i) {
      if (length_of(met_[i].what) <= length) continue;
      length = length_of(met_[i].what);
      longest = met_[i].what.path;
    }
    std::vector<Position> path;
    for (std::uint32_t step = longest; step != 0; step = steps_[step - 1].previous) {
      path.push_back(steps_[step - 1].at);
    }
    std::reverse(path.begin(), path.end());
    return path;
  }

  const History& history_;
  const OperationsView& view_;
  const ClientChains& chains_;
  const CheckOptions& options_;
  bool recording_;
  Texts texts_;
  UsedCounts used_;
  Met<words> met_;
  std::vector<Config> current_;
  Slots<words> slots_;
  std::vector<Open> open_;
  std::vector<Crashed> crashed_;
  std::map<State, std::vector<std::uint32_t>> makers_;  // kinds of crashed_
  std::vector<State> wanted_;
  std::vector<std::uint32_t> useful_;  // kinds
  std::map<std::tuple<Action::Kind, Value, Value>, std::size_t> kinds_;
  std::vector<Step> steps_;
  std::uint64_t steps_taken_ = 0;
};

// Those that return and say something, by return.
std::vector<Position> returns_of(const History& history, const OperationsView& view) {
  std::vector<Position> returns;
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (view.certain(i) && action_of(history, view, i).kind != Action::Kind::none) returns.push_back(i);
  }
  sort_nearly_sorted(returns, [&view](Position a, Position b) {
    return std::pair(view.end(a), a) < std::pair(view.end(b), b);
  });
  return returns;
}

// The greatest number of operations that are open at once and will return.
std::size_t open_at_once(const OperationsView& view, const std::vector<Position>& returns) {
  std::vector<Position> calls = returns;
  std::sort(calls.begin(), calls.end());
  std::size_t most = 0;
  std::size_t called = 0;
  for (std::size_t returned = 0; returned < returns.size(); ++returned) {
    const Nanos now = view.end(returns[returned]);
    while (called < calls.size() && view.start(calls[called]) <= now) ++called;
    most = std::max(most, called - returned);
  }
  return most;
}

}  // namespace

SearchResult search(const History& history, const OperationsView& view, const ClientChains& chains,
                    const CheckOptions& options, bool want_partial) {
  const std::vector<Position> returns = returns_of(history, view);
  const std::size_t open = open_at_once(view, returns);
  const auto run = [&]<std::size_t words>(std::integral_constant<std::size_t, words>) {
    return Linearization<words>(history, view, chains, options, want_partial).run(returns);
  };
  if (open <= 64) return run(std::integral_constant<std::size_t, 1>{});
  if (open <= 512) return run(std::integral_constant<std::size_t, 8>{});
  SearchResult result;
  result.undecided = Undecided::too_many_open;
  return result;
}

}  // namespace cacherace::verify
