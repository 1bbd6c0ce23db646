#include "exploration/minimise.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "exploration/ddmin.hpp"
#include "exploration/explorable.hpp"
#include "exploration/past.hpp"
#include "exploration/timed.hpp"
#include "exploration/violations.hpp"
#include "scenarios/simulation.hpp"
#include "sim/laws.hpp"

namespace cacherace::exploration {
namespace {

using Places = std::vector<OperationPlace>;

class Minimiser {
 public:
  Minimiser(const Scenario& scenario, const StrategyChoice& strategy, Property property,
            const MinimiseOptions& options)
      : scenario_(scenario), strategy_(strategy), property_(property), options_(options) {}

  std::optional<Witness> cut_down(const Excerpt& excerpt) {
    if (!comes_to_it(excerpt)) return std::nullopt;
    take_past();
    drop_clients();
    for (std::size_t size = SIZE_MAX; size_of(best_.excerpt) < size;) {
      size = size_of(best_.excerpt);
      drop_operations();
      merge_keys();
      drop_faults();
    }
    if (auto witness = explored()) return witness;
    put_moves_off();
    return told();
  }

 private:
  // Each way to go on makes it smaller.
  static std::size_t size_of(const Excerpt& excerpt) {
    const models::Setup& setup = excerpt.scenario.setup;
    return excerpt.operations().size() + setup.faults.size() + setup.keys.count;
  }

  [[nodiscard]] bool stopped() const { return options_.stop && options_.stop(); }

  bool attempt(const Excerpt& excerpt) { return !stopped() && comes_to_it(excerpt); }

  // Whether the excerpt comes to the property; if so it is what to go on from.
  bool comes_to_it(const Excerpt& excerpt) {
    auto played = play_leniently(excerpt, strategy_);
    if (!played) return false;
    const auto& setup = played->excerpt.scenario.setup;
    if (!violations_of(setup, played->records, played->end)[index_of(property_)]) return false;
    best_ = std::move(*played);
    return true;
  }

  // Faults that strike at a certain occurrence are counted anew where commands before it are gone.
  bool attempt_counting_anew(const Excerpt& excerpt) {
    if (attempt(excerpt)) return true;
    constexpr std::uint64_t fewer_max = 8;
    for (std::size_t i = 0; i < excerpt.scenario.setup.faults.size(); ++i) {
      Excerpt changed = excerpt;
      auto& occurrence = changed.scenario.setup.faults[i].occurrence;
      for (std::uint64_t fewer = 0; occurrence && *occurrence > 1 && fewer < fewer_max; ++fewer) {
        --*occurrence;
        if (attempt(changed)) return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::vector<WitnessStep> past_of(const PlayedExcerpt& played) const {
    const Scenario& scenario = played.excerpt.scenario;
    const scenarios::Simulation named(scenario, strategy_);
    const auto name = [&](std::uint32_t client) { return named.client_name(client); };
    return tell_past(scenario.setup, played.records, played.end, property_, name).steps;
  }

  // The operations without which it would not have come about may be enough.
  void take_past() {
    const std::uint32_t clients = clients_in(best_.excerpt.scenario);
    std::map<std::uint32_t, OperationPlace> places;
    std::vector<std::uint32_t> invoked(clients, 0);
    for (const auto& record : best_.records) {
      if (record.fact != models::Fact::invoked) continue;
      places[record.operation] = {record.client, invoked[record.client]++};
    }
    std::set<OperationPlace> kept;
    for (const auto& step : past_of(best_)) {
      for (const auto& record : step.records) {
        if (record.client < clients) kept.insert(places.at(record.operation));
      }
    }
    if (kept.empty()) return;
    attempt_counting_anew(only(best_.excerpt, {kept.begin(), kept.end()}));
  }

  void drop_clients() {
    const Excerpt base = best_.excerpt;
    ddmin(base.scenario.setup.clients.size(), [&](const std::vector<std::size_t>& clients) {
      Places kept = base.operations();
      std::erase_if(kept, [&](const OperationPlace& place) {
        return std::ranges::find(clients, place.client) == clients.end();
      });
      return !kept.empty() && attempt_counting_anew(only(base, kept));
    });
  }

  void drop_operations() {
    const Excerpt base = best_.excerpt;
    const Places all = base.operations();
    ddmin(all.size(), [&](const std::vector<std::size_t>& indices) {
      Places kept;
      for (const std::size_t index : indices) kept.push_back(all[index]);
      return !kept.empty() && attempt_counting_anew(only(base, kept));
    });
  }

  // Each key in turn gives way to the first one that it can be; those that are left stand side by side.
  void merge_keys() {
    std::vector<std::uint32_t> used = used_keys();
    for (std::size_t i = used.size(); i-- > 1;) {
      for (std::size_t into = 0; into < i; ++into) {
        std::vector<std::uint32_t> key_of = identity();
        key_of[used[i]] = used[into];
        if (attempt(with_keys(best_.excerpt, key_of, keys()))) break;
      }
    }
    used = used_keys();
    std::vector<std::uint32_t> key_of = identity();
    for (std::uint32_t i = 0; i < used.size(); ++i) key_of[used[i]] = i;
    attempt(with_keys(best_.excerpt, key_of, static_cast<std::uint32_t>(used.size())));
  }
  [[nodiscard]] std::uint32_t keys() const { return best_.excerpt.scenario.setup.keys.count; }
  [[nodiscard]] std::vector<std::uint32_t> identity() const {
    std::vector<std::uint32_t> key_of(keys());
    std::iota(key_of.begin(), key_of.end(), 0U);
    return key_of;
  }
  [[nodiscard]] std::vector<std::uint32_t> used_keys() const {
    std::set<std::uint32_t> used;
    for (const auto& client : best_.excerpt.scenario.setup.clients) {
      for (const auto& operation : client.plan) used.insert(*operation.key);
    }
    return {used.begin(), used.end()};
  }

  void drop_faults() {
    const Excerpt base = best_.excerpt;
    ddmin(base.scenario.setup.faults.size(), [&](const std::vector<std::size_t>& kept) {
      Excerpt fewer = base;
      fewer.scenario.setup.faults.clear();
      for (const std::size_t index : kept) {
        fewer.scenario.setup.faults.push_back(base.scenario.setup.faults[index]);
      }
      return attempt(fewer) || attempt_without_a_pick(fewer);
    });
  }

  // Where a fault is gone that chance decided about, what chance decided about others may be one pick
  // earlier.
  bool attempt_without_a_pick(const Excerpt& excerpt) {
    constexpr std::ptrdiff_t places = 4;
    for (std::ptrdiff_t place = 0; place < places; ++place) {
      Excerpt changed = excerpt;
      for (ServingMove& move : changed.moves) {
        auto& picks = move.move.picks;
        if (std::ssize(picks) > place) picks.erase(picks.begin() + place);
      }
      if (attempt(changed)) return true;
    }
    return false;
  }

  // Moves that are put off come where all goes on as it comes.
  void put_moves_off() {
    std::size_t length = past_of(best_).size();
    const Excerpt base = best_.excerpt;
    ddmin(base.moves.size(), [&](const std::vector<std::size_t>& kept) {
      Excerpt fewer{.scenario = base.scenario};
      for (const std::size_t index : kept) fewer.moves.push_back(base.moves[index]);
      const PlayedExcerpt before = best_;
      if (!attempt(fewer)) return false;
      const std::size_t now = past_of(best_).size();
      if (now > length) best_ = before;
      const bool shorter = now <= length;
      length = std::min(length, now);
      return shorter;
    });
  }

  [[nodiscard]] Witness told() const {
    const Scenario& scenario = best_.excerpt.scenario;
    Witness witness{.steps = past_of(best_),
                    .schedule = schedule_text(best_.schedule(), fingerprint(scenario, strategy_))};
    witness.reduced = Reduced{scenario, false};
    return witness;
  }

  using Search = std::optional<Witness> (Minimiser::*)(Scenario) const;

  // A shortest witness of what can be explored; nothing where that is too much, or needs the faults.
  std::optional<Witness> explored() {
    if (best_.excerpt.operations().size() > options_.explored_max) return std::nullopt;
    Excerpt left = best_.excerpt;
    left.scenario.setup.faults.clear();
    if (why_not_explorable(left.scenario, false)) return std::nullopt;
    if (options_.timed) {
      if (auto witness = fewest(left, &Minimiser::shortest_timed)) return witness;
    }
    return fewest(left, &Minimiser::shortest);
  }

  // Operations go as long as some order of the others comes to it.
  std::optional<Witness> fewest(Excerpt left, Search search) {
    const auto scenario_of = [&](const Excerpt& excerpt) {
      return search == &Minimiser::shortest ? excerpt.scenario : timed(excerpt);
    };
    auto witness = (this->*search)(scenario_of(left));
    if (!witness) return std::nullopt;
    for (std::size_t i = left.operations().size(); i-- > 0 && left.operations().size() > 1;) {
      Places kept = left.operations();
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
      Excerpt fewer = only(left, kept);
      auto found = (this->*search)(scenario_of(fewer));
      if (!found) continue;
      left = std::move(fewer);
      witness = std::move(found);
    }
    witness->reduced = Reduced{scenario_of(left), true};
    return witness;
  }

  [[nodiscard]] auto watch() const {
    return [this](const StrategyChoice&, const sim::SearchProgress&) { return stopped(); };
  }

  [[nodiscard]] std::optional<Witness> shortest(Scenario scenario) const {
    if (stopped()) return std::nullopt;
    scenario.strategies = {strategy_};
    scenario.expectations.clear();
    auto result = explore(scenario, {.states_max = options_.states_max, .watch = watch()});
    auto& found = result.strategies.front();
    return found.complete ? std::move(found.witnesses[index_of(property_)]) : std::nullopt;
  }

  [[nodiscard]] std::optional<Witness> shortest_timed(Scenario scenario) const {
    if (stopped()) return std::nullopt;
    constexpr std::uint64_t bytes_max = std::uint64_t{1} << 29U;
    return find_timed(
        scenario, strategy_, property_,
        {.timed = true, .states_max = options_.timed_states_max, .bytes_max = bytes_max, .watch = watch()});
  }

  // With the latencies of the scenario. What went before an operation is gone, so its client may have waited
  // as long as it took.
  [[nodiscard]] Scenario timed(const Excerpt& left) const {
    Scenario changed = scenario_;
    changed.setup.clients = left.scenario.setup.clients;
    changed.setup.keys.count = left.scenario.setup.keys.count;
    changed.setup.faults.clear();
    for (std::size_t i = 0; i < changed.setup.clients.size(); ++i) {
      models::ClientGroup& client = changed.setup.clients[i];
      const auto group = std::ranges::find(scenario_.setup.clients, client.name, &models::ClientGroup::name);
      const auto& spans = left.spans[i];
      client.start = up_to(group->start, spans.front().from - sim::time_zero);
      client.think = group->think;
      for (std::size_t nth = 1; nth < spans.size(); ++nth) {
        client.think = up_to(client.think, spans[nth].from - spans[nth - 1].to);
      }
    }
    return changed;
  }

  // The latency, or any one of its support stretched so far.
  static sim::Latency up_to(const sim::Latency& latency, sim::Duration most) {
    const sim::Support support = latency.support();
    if (!support.max || *support.max >= most) return latency;
    return std::get<sim::Latency>(sim::Latency::of(sim::uniform(support.min, most), {}));
  }

  const Scenario& scenario_;
  const StrategyChoice& strategy_;
  Property property_;
  const MinimiseOptions& options_;
  PlayedExcerpt best_;
};

}  // namespace

std::optional<Witness> minimise(const Scenario& scenario, const StrategyChoice& strategy,
                                const Excerpt& excerpt, Property property, const MinimiseOptions& options) {
  return Minimiser(scenario, strategy, property, options).cut_down(excerpt);
}

std::optional<Witness> minimise(const Scenario& scenario, const Scenario& drawn,
                                const StrategyChoice& strategy, std::uint64_t run, const Schedule& schedule,
                                Property property, const MinimiseOptions& options) {
  scenarios::Simulation simulation(drawn, strategy);
  Player player(schedule, false);
  MoveLog log(player);
  log.watch(simulation.records());
  simulation.choose_by(&log);
  simulation.run(run, true);
  if (!player.trouble().empty()) return std::nullopt;
  return minimise(scenario, strategy, excerpt_of(drawn, simulation.records(), log), property, options);
}

}  // namespace cacherace::exploration
