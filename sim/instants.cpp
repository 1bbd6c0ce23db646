#include "sim/instants.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace cacherace::sim {
namespace {

constexpr std::int64_t far = INT64_MAX / 4;

std::int64_t floor_divided(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

std::int64_t ceil_divided(std::int64_t a, std::int64_t b) {
  return -floor_divided(-a, b);
}

// The roundest number in [low, high]: a multiple of as many hours, minutes, seconds, … as there is one; the
// least of those.
std::int64_t roundest(std::int64_t low, std::int64_t high) {
  constexpr std::int64_t second = 1'000'000'000;
  static constexpr std::array grains = {
      3600 * second,    60 * second,        10 * second,       second,
      second / 10,      second / 100,       second / 1000,     second / 10'000,
      second / 100'000, std::int64_t{1000}, std::int64_t{100}, std::int64_t{10}};
  for (const std::int64_t grain : grains) {
    const std::int64_t multiple = ceil_divided(low, grain) * grain;
    if (multiple <= high) return multiple;
  }
  return low;
}

}  // namespace

Instants::Variable Instants::add() {
  return variables_++;
}

void Instants::limit(Variable x, Variable y, Duration known, std::int64_t unknowns, std::size_t label) {
  limits_.push_back({x, y, nanos(known), unknowns, label});
}

std::optional<Instants::Cycle> Instants::negative_cycle(std::int64_t u) const {
  std::vector<std::int64_t> distance(variables_, 0);
  std::vector<const Limit*> by(variables_, nullptr);
  Variable last = variables_;
  for (std::size_t round = 0; round <= variables_; ++round) {
    last = variables_;
    for (const Limit& limit : limits_) {
      const std::int64_t through = distance[limit.y] + limit.known + limit.unknowns * u;
      if (through >= distance[limit.x]) continue;
      distance[limit.x] = through;
      by[limit.x] = &limit;
      last = limit.x;
    }
    if (last == variables_) return std::nullopt;
  }
  for (std::size_t i = 0; i < variables_; ++i) last = by[last]->y;  // onto the cycle
  Cycle cycle;
  Variable at = last;
  do {
    cycle.known += by[at]->known;
    cycle.unknowns += by[at]->unknowns;
    if (by[at]->label != no_label) cycle.labels.push_back(by[at]->label);
    at = by[at]->y;
  } while (at != last);
  return cycle;
}

std::optional<std::pair<Duration, Duration>> Instants::range(Duration from, Duration to) const {
  std::int64_t low = nanos(from), high = nanos(to);
  while (const auto cycle = negative_cycle(high)) {
    if (cycle->unknowns >= 0) return std::nullopt;
    high = floor_divided(cycle->known, -cycle->unknowns);
    if (high < low) return std::nullopt;
  }
  while (const auto cycle = negative_cycle(low)) {
    assert(cycle->unknowns > 0);
    low = ceil_divided(-cycle->known, cycle->unknowns);
  }
  return std::pair(Duration(low), Duration(high));
}

std::vector<std::size_t> Instants::contradiction(Duration u) const {
  const auto cycle = negative_cycle(nanos(u));
  return cycle ? cycle->labels : std::vector<std::size_t>{};
}

// With all differences at their tightest (Floyd and Warshall) any instant between a variable's bounds can be
// completed; fixing one tightens the others.
std::vector<Time> Instants::round(Duration u) const {
  const std::size_t n = variables_;
  std::vector<std::int64_t> most(n * n, far);  // t(x) - t(y)
  for (std::size_t i = 0; i < n; ++i) most[i * n + i] = 0;
  for (const Limit& limit : limits_) {
    std::int64_t& bound = most[limit.x * n + limit.y];
    bound = std::min(bound, limit.known + limit.unknowns * nanos(u));
  }
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      if (most[i * n + k] >= far) continue;
      for (std::size_t j = 0; j < n; ++j) {
        if (most[k * n + j] < far)
          most[i * n + j] = std::min(most[i * n + j], most[i * n + k] + most[k * n + j]);
      }
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (most[i * n + i] < 0) return {};
  }
  std::vector<std::int64_t> low(n), high(n);
  for (std::size_t i = 0; i < n; ++i) {
    low[i] = -most[i];
    high[i] = most[i * n];
  }
  std::vector<Time> instants(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t chosen = roundest(low[i], high[i]);
    instants[i] = Time(Duration(chosen));
    for (std::size_t j = 0; j < n; ++j) {
      if (most[j * n + i] < far) high[j] = std::min(high[j], chosen + most[j * n + i]);
      if (most[i * n + j] < far) low[j] = std::max(low[j], chosen - most[i * n + j]);
    }
  }
  return instants;
}

}  // namespace cacherace::sim
