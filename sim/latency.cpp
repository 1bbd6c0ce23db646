#include "sim/latency.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

#include "sim/laws.hpp"

namespace cacherace::sim {
namespace {

// As scenarios write it, in the largest unit that leaves a whole number: "90s", "1500us".
std::string to_text(Duration d) {
  struct Unit {
    std::int64_t ns;
    std::string_view name;
  };
  static constexpr std::array units = {
      Unit{3'600'000'000'000, "h"}, Unit{60'000'000'000, "min"}, Unit{1'000'000'000, "s"},
      Unit{1'000'000, "ms"},        Unit{1'000, "us"},           Unit{1, "ns"}};
  const auto* unit = std::ranges::find_if(units, [d](const Unit& u) { return nanos(d) % u.ns == 0; });
  if (d == Duration{0}) {
    unit = &units.back();
  }
  return std::to_string(nanos(d) / unit->ns).append(unit->name);
}

std::string to_text(const Support& s) {
  std::string text = "[";
  text.append(to_text(s.min)).append(", ");
  return s.max ? text.append(to_text(*s.max)).append("]") : text.append("no upper end)");
}

}  // namespace

Latency::Latency(std::shared_ptr<const Law> law)
    : form_(law->form()),
      min_(law->support().min),
      max_(law->support().max.value_or(std::max(min_, longest_draw))),
      span_(static_cast<double>(nanos(max_ - min_))),
      bounded_(law->support().max.has_value()),
      law_(std::move(law)) {}

Latency Latency::constant(Duration value) {
  assert(value >= Duration{0});
  Latency result;
  result.min_ = result.max_ = value;
  return result;
}

std::variant<Latency, std::string> Latency::of(const std::shared_ptr<const Law>& law, Support range) {
  range.min = std::max(range.min, Duration{0});
  if (range.max && *range.max < range.min) {
    return "the range " + to_text(range) + " is empty: its max is below its min";
  }
  auto part = law->within(range);
  if (!part.law) {
    return "no mass in the range " + to_text(range) + ": the distribution lies within " +
           to_text(law->support()) + " and has no probability there (a single point of a continuous " +
           "distribution has none either); change min or max";
  }
  return Latency(std::move(part.law));
}

Support Latency::support() const {
  return {min_, bounded_ ? std::optional<Duration>(max_) : std::nullopt};
}

std::shared_ptr<const Law> Latency::law() const {
  return law_ ? law_ : point(min_);
}

Duration Latency::at_by_law(double fraction) const {
  return from_min(law_->quantile(fraction) - static_cast<double>(nanos(min_)));
}

}  // namespace cacherace::sim
