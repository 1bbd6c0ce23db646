// An entry of strategies that defines one: its name, its parameters, and what its steps make of it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "scenarios/read_steps.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using strategies::OwnParameter;
using strategies::OwnStrategy;
using strategies::ParameterKind;
using strategies::Setting;

std::optional<sim::Duration> read_wait(Reading& reading, JsonValue value) {
  const auto duration = read_duration(reading, value);
  if (!duration || *duration <= strategies::longest_wait) return duration;
  reading.fault(value, "longer than a step may wait; expected 24h at most");
  return std::nullopt;
}

// A step in the words of the file.
std::string words_of(JsonValue value) {
  const bool list = value.is(JsonKind::list);
  if (!list && !value.is(JsonKind::object)) {
    return value.is(JsonKind::number) ? fmt::format("{}", value.number()) : value.text();
  }
  std::string words;
  for (const auto& child : value.children()) {
    if (!words.empty()) words += list ? "; " : ", ";
    words += (list ? "" : child.key() + " ") + words_of(child);
  }
  return list ? "[" + words + "]" : words;
}

constexpr std::array<std::string_view, 7> definition_keys = {"name", "description", "parameters", "write",
                                                             "read", "consume",     "consumers"};

// What the command line and the JSON keys can carry.
bool is_plain(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  });
}

std::optional<OwnParameter> read_own_parameter(Reading& reading, JsonValue value) {
  if (!is_plain(value.key()) || std::ranges::find(definition_keys, value.key()) != definition_keys.end()) {
    reading.fault_at_key(value,
                         "no name for a parameter; expected letters, digits, \"_\", \"-\" and \".\", "
                         "and no key of a definition");
    return std::nullopt;
  }
  // A parameter whose default is wrong is there all the same: its uses are no faults of their own.
  OwnParameter parameter{value.key()};
  if (value.is(JsonKind::number)) {
    parameter.kind = ParameterKind::count;
    parameter.fallback = 1;
    assign(parameter.fallback, std::optional(value),
           [&](JsonValue v) { return read_count(reading, v, 1, strategies::count_max); });
  } else if (value.is(JsonKind::text)) {
    if (const auto wait = read_wait(reading, value)) parameter.fallback = wait->count();
  } else {
    reading.fault(value, wrong_kind(value, "a duration, as \"5ms\", or a whole number"));
  }
  return parameter;
}

// Parameters, in the order of `values`, of which all that are sound are kept.
std::vector<OwnParameter> read_own_parameters(Reading& reading, JsonValue value,
                                              std::vector<JsonValue>& values) {
  std::vector<OwnParameter> parameters;
  if (!value.is(JsonKind::object)) {
    reading.fault(value, wrong_kind(value, R"(an object, as {"sleep": "300ms"})"));
    return parameters;
  }
  for (const auto& child : value.children()) {
    auto parameter = read_own_parameter(reading, child);
    if (!parameter) continue;
    parameters.push_back(std::move(*parameter));
    values.push_back(child);
  }
  return parameters;
}

std::vector<std::string> lines_of(const std::optional<JsonValue>& list) {
  std::vector<std::string> lines;
  if (!list) return lines;
  for (const auto& step : list->children()) lines.push_back(words_of(step));
  return lines;
}

bool read_own_name(Reading& reading, const Fields& fields, OwnStrategy& own) {
  const auto name = fields.require("name", R"(write "name": "ours", the strategy's name)");
  if (!name) return false;
  const auto text = read_text(reading, *name);
  if (!text) return false;
  own.name = *text;
  if (!is_plain(own.name)) {
    reading.fault(*name, "a name has letters, digits, \"-\", \"_\" and \".\", at least one");
  } else if (strategies::find_strategy(own.name) != nullptr) {
    reading.fault(*name, fmt::format("{} is built in; give yours another name, or leave its steps out",
                                     quoted(own.name)));
  } else {
    return true;
  }
  return false;
}

void read_consumers(Reading& reading, const Fields& fields, Settings& settings, OwnStrategy& own) {
  const auto consume = fields.get("consume");
  const auto consumers = fields.get("consumers");
  if (consume) {
    own.consume = read_steps(reading, settings, *consume, in_consume).steps;
    own.consumers.raw = 1;
  } else if (consumers) {
    reading.fault_at_key(*consumers, R"(has no effect without "consume", what they do with an event)");
  }
  assign(own.consumers, consumers, [&](JsonValue v) { return settings.read(v, ParameterKind::count); });
}

}  // namespace

std::optional<Setting> Settings::read(JsonValue value, ParameterKind kind) {
  if (value.is(JsonKind::text) && value.text().starts_with('$')) return read_reference(value, kind);
  if (kind == ParameterKind::count) {
    const auto count = read_count(reading_, value, 1, strategies::count_max);
    return count ? std::optional(Setting{static_cast<std::int64_t>(*count)}) : std::nullopt;
  }
  const auto duration = read_wait(reading_, value);
  return duration ? std::optional(Setting{duration->count()}) : std::nullopt;
}

std::optional<Setting> Settings::read_reference(JsonValue value, ParameterKind kind) {
  const std::string_view name = std::string_view(value.text()).substr(1);
  const bool count = kind == ParameterKind::count;
  const auto found = std::ranges::find(parameters_, name, &OwnParameter::name);
  if (found == parameters_.end()) {
    std::vector<std::string_view> names;
    for (const auto& parameter : parameters_) names.push_back(parameter.name);
    const auto example =
        fmt::format(R"(write "parameters": {{{}: {}}})", quoted(name), count ? "3" : "\"5ms\"");
    reading_.fault(value, fmt::format("this strategy has no such parameter; {}",
                                      names.empty() ? example : remedy_for_name(name, names)));
    return std::nullopt;
  }
  const auto place = static_cast<std::size_t>(found - parameters_.begin());
  used_[place] = true;
  if (found->kind == kind) return Setting{0, place};
  reading_.fault(value,
                 fmt::format("this parameter is {}; expected {}", count ? "a duration" : "a whole number",
                             count ? "a whole number" : "a duration"));
  return std::nullopt;
}

bool is_definition(JsonValue value) {
  return value.is(JsonKind::object) && (value.find("write") || value.find("read") || value.find("consume"));
}

std::shared_ptr<const strategies::StrategyInfo> read_definition(Reading& reading, JsonValue value) {
  const Fields fields(reading, value, definition_keys);
  OwnStrategy own;
  const bool named = read_own_name(reading, fields, own);
  assign(own.description, fields.get("description"), [&](JsonValue v) { return read_text(reading, v); });
  std::vector<JsonValue> parameters;
  if (const auto declared = fields.get("parameters")) {
    own.parameters = read_own_parameters(reading, *declared, parameters);
  }
  Settings settings(reading, own.parameters);
  const auto write = fields.require("write", R"(write "write": [{"mysql.update": "key"}, …], its steps)");
  if (write) {
    auto [steps, updates] = read_steps(reading, settings, *write, in_write);
    own.write = std::move(steps);
    const bool whole = own.write.size() == write->children().size();
    if (whole && !own.write.empty() && !updates) {
      reading.fault(*write, R"(a write that never writes the database; add {"mysql.update": "key"})");
    }
  }
  const auto read = fields.get("read");
  if (read) own.read = read_steps(reading, settings, *read, in_read).steps;
  read_consumers(reading, fields, settings, own);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (settings.uses(i)) continue;
    reading.fault_at_key(parameters[i], fmt::format("no step uses it; write {}, or remove it",
                                                    quoted("$" + parameters[i].key())));
  }
  own.writing = lines_of(write);
  for (const auto& line : lines_of(fields.get("consume"))) own.writing.push_back("consumer: " + line);
  own.reading = lines_of(read);
  return named ? strategies::define(std::move(own)) : nullptr;
}

}  // namespace cacherace::scenarios
