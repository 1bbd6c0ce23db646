// Distributions.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using sim::Duration;

constexpr unsigned mixture_depth_max = 8;
constexpr double pareto_shape_min = 0.01;
constexpr double pareto_shape_max = 1000.0;
constexpr double weight_max = 1e15;

std::optional<sim::Latency> read_nested(Reading& reading, JsonValue value, unsigned depth);

std::optional<Duration> read_positive(Reading& reading, JsonValue value) {
  const auto duration = read_duration(reading, value);
  if (duration && *duration == Duration{0}) {
    reading.fault(value, "expected a duration above 0");
    return std::nullopt;
  }
  return duration;
}

std::optional<Duration> require_duration(Reading& reading, const Fields& fields, std::string_view key,
                                         bool positive) {
  const auto value = fields.require(key, fmt::format("write \"{}\": \"5ms\"", key));
  if (!value) return std::nullopt;
  return positive ? read_positive(reading, *value) : read_duration(reading, *value);
}

sim::LawPtr read_uniform(Reading& reading, JsonValue value, unsigned /*depth*/) {
  const auto ends = value.children();
  if (!value.is(JsonKind::list) || ends.size() != 2) {
    reading.fault(value, "expected a list of two durations, as [\"1ms\", \"3ms\"]");
    return nullptr;
  }
  const auto from = read_duration(reading, ends[0]);
  const auto to = read_duration(reading, ends[1]);
  if (!from || !to) return nullptr;
  if (*from > *to) {
    reading.fault(value, "the first duration is longer than the second; swap them");
    return nullptr;
  }
  return sim::uniform(*from, *to);
}

sim::LawPtr read_exponential(Reading& reading, JsonValue value, unsigned /*depth*/) {
  static constexpr std::array<std::string_view, 1> known = {"mean"};
  const Fields fields(reading, value, known);
  const auto mean = require_duration(reading, fields, "mean", true);
  return mean ? sim::exponential(*mean) : nullptr;
}

sim::LawPtr read_normal(Reading& reading, JsonValue value, unsigned /*depth*/) {
  static constexpr std::array<std::string_view, 2> known = {"mean", "stddev"};
  const Fields fields(reading, value, known);
  const auto mean = require_duration(reading, fields, "mean", false);
  const auto stddev = require_duration(reading, fields, "stddev", false);
  return mean && stddev ? sim::normal(*mean, *stddev) : nullptr;
}

sim::LawPtr read_lognormal(Reading& reading, JsonValue value, unsigned /*depth*/) {
  static constexpr std::array<std::string_view, 2> known = {"median", "p99"};
  const Fields fields(reading, value, known);
  const auto median = require_duration(reading, fields, "median", true);
  const auto p99 = require_duration(reading, fields, "p99", true);
  if (!median || !p99) return nullptr;
  if (*p99 < *median) {
    reading.fault(*fields.get("p99"), "the p99 lies below the median; expected at least the median");
    return nullptr;
  }
  return sim::lognormal(*median, *p99);
}

sim::LawPtr read_pareto(Reading& reading, JsonValue value, unsigned /*depth*/) {
  static constexpr std::array<std::string_view, 2> known = {"min", "shape"};
  const Fields fields(reading, value, known);
  const auto min = require_duration(reading, fields, "min", true);
  std::optional<double> shape;
  if (const auto given = fields.require("shape", "write \"shape\": 2")) {
    shape = read_number(reading, *given, pareto_shape_min, pareto_shape_max);
  }
  return min && shape ? sim::pareto(*min, *shape) : nullptr;
}

// "p99.9" -> 0.999; nothing for what is no percentile.
std::optional<double> percentile(std::string_view key) {
  if (key.size() < 2 || key.size() > 20 || key[0] != 'p') return std::nullopt;
  const auto digits = key.substr(1);
  const auto point = std::min(digits.find('.'), digits.size());
  const bool sound = digits.find_first_not_of("0123456789.") == std::string_view::npos &&
                     point == std::min(digits.rfind('.'), digits.size()) && point > 0 &&
                     digits.back() != '.' && (digits[0] != '0' || point == 1);
  if (!sound) return std::nullopt;
  const double percent = std::stod(std::string(digits));
  return percent <= 100.0 ? std::optional(percent / 100.0) : std::nullopt;
}

std::string no_percentile(std::string_view key) {
  std::string message = "no percentile; expected \"p0\", \"p50\", \"p99.9\" … \"p100\"";
  if (key.size() > 3 && key.starts_with("p99") && key.find_first_not_of('9', 1) == std::string::npos) {
    message += fmt::format("; did you mean \"{}.{}\"?", key.substr(0, 3), key.substr(3, 8));
  }
  return message;
}

struct Quantile {
  double probability;
  Duration duration;
  JsonValue value;
};

bool check_quantiles(Reading& reading, JsonValue value, const std::vector<Quantile>& points) {
  bool sound = true;
  for (const auto& [end, key] : {std::pair(0.0, "p0"), std::pair(1.0, "p100")}) {
    if (std::ranges::find(points, end, &Quantile::probability) != points.end()) continue;
    reading.missing(value, key, "quantiles say where the distribution begins and ends: \"p0\" and \"p100\"");
    sound = false;
  }
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].probability == points[i - 1].probability) {
      reading.fault_at_key(points[i].value, fmt::format("the same percentile as {}; remove one",
                                                        quoted(points[i - 1].value.key())));
      sound = false;
    } else if (points[i].duration < points[i - 1].duration) {
      reading.fault(points[i].value, fmt::format("less than its {}; quantiles do not fall",
                                                 quoted(points[i - 1].value.key())));
      sound = false;
    }
  }
  return sound;
}

sim::LawPtr read_quantiles(Reading& reading, JsonValue value, unsigned /*depth*/) {
  if (!value.is(JsonKind::object)) {
    reading.fault(value, wrong_kind(value, R"(an object, as {"p0": "1ms", "p50": "2ms", "p100": "9ms"})"));
    return nullptr;
  }
  std::vector<Quantile> points;
  bool sound = true;
  for (const auto& child : value.children()) {
    const auto probability = percentile(child.key());
    if (!probability) reading.fault_at_key(child, no_percentile(child.key()));
    const auto duration = read_duration(reading, child);
    if (probability && duration) {
      points.push_back({*probability, *duration, child});
    } else {
      sound = false;
    }
  }
  if (!sound) return nullptr;
  std::ranges::stable_sort(points, {}, &Quantile::probability);
  if (!check_quantiles(reading, value, points)) return nullptr;
  std::vector<std::pair<double, Duration>> pairs;
  pairs.reserve(points.size());
  for (const auto& point : points) pairs.emplace_back(point.probability, point.duration);
  return sim::quantiles(pairs);
}

sim::LawPtr read_histogram_law(Reading& reading, JsonValue value, unsigned /*depth*/) {
  const auto bins = read_histogram(reading, value);
  return bins ? sim::histogram(*bins) : nullptr;
}

sim::LawPtr read_mixture(Reading& reading, JsonValue value, unsigned depth) {
  static constexpr std::array<std::string_view, 2> known = {"weight", "of"};
  if (depth >= mixture_depth_max) {
    reading.fault(value, fmt::format("mixtures are nested more than {} deep", mixture_depth_max));
    return nullptr;
  }
  const auto entries = read_filled_list(reading, value, R"(one {"weight": 1, "of": "5ms"})");
  if (!entries) return nullptr;
  std::vector<std::pair<double, sim::Latency>> parts;
  double total = 0.0;
  for (const auto& entry : *entries) {
    const Fields fields(reading, entry, known);
    std::optional<double> weight;
    std::optional<sim::Latency> of;
    if (const auto given = fields.require("weight", "write \"weight\": 1")) {
      weight = read_number(reading, *given, 0.0, weight_max);
    }
    if (const auto given = fields.require("of", "write \"of\": and a distribution")) {
      of = read_nested(reading, *given, depth + 1);
    }
    if (!weight || !of) continue;
    total += *weight;
    parts.emplace_back(*weight, *of);
  }
  if (parts.size() != entries->size()) return nullptr;
  if (total <= 0.0) {
    reading.fault(value, "all weights are 0; expected at least one above 0");
    return nullptr;
  }
  return sim::mixture(parts);
}

struct Form {
  std::string_view name;
  sim::LawPtr (*read)(Reading&, JsonValue, unsigned depth);
};
constexpr std::array<Form, 8> forms = {{{"uniform", read_uniform},
                                        {"exponential", read_exponential},
                                        {"normal", read_normal},
                                        {"lognormal", read_lognormal},
                                        {"pareto", read_pareto},
                                        {"quantiles", read_quantiles},
                                        {"histogram", read_histogram_law},
                                        {"mixture", read_mixture}}};
constexpr std::array<std::string_view, 10> latency_keys = {"uniform", "exponential", "normal",    "lognormal",
                                                           "pareto",  "quantiles",   "histogram", "mixture",
                                                           "min",     "max"};
constexpr auto form_names = Names(latency_keys).first(forms.size());

// The one form that the object names; reports none and several.
std::optional<std::pair<Form, JsonValue>> form_of(Reading& reading, JsonValue value) {
  std::optional<std::pair<Form, JsonValue>> result;
  bool unknown = false;
  for (const auto& child : value.children()) {
    const auto* const form = std::ranges::find(forms, child.key(), &Form::name);
    if (form == forms.end()) {
      unknown = unknown || (child.key() != "min" && child.key() != "max");
    } else if (result) {
      reading.fault_at_key(child,
                           fmt::format("a second distribution beside {}; keep one (or use \"mixture\")",
                                       quoted(result->second.key())));
    } else {
      result.emplace(*form, child);
    }
  }
  // An unknown key was reported already, and may well be the form misspelt.
  if (!result && !unknown) {
    reading.fault(value, "no distribution in here; expected " + either_of(form_names));
  }
  return result;
}

std::optional<sim::Support> read_range(Reading& reading, const Fields& fields) {
  sim::Support range;
  const auto min = fields.get("min");
  const auto max = fields.get("max");
  const auto low = min ? read_duration(reading, *min) : Duration{0};
  const auto high = max ? read_duration(reading, *max) : Duration{0};
  if (!low || !high) return std::nullopt;
  range.min = *low;
  if (max) range.max = *high;
  if (range.max && *range.max < range.min) {
    reading.fault(*max, "the max is less than the min; swap them");
    return std::nullopt;
  }
  return range;
}

std::optional<sim::Latency> read_nested(Reading& reading, JsonValue value, unsigned depth) {
  if (!value.is(JsonKind::object)) {
    if (value.is(JsonKind::text) || value.is(JsonKind::number)) {
      const auto duration = read_duration(reading, value);
      return duration ? std::optional(sim::Latency::constant(*duration)) : std::nullopt;
    }
    reading.fault(value, wrong_kind(value, R"(a distribution, as "5ms" or {"uniform": ["1ms", "3ms"]})"));
    return std::nullopt;
  }
  const Fields fields(reading, value, latency_keys);
  const auto form = form_of(reading, value);
  const auto range = read_range(reading, fields);
  if (!form) return std::nullopt;
  const auto law = form->first.read(reading, form->second, depth);
  if (!law || !range) return std::nullopt;
  auto result = sim::Latency::of(law, *range);
  if (auto* wrong = std::get_if<std::string>(&result)) {
    reading.fault(value, std::move(*wrong));
    return std::nullopt;
  }
  return std::get<sim::Latency>(std::move(result));
}

}  // namespace

std::optional<sim::Latency> read_latency(Reading& reading, JsonValue value) {
  return read_nested(reading, value, 0);
}

std::optional<models::Legs> read_legs(Reading& reading, JsonValue value) {
  static constexpr std::array<std::string_view, 2> known = {"request", "response"};
  if (!value.find("request") && !value.find("response")) {
    const auto both = read_latency(reading, value);
    return both ? std::optional(models::Legs{*both, *both}) : std::nullopt;
  }
  const Fields fields(reading, value, known);
  std::optional<sim::Latency> request;
  std::optional<sim::Latency> response;
  const auto remedy = "give both legs, or one distribution for both";
  if (const auto given = fields.require("request", remedy)) request = read_latency(reading, *given);
  if (const auto given = fields.require("response", remedy)) response = read_latency(reading, *given);
  return request && response ? std::optional(models::Legs{*request, *response}) : std::nullopt;
}

}  // namespace cacherace::scenarios
