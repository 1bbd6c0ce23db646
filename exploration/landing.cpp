#include "exploration/landing.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/roles.hpp"
#include "sim/laws.hpp"
#include "sim/random.hpp"

namespace cacherace::exploration {
namespace {

// So much of what could land is left as it is.
constexpr double left_alone = 0.2;
// So often a client asks for draws of a kind before they are as usual again.
constexpr std::uint32_t named_draws = 2;

std::uint64_t draw_of(double fraction) {
  return static_cast<std::uint64_t>(std::clamp(fraction, 0.0, 1.0 - 0x1p-53) * 0x1p53) << 11U;
}

// After what a client came, and the first of those like it.
using Kind = std::pair<MilestoneKind, std::uint32_t>;
std::optional<Kind> kind_of(const Particle& particle) {
  const auto& anchor = particle.anchor;
  if (!anchor || !anchor->came) return std::nullopt;
  return Kind(anchor->came->milestone, anchor->first);
}

// When somebody came, and with what weight.
using Instants = std::vector<std::pair<double, double>>;

double weight_of(const Instants& instants) {
  double sum = 0.0;
  for (const auto& [when, weight] : instants) sum += weight;
  return sum;
}

// How long an operation takes of those who came so, in the mean, ns.
double busy_of(std::span<const Particle> bad, const Kind& kind) {
  double sum = 0.0, operations = 0.0;
  for (const Particle& particle : bad) {
    if (kind_of(particle) != kind) continue;
    sum += particle.weight * sim::in_ns(particle.anchor->came->busy);
    operations += particle.weight * particle.anchor->came->thoughts;
  }
  return sum / operations;
}

// The hazard rate, in units of the usual one, at which those who came so had thought until then.
double hazard_of(std::span<const Particle> bad, const Kind& kind) {
  double count = 0.0, hazards = 0.0;
  for (const Particle& particle : bad) {
    if (kind_of(particle) != kind) continue;
    for (const auto& [address, draws, name] : particle.entries) {
      if (sim::who_of(name) != particle.anchor->who || !is_thought(name)) continue;
      if (sim::index_of(name) >= particle.anchor->came->thoughts) continue;
      count += particle.weight;
      hazards -= particle.weight * std::log(1.0 - sim::fraction(draws.first));
    }
  }
  return hazards > 0.0 ? std::min(1.0, count / hazards) : 1.0;
}

// `instants` in order; not empty.
double quantile(const Instants& instants, double share) {
  double rest = share * weight_of(instants);
  for (const auto& [when, weight] : instants) {
    rest -= weight;
    if (rest <= 0.0) return when;
  }
  return instants.back().first;
}

}  // namespace

bool is_thought(sim::DrawName name) {
  return sim::role_of(name) == static_cast<std::uint32_t>(models::Role::think);
}

// Given that, a Poisson process has 1 - B(most) of its usual rate, with B by Erlang's formula: B(0) = 1,
// B(n) = x B(n-1) / (n + x B(n-1)). Its last steps, from the fixed point with B(n-1) = B(n) + 1/x.
double hazard_to_last(double usual, double most) {
  constexpr double steps = 12.0;
  double n = std::max(0.0, most - steps);
  const double sum = usual + n + 1.0;
  double blocked = 1.0 - 2.0 * n / (sum + std::sqrt(sum * sum - 4.0 * usual * n));
  while (n < most) {
    n += 1.0;
    blocked = usual * blocked / (n + usual * blocked);
  }
  return 1.0 - blocked;
}

std::optional<Landing> Landing::of(std::span<const Particle> bad, double slack) {
  constexpr double tail = 0.02, of_one_kind = 0.9;
  std::map<Kind, std::pair<Anchor, Instants>> kinds;
  double sum = 0.0;
  for (const Particle& particle : bad) {
    sum += particle.weight;
    const auto kind = kind_of(particle);
    if (!kind) continue;
    const auto& anchor = particle.anchor;
    auto& [whose, instants] = kinds[*kind];
    whose = {.who = anchor->first, .first = anchor->first, .alike = anchor->alike};
    instants.emplace_back(sim::in_ns(anchor->came->since), particle.weight);
  }
  for (auto& [kind, seen] : kinds) {
    auto& [whose, instants] = seen;
    if (weight_of(instants) < of_one_kind * sum) continue;
    std::ranges::sort(instants);
    const double from = quantile(instants, tail), to = quantile(instants, 1.0 - tail);
    const double wider = slack * (to - from);
    return Landing(kind.first, from - wider, to + wider, whose, busy_of(bad, kind), hazard_of(bad, kind));
  }
  return std::nullopt;
}

bool Landing::is_of(const Anchor& anchor) const {
  return anchor.first == whose_.first && anchor.came && anchor.came->milestone == milestone_;
}

Landing::Bend Landing::bend_of(const Thought& thought) const {
  constexpr double narrow = 0.5, hazard_least = 0.05;
  const double wait = from_ - sim::in_ns(thought.since);
  if (!thought.milestone || *thought.milestone < milestone_) return {.hazard = hazard_before_};
  if (*thought.milestone > milestone_ || wait <= 0.0) return {};
  Bend bend;
  const double left = thought.left - 1.0, thinking = std::max(0.0, wait - left * busy_);
  bend.hazard = std::max(hazard_least, hazard_to_last(thinking / thought.mean, left));
  bend.low = std::clamp(thought.law->below(wait), 0.0, 1.0);
  bend.high = std::clamp(thought.law->below(wait + to_ - from_), 0.0, 1.0);
  const double lands = bend.high - bend.low;
  if (lands > 0.0 && lands <= narrow * (1.0 - bend.low)) bend.share = 1.0 - left_alone;
  return bend;
}

std::uint64_t Landing::bent(const Thought& thought, std::uint64_t draw) const {
  const Bend bend = bend_of(thought);
  const double fraction = sim::fraction(draw), beyond = std::pow(1.0 - bend.low, bend.hazard);
  if (fraction < 1.0 - beyond || bend.share == 0.0) {
    return bend.hazard == 1.0 ? draw : draw_of(1.0 - std::pow(1.0 - fraction, 1.0 / bend.hazard));
  }
  const double within = (fraction - (1.0 - beyond)) / beyond;
  if (within < bend.share) return draw_of(bend.low + within / bend.share * (bend.high - bend.low));
  const double rest = (within - bend.share) / (1.0 - bend.share);
  return draw_of(1.0 - (1.0 - bend.low) * std::pow(1.0 - rest, 1.0 / bend.hazard));
}

double Landing::density(const Thought& thought, std::uint64_t draw) const {
  const Bend bend = bend_of(thought);
  const double fraction = sim::fraction(draw);
  const double tilted = bend.hazard * std::pow(1.0 - fraction, bend.hazard - 1.0);
  if (fraction < bend.low || bend.share == 0.0) return tilted;
  const double beyond = std::pow(1.0 - bend.low, bend.hazard);
  const double landed = fraction < bend.high ? bend.share * beyond / (bend.high - bend.low) : 0.0;
  return landed + (1.0 - bend.share) * tilted;
}

bool Landing::lands(const Thought& thought, std::uint64_t draw) const {
  if (thought.milestone != milestone_) return false;
  const double wait = from_ - sim::in_ns(thought.since);
  return wait <= 0.0 || sim::fraction(draw) >= thought.law->below(wait);
}

std::optional<sim::DrawName> LandedNames::next(sim::DrawName name, std::uint32_t who) {
  if (!landed_) return std::nullopt;
  const sim::DrawName kind = sim::renamed(name, who, 0);
  const auto end = counts_.begin() + static_cast<std::ptrdiff_t>(kinds_);
  auto* const known =
      std::find_if(counts_.begin(), end, [&](const auto& count) { return count.first == kind; });
  if (known == counts_.end()) return std::nullopt;
  if (known == end) {
    *known = {kind, 0};
    ++kinds_;
  }
  if (known->second >= named_draws) return std::nullopt;
  return sim::renamed(name, who, known->second++);
}

}  // namespace cacherace::exploration
