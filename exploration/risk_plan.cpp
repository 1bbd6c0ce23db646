#include "exploration/risk_plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "exploration/resampling.hpp"
#include "exploration/risk_aim.hpp"
#include "exploration/risk_rehearsal.hpp"
#include "exploration/round_values.hpp"
#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

using sim::Duration;

// Runs of the search are numbered from here on.
constexpr std::uint64_t search_runs = 500'000'000'000;
constexpr std::uint64_t aimed_runs = 600'000'000'000;

constexpr std::uint32_t scan_runs = 2000;  // at each value of the first look over the range
constexpr std::size_t population_of_moves = 1000, population_of_aims = 400;  // of the search
constexpr std::uint64_t first_draws_max = 1'000'000;
constexpr std::uint32_t moves_of_search = 30;
constexpr std::uint32_t moves_of_level = 30;
constexpr std::size_t levels_max = 100;
constexpr double stay_most = 0.35, stay_least = 0.15;  // the share that stays bad from level to level
// Multiples of the bound at which values are looked for.
constexpr std::array<double, 11> near_bound = {5.0, 2.5, 1.5, 1.2, 1.0, 0.85, 0.7, 0.5, 0.35, 0.2, 0.1};

class Search {
 public:
  // By aims, or by moving draws about.
  Search(const RiskProblem& problem, const RiskWatch& watch, bool aims)
      : problem_(problem),
        watch_(watch),
        crew_{problem.make, problem.jobs, [this] { return stopped_now(); }},
        playing_(table_),
        population_size_(aims ? population_of_aims : population_of_moves) {
    if (aims) aiming_.emplace(crew_, problem.seed, aimed_runs);
  }

  RiskPlan plan() {
    const Duration peak = scan();
    if (!start_at(peak)) plan_.unseen = true;
    if (!plan_.unseen) descend(peak);
    look_beyond();
    finish();
    return std::move(plan_);
  }
  // No aim was found that is good enough.
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  // Looks at the watch now and then only.
  [[nodiscard]] bool stopped() {
    constexpr std::uint32_t seldom = 16;
    return ++asked_ % seldom == 0 ? stopped_now() : plan_.stopped;
  }
  bool stopped_now() {
    if (!plan_.stopped && watch_ && watch_({false, risk_})) plan_.stopped = true;
    return plan_.stopped;
  }

  // The first value of those looked at where most runs are bad.
  Duration scan() {
    Duration best = problem_.range.from;
    std::uint32_t most = 0;
    std::map<Duration, double> seen;
    for (const Duration value : scanned_values()) {
      const auto runs = problem_.make({value});
      std::uint32_t bad = 0;
      for (std::uint32_t run = 0; run < scan_runs && !stopped(); ++run) {
        table_.begin(problem_.seed, search_runs + run);
        if (runs->bad_at(0)) ++bad;
      }
      if (bad > most) best = value;
      most = std::max(most, bad);
      seen[value] = static_cast<double>(bad) / scan_runs;
    }
    ladder_.insert(seen.begin(), seen.lower_bound(best));
    return best;
  }

  [[nodiscard]] std::vector<Duration> scanned_values() const {
    constexpr Duration least = std::chrono::microseconds(100);
    std::vector<Duration> values = {problem_.range.from};
    for (Duration step = least; problem_.range.from + step < problem_.range.to; step *= 2) {
      values.push_back(problem_.range.from + step);
    }
    if (problem_.range.to > problem_.range.from) values.push_back(problem_.range.to);
    return values;
  }

  // Plain runs until enough are bad. False where (almost) none is.
  bool start_at(Duration value) {
    const auto runs = problem_.make({value});
    std::uint64_t run = 0;
    for (; run < first_draws_max && population_.size() < population_size_; ++run) {
      if (stopped()) return false;
      table_.begin(problem_.seed, search_runs + run);
      if (!runs->bad_at(0)) continue;
      keep();
      population_.back().anchor = runs->anchor(0);
    }
    constexpr std::size_t enough = 10;
    first_share_ = risk_ = static_cast<double>(population_.size()) / static_cast<double>(run);
    ladder_[value] = risk_;
    return population_.size() >= enough;
  }

  void keep() {
    population_.push_back(
        {.run = table_.run(), .entries = {table_.entries().begin(), table_.entries().end()}});
  }
  void load(const Particle& particle) { table_.begin(problem_.seed, particle.run, particle.entries); }

  // From level to level until the risk is well below the bound, or does not fall any more.
  void descend(Duration value) {
    if (!aiming_) list_coordinates();
    for (std::size_t level = 0; level < levels_max && !plan_.stopped; ++level) {
      if (risk_ <= near_bound.back() * problem_.risk || value >= problem_.range.to) return;
      plan_.reached = value;
      if (aiming_ && !aim(value)) return;
      if (!aiming_) renew(value, level);
      if (plan_.stopped) return;
      level_ = value;
      choose_some();
      const Duration next = next_level();
      const double share = keep_at(next);
      choose_near_bound(risk_ * share);
      if (risk_ > problem_.risk) note_typical(value);
      std::erase_if(population_, [&](const Particle& particle) { return stays_[index_of(particle)] == 0; });
      risk_ *= share;
      value = next;
      ladder_[value] = risk_;
      if (population_.empty()) return;
    }
  }

  [[nodiscard]] std::size_t index_of(const Particle& particle) const {
    return static_cast<std::size_t>(&particle - population_.data());
  }

  void note_typical(Duration value) {
    constexpr std::size_t some = 200;
    plan_.typical.resize(std::min(some, population_.size()));
    sim::Stream chance(problem_.seed, search_runs, models::purpose(0, models::Role::splitting));
    copy_by_weight(population_, plan_.typical, chance);
    plan_.typical_at = value;
  }

  // A population of fresh runs that are bad at the value.
  bool aim(Duration value) {
    const auto risk = aiming_->renew(value, risk_, population_);
    if (!risk) {
      lost_ = !plan_.stopped;
      return false;
    }
    ladder_[value] = risk_ = *risk;
    return true;
  }

  // Every draw that a bad run asked for.
  void list_coordinates() {
    std::set<DrawCoordinate> all;
    for (const Particle& particle : population_) {
      for (const auto& entry : particle.entries) {
        all.insert({entry.address, false});
        all.insert({entry.address, true});
      }
    }
    coordinates_.assign(all.begin(), all.end());
  }

  // A population of full size that stands for the runs which are bad at the value.
  void renew(Duration value, std::size_t level) {
    const auto runs = problem_.make({value});
    sim::Stream chance(problem_.seed, search_runs,
                       models::purpose(static_cast<std::uint32_t>(level), models::Role::splitting));
    if (coordinates_.empty()) return;
    move_plans_[value] = measured_moves(*runs, chance);
    const std::size_t before = population_.size();
    for (std::size_t i = before; i < population_size_; ++i) {
      const Particle copy = population_[i % before];
      population_.push_back(copy);
    }
    DrawMover mover(move_plans_[value]);
    for (Particle& particle : population_) {
      load(particle);
      for (std::uint32_t i = 0; i < moves_of_search; ++i) {
        if (stopped()) return;
        mover.move(table_, chance);
        if (!runs->bad_at(0)) mover.undo(table_);
      }
      particle.entries.assign(table_.entries().begin(), table_.entries().end());
    }
  }

  // Of each draw: the longest step with which enough runs stay bad. Those that matter are moved more often.
  MovePlan measured_moves(PlayedRuns& runs, sim::Stream& chance) {
    constexpr std::array<double, 7> sines = {1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.015};
    constexpr double enough = 0.4, least_weight = 0.04;
    MovePlan plan{.coordinates = coordinates_};
    double sum = 0.0;
    for (const DrawCoordinate& coordinate : coordinates_) {
      double chosen = sines.back(), share = 0.0;
      for (const double sine : sines) {
        share = stay_after_step(runs, coordinate, sine, chance);
        if (sine == 1.0) plan.cumulative.push_back(sum += std::max(1.0 - share, least_weight));
        if (share >= enough) {
          chosen = sine;
          break;
        }
      }
      plan.sines.push_back(chosen);
    }
    return plan;
  }

  double stay_after_step(PlayedRuns& runs, const DrawCoordinate& coordinate, double sine,
                         sim::Stream& chance) {
    constexpr int attempts = 32;
    int bad = 0;
    for (int attempt = 0; attempt < attempts && !stopped(); ++attempt) {
      const sim::DrawPair draws = chance.next_pair();
      load(population_[draws.first % population_.size()]);
      std::uint64_t& draw = draw_at(table_, coordinate);
      draw = moved_draw(draw, draws.second, sine);
      if (runs.bad_at(0)) ++bad;
    }
    return static_cast<double>(bad) / attempts;
  }

  // Of the population: who is bad at the value, too, and how many.
  double keep_at(Duration value) {
    stays_ = bad_of(population_, value, &population_);
    double bad = 0.0, all = 0.0;
    for (std::size_t i = 0; i < population_.size(); ++i) {
      all += population_[i].weight;
      if (stays_[i] != 0) bad += population_[i].weight;
    }
    return all > 0.0 ? bad / all : 0.0;
  }

  // About the same, of some that stand for all.
  double share_at(Duration value) {
    const auto known = shares_.find(value);
    if (known != shares_.end()) return known->second;
    const auto bad = bad_of(some_, value);
    return shares_[value] = static_cast<double>(std::ranges::count(bad, 1)) / static_cast<double>(bad.size());
  }

  // 1 for each that is bad; none are where it was stopped. Those of `renewed` (or null) get the anchors that
  // they have at the value.
  std::vector<char> bad_of(const std::vector<Particle>& particles, Duration value,
                           std::vector<Particle>* renewed = nullptr) {
    std::vector<char> bad(particles.size(), 0);
    if (plan_.stopped) return bad;
    crew_.play({value}, particles.size(), [&](PlayedRuns& runs, const std::atomic<bool>&) {
      return [&, table = sim::DrawTable()](std::size_t place) mutable {
        const sim::Playing playing(table);
        table.begin(problem_.seed, particles[place].run, particles[place].entries);
        if (!runs.bad_at(0)) return;
        bad[place] = 1;
        if (renewed != nullptr) (*renewed)[place].anchor = runs.anchor(0);
      };
    });
    return bad;
  }

  void choose_some() {
    constexpr std::size_t size = 300;
    sim::Stream chance(problem_.seed, search_runs, models::purpose(1, models::Role::splitting));
    some_.resize(size);
    copy_by_weight(population_, some_, chance);
    shares_.clear();
  }

  // The least value, about, at which no more than `share` of the population is bad; the end of the range
  // where there is none. It counts on larger being safer: where that is wrong, the plan is not as good.
  Duration first_below(double share) {
    const Duration end = problem_.range.to;
    Duration low = level_, step = std::max(Duration{1}, level_ / 64 + std::chrono::microseconds(1)),
             high = low;
    while (true) {
      high = end - low < step ? end : low + step;
      if (high == end || share_at(high) <= share) break;
      low = high;
      step *= 2;
    }
    if (high == end && share_at(end) > share) return end;
    while (high - low > std::max(Duration{1}, (high - level_) / 64)) {
      const Duration middle = low + (high - low) / 2;
      (share_at(middle) <= share ? high : low) = middle;
    }
    return high;
  }

  Duration next_level() {
    const Duration first = first_below(stay_most);
    if (first == problem_.range.to) return first;
    const Duration last = first_below(stay_least);
    return roundest(first - Duration{1}, last);
  }

  // Values around the bound, as far as they lie before the next level.
  void choose_near_bound(double next_risk) {
    for (const double factor : near_bound) {
      const double target = factor * problem_.risk;
      if (target > risk_ || target <= next_risk) continue;
      const Duration value = first_below(target / risk_);
      if (!resolution_) set_resolution(value);
      const Duration rounded = rounded_up(value, *resolution_);
      if (rounded <= problem_.range.to && rounded >= problem_.range.from) ladder_[rounded] = target;
    }
  }

  void set_resolution(Duration value) {
    resolution_ = problem_.resolution;
    if (resolution_) return;
    Duration step = round_step(static_cast<double>(value.count()) / 80.0);
    constexpr double fall_most = 3.0;
    while (step > Duration{1} && share_at(value + step) * fall_most < share_at(value)) {
      step = round_step(static_cast<double>(step.count() - 1));
    }
    resolution_ = step;
  }

  void look_beyond() {
    const Duration last = ladder_.empty() ? problem_.range.from : ladder_.rbegin()->first;
    ladder_.emplace(problem_.range.from, 0.0);
    for (const std::int64_t factor : {2, 10}) {
      if (last > Duration{0} && last < problem_.range.to / factor) {
        ladder_.emplace(roundest(last * factor - last / 10, last * factor), 0.0);
      }
    }
    ladder_.emplace(problem_.range.to, 0.0);
  }

  void finish() {
    std::vector<double> seen;
    for (const auto& [value, risk] : ladder_) {
      plan_.order.push_back(plan_.values.size());
      plan_.values.push_back(value);
      seen.push_back(risk);
    }
    std::ranges::stable_sort(plan_.order, std::greater<>(), [&](std::size_t place) { return seen[place]; });
    leave_out_far(seen);
    plan_.resolution = resolution_.value_or(
        problem_.resolution.value_or(round_step(static_cast<double>(level_.count()) / 80.0)));
    plan_.last_tested = plan_.values.size() - 1;
    plan_plain();
    if (problem_.risk >= plain_from || plan_.unseen || plan_.stopped || lost_) return;
    if (aiming_ && aiming_->has_levels()) plan_importance();
    if (!move_plans_.empty()) plan_splitting();
  }

  // Of the values that are far above the bound the greatest one is enough to begin with.
  void leave_out_far(const std::vector<double>& seen) {
    const auto near = std::ranges::find_if(
        plan_.order, [&](std::size_t place) { return seen[place] <= far_above * problem_.risk; });
    if (near == plan_.order.begin()) return;
    const std::size_t greatest = *std::max_element(plan_.order.begin(), near);
    plan_.order.erase(plan_.order.begin(), near - 1);
    plan_.order.front() = greatest;
  }

  // Aims with which too many runs would be needed are not good enough.
  void plan_importance() {
    plan_.importance = aiming_->plan(ladder_);
    const auto found = rehearse_importance(crew_, problem_.risk, plan_);
    if (found) plan_.method = RiskMethod::importance;
    lost_ = !found && !stopped();
  }

  // Where nothing is bad, as many as show that the risk is low enough; a look where that takes too many.
  void plan_plain() {
    constexpr double bad_wanted = 200.0, none_wanted = 5.5, least = 10'000.0, most = 5'000'000.0,
                     look = 200'000.0;
    double runs = std::min(bad_wanted / problem_.risk, most);
    if (plan_.unseen) runs = none_wanted / problem_.risk;
    if (plan_.unseen && runs > most) runs = look;
    plan_.plain_runs = static_cast<std::uint64_t>(std::ceil(std::max(runs, least)));
  }

  void plan_splitting() {
    constexpr std::uint32_t particles_first = 150;
    plan_.method = RiskMethod::splitting;
    plan_.splitting = {.values = plan_.values.size(),
                       .seed = problem_.seed,
                       .first_run = rehearsal_runs,
                       .first_draws = first_draws_for(particles_first),
                       .particles = particles_first,
                       .levels = {},
                       .move_plans = {}};
    plan_levels();
    const auto particles = rehearse_splitting(crew_, problem_.risk, plan_);
    if (!particles) return;
    plan_.splitting.first_run = certifying_runs;
    plan_.splitting.first_draws = first_draws_for(*particles);
    plan_.splitting.particles = *particles;
  }

  // As many moves as copies are to be told apart: where most of a level's population is kept, few are copies.
  // The steps are those that the search measured at that value or at the last one before.
  void plan_levels() {
    constexpr std::uint32_t least = 3;
    for (const auto& [value, plan] : move_plans_) plan_.splitting.move_plans.push_back(plan);
    double before = 0.0;
    for (const auto& [value, risk] : ladder_) {
      const double lost = before > 0.0 ? std::clamp(1.0 - risk / before, 0.0, 1.0) : 1.0;
      const auto after = move_plans_.upper_bound(value);
      const auto place = after == move_plans_.begin() ? 0 : std::distance(move_plans_.begin(), after) - 1;
      plan_.splitting.levels.push_back(
          {.moves = std::max(least, static_cast<std::uint32_t>(std::ceil(moves_of_level * lost))),
           .move_plan = static_cast<std::size_t>(place)});
      before = risk;
    }
  }

  [[nodiscard]] std::uint32_t first_draws_for(std::uint32_t particles) const {
    constexpr double most = 50'000.0;
    return static_cast<std::uint32_t>(std::min(most, std::ceil(1.2 * particles / first_share_)));
  }

  const RiskProblem& problem_;
  const RiskWatch& watch_;
  const PlayCrew crew_;
  sim::DrawTable table_;
  sim::Playing playing_;
  RiskPlan plan_;
  std::map<Duration, double> ladder_;  // values to measure, and the risk as it was seen
  std::optional<Duration> resolution_;
  std::optional<Aiming> aiming_;
  std::vector<DrawCoordinate> coordinates_;
  std::map<Duration, MovePlan> move_plans_;  // by the value at which they were measured
  std::vector<Particle> population_;
  std::size_t population_size_;
  std::vector<char> stays_;            // of the population: 1 where it stays at the next level
  std::vector<Particle> some_;         // of the population, all of one weight
  std::map<Duration, double> shares_;  // of these
  Duration level_{0};
  double risk_ = 1.0;
  double first_share_ = 1.0;
  bool lost_ = false;
  std::uint32_t asked_ = 0;
};

}  // namespace

RiskPlan plan_risk(const RiskProblem& problem, const RiskWatch& watch) {
  Search aimed(problem, watch, true);
  RiskPlan plan = aimed.plan();
  return aimed.lost() ? Search(problem, watch, false).plan() : plan;
}

}  // namespace cacherace::exploration
