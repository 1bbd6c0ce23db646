// Fields of a scenario that are set from outside: `--set redis.ttl=1s`, and the axes of `--sweep`.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

// A field and the text of its value. The path leads through objects by key, through lists by index from 0 or
// by name: "redis.ttl", "mysql.latency.request", "clients.reader.count",
// "strategies.delayed-double-delete.sleep", "faults.fail.probability".
struct Setting {
  std::string path;
  std::string value;  // JSON, or a text without its quotes: 3, true, 500ms, {"uniform": ["1ms", "3ms"]}

  bool operator==(const Setting&) const = default;
};

// "PATH=VALUE", or what is wrong with it.
std::variant<Setting, std::string> parse_setting(std::string_view text);

// Values of one field.
struct Axis {
  std::string path;
  std::vector<std::string> values;  // at least one, no two alike
};

// "PATH=VALUE,VALUE,…"; commas within brackets and quotes belong to a value.
std::variant<Axis, std::string> parse_axis(std::string_view text);

// Every combination of values, the last axis fastest; one without settings where there is no axis.
std::vector<std::vector<Setting>> points_of(const std::vector<Axis>& axes);

// The scenario as its file would give it with these fields, in the order given. Runs and seed stay. Or what
// is wrong.
std::variant<Scenario, std::string> with_settings(const Scenario& scenario,
                                                  const std::vector<Setting>& settings);

}  // namespace cacherace::scenarios
