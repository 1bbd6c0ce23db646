#include "exploration/risk_aim.hpp"

#include <algorithm>
#include <unordered_map>

#include "exploration/draw_mover.hpp"
#include "exploration/resampling.hpp"
#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

// What the mixtures are made of; the rest are plain runs.
constexpr double of_level = 0.75, of_level_before = 0.2;
// From this risk on plain runs are as good.
constexpr double plain_risk = 0.02;

double effective(const std::vector<Particle>& particles) {
  double sum = 0.0, squares = 0.0;
  for (const Particle& particle : particles) {
    sum += particle.weight;
    squares += particle.weight * particle.weight;
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

// The same draws once more, known by their names.
class KeptDraws final : public sim::DrawBend {
 public:
  explicit KeptDraws(std::span<const sim::DrawTable::Entry> entries) {
    for (const auto& entry : entries) kept_.emplace(entry.name, entry.draws);
  }
  [[nodiscard]] sim::DrawPair bent(sim::DrawName name, sim::DrawPair draws) override {
    const auto found = kept_.find(name);
    return found == kept_.end() ? draws : found->second;
  }

 private:
  std::unordered_map<sim::DrawName, sim::DrawPair> kept_;
};

// The draws of a bad run that may have spoilt it.
std::vector<DrawCoordinate> suspects(const Particle& particle) {
  std::vector<DrawCoordinate> found;
  for (const auto& entry : particle.entries) {
    if (entry.name == sim::no_name || (particle.anchor && !matters_to(*particle.anchor, entry.name)))
      continue;
    found.push_back({entry.address, false});
    found.push_back({entry.address, true});
  }
  return found;
}

// Both, each for half of the weight.
std::vector<Particle> joined(const std::vector<Particle>& some, const std::vector<Particle>& others) {
  std::vector<Particle> all;
  for (const auto* const these : {&some, &others}) {
    double sum = 0.0;
    for (const Particle& particle : *these) sum += particle.weight;
    for (const Particle& particle : *these) {
      all.push_back(particle);
      all.back().weight /= sum;
    }
  }
  return all;
}

}  // namespace

bool Aiming::spread(sim::Duration value, std::vector<Particle>& bad) {
  constexpr std::size_t size = 500;
  sim::Stream chance(seed_, next_run_, models::purpose(1, models::Role::splitting));
  std::vector<Particle> copies(size);
  copy_by_weight(bad, copies, chance);
  const bool done = crew_.play({value}, size, [&](PlayedRuns& runs, const std::atomic<bool>& stop) {
    return [&, first = next_run_ + 1](std::size_t place) {
      sim::Stream own(seed_, first + place, models::purpose(1, models::Role::splitting));
      move_about(runs, copies[place], own, stop);
    };
  });
  next_run_ += 1 + size;
  bad = std::move(copies);
  return done;
}

void Aiming::move_about(PlayedRuns& runs, Particle& particle, sim::Stream& chance,
                        const std::atomic<bool>& stop) const {
  constexpr std::size_t moves_least = 30;
  constexpr std::array<double, 6> sines = {1.0, 0.5, 0.25, 0.1, 0.04, 0.015};
  sim::DrawTable table;
  const sim::Playing playing(table);
  const auto coordinates = suspects(particle);
  table.begin(seed_, particle.run, particle.entries);
  const std::size_t moves = coordinates.empty() ? 0 : std::max(moves_least, coordinates.size() / 2);
  for (std::size_t i = 0; i < moves && !stop; ++i) {
    const sim::DrawPair which = chance.next_pair(), how = chance.next_pair();
    const DrawCoordinate& coordinate = coordinates[which.first % coordinates.size()];
    const std::uint64_t before = draw_at(table, coordinate);
    const std::uint64_t after = moved_draw(before, how.first, sines[which.second % sines.size()]);
    draw_at(table, coordinate) = after;
    if (after != before && !runs.bad_at(0)) draw_at(table, coordinate) = before;
  }
  // Twice more: for the names as they are now, and then, with these, in the order in which draws are asked
  // for.
  particle.entries.assign(table.entries().begin(), table.entries().end());
  table.begin(seed_, particle.run, particle.entries);
  std::ignore = runs.bad_at(0);
  KeptDraws kept(table.entries());
  table.begin(seed_, particle.run, kept);
  if (runs.bad_at(0)) particle.anchor = runs.anchor(0);
  particle.entries.assign(table.entries().begin(), table.entries().end());
  particle.weight = 1.0;
}

// For each part of them, cut by the draw that says most of `all`: what that lacks the other draws must make
// up for, so the parts differ in more than that draw. None: there are too few.
std::vector<Aim> Aiming::parted(const std::vector<Particle>& bad, const Aim& all) const {
  constexpr std::array<double, 3> cuts = {0.15, 0.5, 1.0};
  constexpr double part_least = 40.0;
  std::vector<std::pair<double, const Particle*>> marked;
  double sum = 0.0;
  for (const Particle& particle : bad) {
    marked.emplace_back(all.mark(particle), &particle);
    sum += particle.weight;
  }
  std::ranges::stable_sort(marked, {}, &std::pair<double, const Particle*>::first);
  double passed = 0.0;
  std::vector<Particle> part;
  std::vector<Aim> parts;
  std::size_t cut = 0;
  for (const auto& [mark, particle] : marked) {
    part.push_back(*particle);
    passed += particle->weight;
    if (cut + 1 == cuts.size() || passed < cuts[cut] * sum) continue;
    ++cut;
    if (effective(part) < part_least) continue;
    parts.emplace_back(part, places_);
    part.clear();
  }
  if (effective(part) >= part_least && !parts.empty()) parts.emplace_back(part, places_);
  return parts;
}

// One aim for all; one that is bent half as far, so that runs unlike those that were seen are not forgotten;
// where these make clients land one that does not, for those that are spoilt in another way; and the parts.
Aiming::Level Aiming::fitted(const std::vector<Particle>& bad) const {
  constexpr double of_all = 0.3, of_loose = 0.3, of_other = 0.1, loose = 0.5;
  Level level;
  level.add(Aim(bad, places_), of_all);
  const bool lands = level.aims.front().lands();
  level.add(Aim(bad, places_, loose), lands ? of_loose - of_other : of_loose);
  if (lands) level.add(Aim(bad, places_, 1.0, false), of_other);
  std::vector<Aim> parts = parted(bad, level.aims.front());
  const double rest = 1.0 - of_all - of_loose;
  if (parts.empty()) level.shares.front() += rest;
  for (Aim& aim : parts) level.add(std::move(aim), rest / static_cast<double>(parts.size()));
  return level;
}

AimMixture Aiming::mixture_of(const Level& level, const Level* before, PlayedRuns& runs) {
  std::vector<AimMixture::Part> parts;
  const auto add = [&](const Level& added, double share) {
    for (std::size_t i = 0; i < added.aims.size(); ++i) {
      parts.push_back({&added.aims[i], share * added.shares[i]});
    }
  };
  add(level, of_level);
  if (before != nullptr) add(*before, of_level_before);
  return {std::move(parts), runs};
}

// `count` runs, those that are bad added to `bad`.
bool Aiming::draw(sim::Duration value, const Level& level, std::uint32_t count, std::vector<Particle>& bad) {
  const bool plain = level.aims.empty();
  const Level* const before = plain || levels_.empty() ? nullptr : &levels_.rbegin()->second;
  std::vector<std::optional<Particle>> found(count);
  const bool done = crew_.play({value}, count, [&](PlayedRuns& runs, const std::atomic<bool>&) {
    return
        [&, mixture = mixture_of(level, before, runs), table = sim::DrawTable()](std::size_t place) mutable {
          const sim::Playing playing(table);
          const std::uint64_t run = next_run_ + place;
          sim::Stream chance(seed_, run, models::purpose(0, models::Role::splitting));
          mixture.choose(chance);
          table.begin(seed_, run, mixture);
          if (!runs.bad_at(0)) return;
          found[place] = {.run = run,
                          .entries = {table.entries().begin(), table.entries().end()},
                          .weight = mixture.weight(table.entries()),
                          .anchor = runs.anchor(0)};
        };
  });
  next_run_ += count;
  for (auto& particle : found) {
    if (particle) bad.push_back(std::move(*particle));
  }
  return done;
}

std::optional<double> Aiming::renew(sim::Duration value, double expected, std::vector<Particle>& bad) {
  constexpr std::uint32_t chunk = 2000, runs_first = 10'000, runs_most = 120'000;
  constexpr double enough_plain = 300.0, enough_aimed = 120.0, too_few = 25.0, worn = 60.0;
  if (levels_.empty()) note_places(bad);
  const bool plain = expected >= plain_risk;
  const double enough = plain ? enough_plain : enough_aimed;
  if (!plain && effective(bad) < worn && !spread(value, bad)) return std::nullopt;
  std::vector<Particle> pool = std::move(bad);
  Level level = plain ? Level() : fitted(pool);
  bad.clear();
  std::uint32_t count = 0;
  for (; count < chunk || (count < runs_most && effective(bad) < enough); count += chunk) {
    if (!plain && count == runs_first) level = fitted(joined(pool, bad));
    if (!draw(value, level, chunk, bad)) return std::nullopt;
  }
  if (effective(bad) < too_few) return std::nullopt;
  note_places(bad);
  Level fitted_level = fitted(plain ? bad : joined(pool, bad));
  fitted_level.yield = effective(bad) / count;
  levels_.emplace(value, std::move(fitted_level));
  double sum = 0.0;
  for (const Particle& particle : bad) sum += particle.weight;
  return sum / count;
}

void Aiming::note_places(const std::vector<Particle>& bad) {
  for (const Particle& particle : bad) places_[place_of(particle.anchor)] += 1.0;
}

ImportancePlan Aiming::plan(const std::map<sim::Duration, double>& seen) const {
  constexpr double bad_wanted = 2.5, runs_least = 150.0, runs_most = 8000.0;
  ImportancePlan plan{.values = seen.size(), .seed = seed_, .groups = {}, .aims = {}};
  std::vector<std::vector<std::pair<std::size_t, double>>> levels;  // which aims, for what share
  std::vector<double> runs;                                         // that see some bad ones
  for (const auto& [value, level] : levels_) {
    levels.emplace_back();
    runs.push_back(std::clamp(bad_wanted / level.yield, runs_least, runs_most));
    for (std::size_t i = 0; i < level.aims.size(); ++i) {
      levels.back().emplace_back(plan.aims.size(), level.shares[i]);
      plan.aims.push_back(level.aims[i]);
    }
  }
  runs.push_back(runs_least);  // plain ones
  std::optional<std::size_t> last;
  std::size_t place = 0;
  for (const auto& [value, risk] : seen) {
    const auto after = static_cast<std::size_t>(std::distance(levels_.begin(), levels_.upper_bound(value)));
    const std::size_t level = risk >= plain_risk ? levels.size() : after - std::min<std::size_t>(after, 1);
    if (last != level) {
      plan.groups.push_back(
          {.aims = {}, .first = place, .end = place, .runs = static_cast<std::uint32_t>(runs[level])});
      auto& aims = plan.groups.back().aims;
      const auto add = [&](std::size_t added, double share) {
        for (const auto& [aim, part] : levels[added]) aims.emplace_back(aim, share * part);
      };
      if (level < levels.size()) add(level, of_level);
      if (level < levels.size() && level > 0) add(level - 1, of_level_before);
    }
    plan.groups.back().end = ++place;
    last = level;
  }
  return plan;
}

}  // namespace cacherace::exploration
