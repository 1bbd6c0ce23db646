#include "scenarios/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "scenarios/reader.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using Json = nlohmann::ordered_json;

// What says how things are, not what is asked.
constexpr std::array<std::string_view, 8> sections = {"redis",   "mysql",  "queue",      "keys",
                                                      "clients", "faults", "strategies", "limits"};

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  while (true) {
    const auto dot = path.find('.');
    steps.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return steps;
    path.remove_prefix(dot + 1);
  }
}

// What is wrong with a path, whatever the scenario.
std::optional<std::string> path_fault(std::string_view path) {
  const auto steps = steps_of(path);
  if (std::ranges::any_of(steps, &std::string::empty)) {
    return fmt::format("{} is no field; expected a path such as redis.ttl", scenarios::quoted(path));
  }
  if (std::ranges::find(sections, steps.front()) == sections.end()) {
    return fmt::format("{} does not begin in a section of the scenario; {}", scenarios::quoted(path),
                       remedy_for_name(steps.front(), sections));
  }
  if (steps.size() < 2)
    return fmt::format("{} is a whole section; name a field of it", scenarios::quoted(path));
  return std::nullopt;
}

// The value in JSON; what is no JSON is a text.
Json value_of(const std::string& text) {
  Json parsed = Json::parse(text, nullptr, false);
  return parsed.is_discarded() ? Json(text) : parsed;
}

std::string kind_of(const Json& json) {
  return json.is_array() ? "a list" : json.is_object() ? "an object" : json.dump();
}

// An element of a list is called by its index, its name, or (a fault) its only key.
std::vector<std::string> names_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& element : list) {
    if (element.is_string()) names.push_back(element.get<std::string>());
    if (!element.is_object()) continue;
    if (element.contains("name") && element["name"].is_string()) {
      names.push_back(element["name"].get<std::string>());
    } else if (element.size() == 1) {
      names.push_back(element.begin().key());
    }
  }
  return names;
}

class Setter {
 public:
  explicit Setter(Json& document) : document_(document) {}

  // What is wrong, or nothing.
  std::optional<std::string> set(const Setting& setting) {
    Json* at = &document_;
    std::string way;
    const auto steps = steps_of(setting.path);
    for (const std::string& step : steps) {
      Json* next = at->is_array() ? element(*at, step) : member(*at, step);
      if (next == nullptr) return why_not(*at, way, step);
      at = next;
      way += (way.empty() ? "" : ".") + step;
    }
    *at = value_of(setting.value);
    return std::nullopt;
  }

 private:
  // A missing member is made: the reader knows which there may be.
  static Json* member(Json& object, const std::string& key) {
    if (object.is_null()) object = Json::object();
    return object.is_object() ? &object[key] : nullptr;
  }

  static Json* element(Json& list, const std::string& step) {
    std::size_t index = 0;
    const auto [rest, error] = std::from_chars(step.data(), step.data() + step.size(), index);
    if (error == std::errc() && rest == step.data() + step.size())
      return index < list.size() ? &list[index] : nullptr;
    Json* found = nullptr;
    for (Json& one : list) {
      const bool is_name = one.is_string() && one == step;
      const bool has_name = one.is_object() && one.contains("name") && one["name"] == step;
      const bool is_fault = one.is_object() && !one.contains("name") && one.size() == 1 && one.contains(step);
      if (!is_name && !has_name && !is_fault) continue;
      if (found != nullptr) return nullptr;  // which one?
      if (is_name) one = Json{{"name", step}};
      found = is_fault ? &one[step] : &one;
    }
    return found;
  }

  static std::string why_not(const Json& at, const std::string& way, const std::string& step) {
    if (!at.is_array())
      return fmt::format("{} is {}, so there is no {} in it", way, kind_of(at), scenarios::quoted(step));
    const auto names = names_in(at);
    if (std::ranges::count(names, step) > 1) {
      return fmt::format("{} has several {}; say which by an index from 0", way, scenarios::quoted(step));
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    if (views.empty())
      return fmt::format("{} is empty, so there is no {} in it", way, scenarios::quoted(step));
    return fmt::format("{} has no {}; {}", way, scenarios::quoted(step), remedy_for_name(step, views));
  }

  Json& document_;
};

// Where the next comma outside of brackets and quotes is.
std::size_t end_of_value(std::string_view text) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) in_text = !in_text;
    if (in_text) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::variant<Setting, std::string> parse_setting(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size()) {
    return fmt::format("{} has no value; expected PATH=VALUE, redis.ttl=10s, say", scenarios::quoted(text));
  }
  if (auto wrong = path_fault(text.substr(0, equals))) return *wrong;
  return Setting{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::variant<Axis, std::string> parse_axis(std::string_view text) {
  const auto whole = parse_setting(text);
  if (const auto* wrong = std::get_if<std::string>(&whole)) return *wrong;
  Axis axis{std::get<Setting>(whole).path, {}};
  std::string_view rest = std::get<Setting>(whole).value;
  while (true) {
    const std::size_t end = end_of_value(rest);
    const std::string value(rest.substr(0, end));
    if (value.empty())
      return fmt::format("{} has an empty value; expected PATH=VALUE,VALUE,…", scenarios::quoted(text));
    if (std::ranges::find(axis.values, value) != axis.values.end()) {
      return fmt::format("{} stands there twice; give each value once", scenarios::quoted(value));
    }
    axis.values.push_back(value);
    if (end == std::string_view::npos) return axis;
    rest.remove_prefix(end + 1);
  }
}

std::vector<std::vector<Setting>> points_of(const std::vector<Axis>& axes) {
  std::vector<std::vector<Setting>> points = {{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<Setting>> more;
    for (const auto& point : points) {
      for (const std::string& value : axis.values) {
        more.push_back(point);
        more.back().push_back({axis.path, value});
      }
    }
    points = std::move(more);
  }
  return points;
}

std::variant<Scenario, std::string> with_settings(const Scenario& scenario,
                                                  const std::vector<Setting>& settings) {
  Json document = Json::parse(scenario.text);
  for (const Setting& setting : settings) {
    if (auto wrong = Setter(document).set(setting)) {
      return fmt::format("{}={}: {}", setting.path, setting.value, *wrong);
    }
  }
  auto read = read_scenario(document.dump(2), scenario.name, kept_files(scenario.files));
  if (const auto* faults = std::get_if<std::vector<Fault>>(&read)) {
    std::vector<std::string> messages, texts;
    for (const Fault& fault : *faults) messages.push_back(fault.pointer + ": " + fault.message);
    for (const Setting& setting : settings) texts.push_back(setting.path + "=" + setting.value);
    return fmt::format("{}: {}", fmt::join(texts, " "), fmt::join(messages, "; "));
  }
  auto& set = std::get<Scenario>(read);
  set.name = scenario.name;
  set.runs = scenario.runs;
  set.seed = scenario.seed;
  return std::move(set);
}

}  // namespace cacherace::scenarios
