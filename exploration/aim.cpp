#include "exploration/aim.hpp"

#include <algorithm>
#include <cassert>

#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

using Entries = std::span<const sim::DrawTable::Entry>;

// The last draw before the anchor, the one before it, …, all earlier ones.
constexpr std::uint32_t distances = 4;
// From here on roles are not of a client's own work.
constexpr std::uint32_t client_roles = 16;

bool is_own(sim::DrawName name, std::uint32_t who) {
  return sim::who_of(name) == who && sim::role_of(name) < client_roles;
}

// Draws that every operation asks for: so many that all of a client have one law.
bool is_common(sim::DrawName name) {
  const std::uint32_t use = sim::use_of(name);
  if (use != 0) return use == models::draw_use(models::Command::get);
  return sim::role_of(name) != static_cast<std::uint32_t>(models::Role::replica_choice);
}

// The command that a draw which is not common decides about.
std::size_t command_of(sim::DrawName name) {
  const std::uint32_t use = sim::use_of(name);
  return use == 0 ? index_of(models::Command::select) : use - 1;
}

// As if it were a draw's name: which of the laws around an anchor is that of its client's draw; nothing for
// one that comes after it.
std::optional<sim::DrawName> near_name(const Anchor& place, sim::DrawName name) {
  if (is_common(name)) return sim::renamed(name, place.first, 0);
  const std::uint32_t sent = place.sent[command_of(name)], number = sim::index_of(name);
  if (number >= sent) return std::nullopt;
  return sim::renamed(name, place.first, std::min(sent - 1 - number, distances - 1));
}

// What the draws of one client weigh around any place: the common ones, and of the others those that matter
// there.
class NearDensity {
 public:
  NearDensity(const BentLaws& laws, const Anchor& alike, std::uint32_t who, Entries entries) : laws_(laws) {
    for (const auto& entry : entries) {
      if (!is_own(entry.name, who)) continue;
      if (is_common(entry.name)) {
        common_ *= laws.density(*near_name(alike, entry.name), entry.draws);
      } else {
        others_.push_back(entry);
      }
    }
  }

  [[nodiscard]] double at(const Anchor& place) const {
    double product = common_;
    for (const auto& entry : others_) {
      if (const auto name = near_name(place, entry.name)) product *= laws_.density(*name, entry.draws);
    }
    return product;
  }

 private:
  const BentLaws& laws_;
  double common_ = 1.0;
  std::vector<sim::DrawTable::Entry> others_;
};

}  // namespace

bool is_alike(const Anchor& anchor, sim::DrawName name) {
  const std::uint32_t who = sim::who_of(name);
  return sim::role_of(name) < client_roles && who >= anchor.first && who < anchor.first + anchor.alike;
}

bool matters_to(const Anchor& anchor, sim::DrawName name) {
  if (!is_alike(anchor, name)) return true;
  return sim::who_of(name) == anchor.who && near_name(anchor, name);
}

void BentLaws::sort() {
  std::ranges::sort(laws_, {}, &std::pair<NamedHalf, BentLaw>::first);
}

const BentLaw* BentLaws::find(const NamedHalf& half) const {
  const auto found = std::ranges::lower_bound(laws_, half, {}, &std::pair<NamedHalf, BentLaw>::first);
  return found != laws_.end() && found->first == half ? &found->second : nullptr;
}

sim::DrawPair BentLaws::bent(sim::DrawName name, sim::DrawPair draws) const {
  if (const auto* const law = find({name, false})) draws.first = law->bent(draws.first);
  if (const auto* const law = find({name, true})) draws.second = law->bent(draws.second);
  return draws;
}

double BentLaws::density(sim::DrawName name, const sim::DrawPair& draws) const {
  double product = 1.0;
  if (const auto* const law = find({name, false})) product *= law->density(draws.first);
  if (const auto* const law = find({name, true})) product *= law->density(draws.second);
  return product;
}

std::optional<Anchor> place_of(const std::optional<Anchor>& anchor) {
  std::optional<Anchor> place = anchor;
  if (place) place->who = place->first;
  if (place) place->came.reset();
  return place;
}

Aim::Aim(std::span<const Particle> bad, const Places& so_far, double power, bool may_land) {
  assert(!bad.empty());
  if (may_land) landing_ = Landing::of(bad, power < 1.0 ? 1.0 : 0.25);
  fit(bad, power);
  set_places(bad, so_far);
}

template <class See>
void Aim::each_named(const Particle& bad, const See& see) const {
  const auto& anchor = bad.anchor;
  LandedNames since;
  for (const auto& [address, draws, name] : bad.entries) {
    if (name == sim::no_name) continue;
    if (!anchor || !is_alike(*anchor, name)) {
      see(false, name, draws);
    } else if (sim::who_of(name) == anchor->who && !landing_) {
      if (const auto near = near_name(*anchor, name)) see(true, *near, draws);
    } else if (sim::who_of(name) == anchor->who && landing_->is_of(*anchor)) {
      if (is_thought(name)) {
        if (sim::index_of(name) + 1 == anchor->came->thoughts) since.land();
      } else if (const auto near = since.next(name, anchor->first)) {
        see(true, *near, draws);
      }
    }
  }
}

void Aim::fit(std::span<const Particle> bad, double power) {
  std::map<NamedHalf, BinCounts> by_name, near;
  for (const Particle& particle : bad) {
    each_named(particle, [&](bool is_near, sim::DrawName name, const sim::DrawPair& draws) {
      auto& counts = is_near ? near : by_name;
      counts[{name, false}].add(draws.first, particle.weight);
      counts[{name, true}].add(draws.second, particle.weight);
    });
  }
  double farthest = 0.0;
  const auto keep = [&](const auto& counted, BentLaws& laws) {
    for (const auto& [half, counts] : counted) {
      const auto law = BentLaw::of(counts, power);
      if (!law) continue;
      laws.add(half, *law);
      if (law->distance() <= farthest) continue;
      farthest = law->distance();
      strongest_ = half;
      strongest_is_near_ = &laws == &near_;
    }
    laws.sort();
  };
  keep(by_name, by_name_);
  keep(near, near_);
}

double Aim::mark(const Particle& run) const {
  double mark = -1.0;
  if (!strongest_) return mark;
  each_named(run, [&](bool is_near, sim::DrawName name, const sim::DrawPair& draws) {
    if (mark >= 0.0 || is_near != strongest_is_near_ || name != strongest_->name) return;
    mark = sim::fraction(strongest_->second ? draws.second : draws.first);
  });
  return mark;
}

// A quarter of the weight goes to where runs were ever spoilt, so that no place is forgotten. Where clients
// are made to land, that is the place.
void Aim::set_places(std::span<const Particle> bad, const Places& so_far) {
  constexpr double ever = 0.25;
  if (landing_) {
    places_.push_back({landing_->whose(), 1.0});
    cumulative_.push_back(1.0);
    return;
  }
  Places now, all;
  double sum = 0.0, sum_so_far = 0.0;
  for (const Particle& particle : bad) {
    now[place_of(particle.anchor)] += particle.weight;
    sum += particle.weight;
  }
  for (const auto& [place, weight] : so_far) sum_so_far += weight;
  const double share_now = sum_so_far > 0.0 ? 1.0 - ever : 1.0;
  for (const auto& [place, weight] : now) all[place] += share_now * weight / sum;
  for (const auto& [place, weight] : so_far) all[place] += ever * weight / sum_so_far;
  double passed = 0.0;
  for (const auto& [place, share] : all) {
    places_.push_back({place, share});
    cumulative_.push_back(passed += share);
  }
}

template <class Wait, class Other>
void Aim::follow(LandedNames& since, sim::DrawName name, const Thought* thought, const Wait& wait,
                 const Other& other) const {
  if (thought != nullptr) {
    if (landing_->lands(*thought, wait(*thought))) since.land();
  } else if (!is_thought(name)) {
    if (const auto near = since.next(name, landing_->whose().first)) other(*near);
  }
}

void Aim::choose(const sim::DrawPair& draws, Component& component) const {
  component.since.begin();
  const auto found = std::ranges::upper_bound(cumulative_, sim::fraction(draws.first) * cumulative_.back());
  const auto number = std::min<std::ptrdiff_t>(found - cumulative_.begin(), std::ssize(places_) - 1);
  const auto& anchor = places_[static_cast<std::size_t>(number)].anchor;
  component.place = anchor ? &*anchor : nullptr;
  if (!anchor) return;
  component.who = anchor->first + static_cast<std::uint32_t>(sim::fraction(draws.second) * anchor->alike);
}

sim::DrawPair Aim::bent(Component& component, sim::DrawName name, const Thought* thought,
                        sim::DrawPair draws) const {
  if (component.place == nullptr || !is_alike(*component.place, name)) return by_name_.bent(name, draws);
  if (sim::who_of(name) != component.who) return draws;
  if (landing_) {
    follow(
        component.since, name, thought,
        [&](const Thought& about) { return draws.first = landing_->bent(about, draws.first); },
        [&](sim::DrawName near) { draws = near_.bent(near, draws); });
    return draws;
  }
  const auto where = near_name(*component.place, name);
  return where ? near_.bent(*where, draws) : draws;
}

double Aim::landed_density(std::uint32_t who, Entries entries, const Thoughts& thoughts) const {
  double product = 1.0;
  LandedNames since;
  auto thought = thoughts.begin();
  for (const auto& [address, draws, name] : entries) {
    const bool thinks = thought != thoughts.end() && thought->first == name;
    const Thought* const about = thinks ? &(thought++)->second : nullptr;
    if (!is_own(name, who)) continue;
    follow(
        since, name, about,
        [&](const Thought& waited) {
          product *= landing_->density(waited, draws.first);
          return draws.first;
        },
        [&](sim::DrawName near) { product *= near_.density(near, draws); });
  }
  return product;
}

double Aim::outside(const std::optional<Anchor>& anchor, Entries entries) const {
  double product = 1.0;
  for (const auto& [address, draws, name] : entries) {
    if (!anchor || !is_alike(*anchor, name)) product *= by_name_.density(name, draws);
  }
  return product;
}

double Aim::density(Entries entries, const Thoughts& thoughts) const {
  double sum = 0.0, common = 0.0;
  const std::optional<Anchor>* alike = nullptr;
  std::vector<NearDensity> members;
  for (const Place& place : places_) {
    const auto& anchor = place.anchor;
    const bool same = alike != nullptr && anchor && *alike && (*alike)->first == anchor->first;
    if (!same) {
      alike = &anchor;
      common = outside(anchor, entries);
      members.clear();
      for (std::uint32_t i = 0; anchor && !landing_ && i < anchor->alike; ++i) {
        members.emplace_back(near_, *anchor, anchor->first + i, entries);
      }
    }
    if (!anchor) {
      sum += place.share * common;
      continue;
    }
    double near = 0.0;
    for (const NearDensity& member : members) near += member.at(*anchor);
    for (std::uint32_t i = 0; landing_ && i < anchor->alike; ++i) {
      near += landed_density(anchor->first + i, entries, thoughts);
    }
    sum += place.share * common * near / anchor->alike;
  }
  return sum / cumulative_.back();
}

AimMixture::AimMixture(std::vector<Part> parts, PlayedRuns& runs)
    : parts_(std::move(parts)),
      runs_(runs),
      lands_(std::ranges::any_of(parts_, [](const Part& part) { return part.aim->lands(); })) {}

void AimMixture::choose(sim::Stream& chance) {
  thoughts_.clear();
  double rest = chance.next_fraction();
  chosen_ = nullptr;
  for (const Part& part : parts_) {
    if (rest < part.share) {
      chosen_ = part.aim;
      chosen_->choose(chance.next_pair(), component_);
      return;
    }
    rest -= part.share;
  }
}

sim::DrawPair AimMixture::bent(sim::DrawName name, sim::DrawPair draws) {
  const Thought* about = nullptr;
  if (lands_ && is_thought(name)) {
    if (const auto thought = runs_.thought(sim::who_of(name), sim::index_of(name))) {
      about = &thoughts_.emplace_back(name, *thought).second;
    }
  }
  return chosen_ == nullptr ? draws : chosen_->bent(component_, name, about, draws);
}

double AimMixture::weight(Entries entries) const {
  double plain = 1.0, density = 0.0;
  for (const Part& part : parts_) {
    plain -= part.share;
    density += part.share * part.aim->density(entries, thoughts_);
  }
  return 1.0 / (density + plain);
}

}  // namespace cacherace::exploration
