#include "exploration/aim.hpp"

#include <algorithm>
#include <cassert>

namespace cacherace::exploration {
namespace {

using Entries = std::span<const sim::DrawTable::Entry>;

// The last draw before the anchor, the one before it, …, all earlier ones.
constexpr std::uint32_t distances = 4;

// As if it were a draw's address: which of the laws around an anchor is that of its client's draw; nothing
// for one that comes after it.
std::optional<sim::DrawAddress> near_address(const Anchor& place, std::uint32_t role, std::uint32_t index) {
  if (index >= place.used[role]) return std::nullopt;
  const std::uint32_t distance = std::min(place.used[role] - 1 - index, distances - 1);
  return sim::address_of(sim::Purpose(place.first, role), distance);
}

// What the draws of one client weigh around any place: products over the earlier ones and over the last.
class NearDensity {
 public:
  NearDensity(const BentLaws& laws, const Anchor& alike, std::uint32_t who, Entries entries) {
    for (const auto& entry : entries) {
      const std::uint32_t role = role_of(entry.address), index = sim::index_of(entry.address);
      if (who_of(entry.address) != who || role >= client_roles) continue;
      if (rows_[role].size() <= index) rows_[role].resize(index + 1, unused);
      for (std::uint32_t distance = 0; distance < distances; ++distance) {
        rows_[role][index][distance] =
            laws.density(sim::address_of(sim::Purpose(alike.first, role), distance), entry.draws);
      }
    }
    for (std::size_t role = 0; role < client_roles; ++role) {
      earlier_[role].push_back(1.0);
      for (const Row& row : rows_[role]) earlier_[role].push_back(earlier_[role].back() * row[distances - 1]);
    }
  }

  [[nodiscard]] double at(const Anchor& place) const {
    double product = 1.0;
    for (std::size_t role = 0; role < client_roles; ++role) {
      const std::size_t asked = rows_[role].size();
      if (asked == 0) continue;
      const std::size_t used = place.used[role];
      product *= earlier_[role][std::min(asked, used - std::min<std::size_t>(used, distances - 1))];
      for (std::size_t distance = 0; distance + 1 < distances && distance < used; ++distance) {
        const std::size_t index = used - 1 - distance;
        if (index < asked) product *= rows_[role][index][distance];
      }
    }
    return product;
  }

 private:
  using Row = std::array<double, distances>;
  static constexpr Row unused = {1.0, 1.0, 1.0, 1.0};

  std::array<std::vector<Row>, client_roles> rows_;  // by index
  std::array<std::vector<double>, client_roles> earlier_;
};

}  // namespace

bool is_alike(const Anchor& anchor, sim::DrawAddress address) {
  const std::uint32_t who = who_of(address);
  return role_of(address) < client_roles && who >= anchor.first && who < anchor.first + anchor.alike;
}

void BentLaws::sort() {
  std::ranges::sort(laws_, {}, &std::pair<DrawCoordinate, BentLaw>::first);
}

const BentLaw* BentLaws::find(const DrawCoordinate& coordinate) const {
  const auto found =
      std::ranges::lower_bound(laws_, coordinate, {}, &std::pair<DrawCoordinate, BentLaw>::first);
  return found != laws_.end() && found->first == coordinate ? &found->second : nullptr;
}

sim::DrawPair BentLaws::bent(sim::DrawAddress address, sim::DrawPair draws) const {
  if (const auto* const law = find({address, false})) draws.first = law->bent(draws.first);
  if (const auto* const law = find({address, true})) draws.second = law->bent(draws.second);
  return draws;
}

double BentLaws::density(sim::DrawAddress address, const sim::DrawPair& draws) const {
  double product = 1.0;
  if (const auto* const law = find({address, false})) product *= law->density(draws.first);
  if (const auto* const law = find({address, true})) product *= law->density(draws.second);
  return product;
}

std::optional<Anchor> place_of(const std::optional<Anchor>& anchor) {
  std::optional<Anchor> place = anchor;
  if (place) place->who = place->first;
  return place;
}

Aim::Aim(std::span<const Particle> bad, const Places& so_far, double power) {
  assert(!bad.empty());
  fit(bad, power);
  set_places(bad, so_far);
}

void Aim::fit(std::span<const Particle> bad, double power) {
  std::map<DrawCoordinate, BinCounts> by_address, near;
  for (const Particle& particle : bad) {
    const auto& anchor = particle.anchor;
    for (const auto& [address, draws] : particle.entries) {
      auto* counts = &by_address;
      sim::DrawAddress counted = address;
      if (anchor && is_alike(*anchor, address)) {
        if (who_of(address) != anchor->who) continue;
        const auto where = near_address(*anchor, role_of(address), sim::index_of(address));
        if (!where) continue;
        counted = *where;
        counts = &near;
      }
      (*counts)[{counted, false}].add(draws.first, particle.weight);
      (*counts)[{counted, true}].add(draws.second, particle.weight);
    }
  }
  double farthest = 0.0;
  const auto keep = [&](const auto& counted, BentLaws& laws) {
    for (const auto& [coordinate, counts] : counted) {
      const auto law = BentLaw::of(counts, power);
      if (!law) continue;
      laws.add(coordinate, *law);
      if (law->distance() <= farthest) continue;
      farthest = law->distance();
      strongest_ = coordinate;
      strongest_is_near_ = &laws == &near_;
    }
    laws.sort();
  };
  keep(by_address, by_address_);
  keep(near, near_);
}

double Aim::mark(const Particle& run) const {
  for (const auto& [address, draws] : run.entries) {
    sim::DrawAddress seen = address;
    if (strongest_is_near_) {
      if (!run.anchor || who_of(address) != run.anchor->who || role_of(address) >= client_roles) continue;
      const auto where = near_address(*run.anchor, role_of(address), sim::index_of(address));
      if (!where) continue;
      seen = *where;
    }
    if (strongest_ && seen == strongest_->address) {
      return sim::fraction(strongest_->second ? draws.second : draws.first);
    }
  }
  return -1.0;
}

// A quarter of the weight goes to where runs were ever spoilt, so that no place is forgotten.
void Aim::set_places(std::span<const Particle> bad, const Places& so_far) {
  constexpr double ever = 0.25;
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

Aim::Component Aim::choose(const sim::DrawPair& draws) const {
  const auto found = std::ranges::upper_bound(cumulative_, sim::fraction(draws.first) * cumulative_.back());
  const auto number = std::min<std::ptrdiff_t>(found - cumulative_.begin(), std::ssize(places_) - 1);
  const auto& anchor = places_[static_cast<std::size_t>(number)].anchor;
  if (!anchor) return {};
  const auto member = static_cast<std::uint32_t>(sim::fraction(draws.second) * anchor->alike);
  return {&*anchor, anchor->first + member};
}

sim::DrawPair Aim::bent(const Component& component, sim::DrawAddress address, sim::DrawPair draws) const {
  if (component.place == nullptr || !is_alike(*component.place, address)) {
    return by_address_.bent(address, draws);
  }
  if (who_of(address) != component.who) return draws;
  const auto where = near_address(*component.place, role_of(address), sim::index_of(address));
  return where ? near_.bent(*where, draws) : draws;
}

double Aim::outside(const std::optional<Anchor>& anchor, Entries entries) const {
  double product = 1.0;
  for (const auto& [address, draws] : entries) {
    if (!anchor || !is_alike(*anchor, address)) product *= by_address_.density(address, draws);
  }
  return product;
}

double Aim::density(Entries entries) const {
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
      for (std::uint32_t i = 0; anchor && i < anchor->alike; ++i) {
        members.emplace_back(near_, *anchor, anchor->first + i, entries);
      }
    }
    if (!anchor) {
      sum += place.share * common;
      continue;
    }
    double near = 0.0;
    for (const NearDensity& member : members) near += member.at(*anchor);
    sum += place.share * common * near / anchor->alike;
  }
  return sum / cumulative_.back();
}

void AimMixture::choose(sim::Stream& chance) {
  double rest = chance.next_fraction();
  chosen_ = nullptr;
  for (const Part& part : parts_) {
    if (rest < part.share) {
      chosen_ = part.aim;
      component_ = chosen_->choose(chance.next_pair());
      return;
    }
    rest -= part.share;
  }
}

sim::DrawPair AimMixture::bent(sim::DrawAddress address, sim::DrawPair draws) const {
  return chosen_ == nullptr ? draws : chosen_->bent(component_, address, draws);
}

double AimMixture::weight(Entries entries) const {
  double plain = 1.0, density = 0.0;
  for (const Part& part : parts_) {
    plain -= part.share;
    density += part.share * part.aim->density(entries);
  }
  return 1.0 / (density + plain);
}

}  // namespace cacherace::exploration
