// The section strategies, and strategies as the command line writes them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "scenarios/durations.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using strategies::ParameterInfo;
using strategies::ParameterKind;
using strategies::StrategyInfo;

using strategies::count_max;

// Only strategies that a scenario defines say how long a duration may be.
constexpr const char* too_long = "longer than a step may wait; expected 24h at most";

std::vector<std::string_view> strategy_names(const OwnStrategies& own) {
  std::vector<std::string_view> names;
  for (const auto* info : strategies::all_strategies()) names.push_back(info->name);
  for (const auto& info : own) names.push_back(info->name);
  return names;
}

StrategyChoice with_defaults(const StrategyInfo& info) {
  return {&info, strategies::Parameters(info.parameters)};
}

StrategyChoice with_defaults(const std::shared_ptr<const StrategyInfo>& own) {
  StrategyChoice choice = with_defaults(*own);
  choice.own = own;
  return choice;
}

std::vector<std::string_view> parameter_names(const StrategyInfo& info) {
  std::vector<std::string_view> names;
  for (const auto& parameter : info.parameters) names.push_back(parameter.name);
  return names;
}

// `or_else`: what to do where no name is near.
std::optional<StrategyChoice> read_name(Reading& reading, JsonValue value, const OwnStrategies& own,
                                        std::string_view or_else = "") {
  const auto names = strategy_names(own);
  if (!value.is(JsonKind::text)) {
    reading.fault(value, wrong_kind(value, "the name of a strategy; one of " + either_of(names)));
    return std::nullopt;
  }
  auto choice = choose_strategy(value.text(), own);
  if (!choice) {
    const auto remedy = remedy_for_name(value.text(), names);
    reading.fault(value, fmt::format("unknown strategy {}; {}{}", quoted(value.text()), remedy,
                                     remedy.ends_with('?') ? "" : or_else));
  }
  return choice;
}

std::optional<std::int64_t> read_parameter(Reading& reading, JsonValue value,
                                           const ParameterInfo& parameter) {
  switch (parameter.kind) {
    case ParameterKind::duration:
      if (const auto duration = read_duration(reading, value)) {
        if (*duration <= parameter.longest) return duration->count();
        reading.fault(value, too_long);
      }
      break;
    case ParameterKind::flag:
      if (const auto flag = read_flag(reading, value)) return *flag ? 1 : 0;
      break;
    case ParameterKind::count:
      if (const auto count = read_count(reading, value, 1, count_max))
        return static_cast<std::int64_t>(*count);
      break;
    case ParameterKind::choice:
      if (const auto choice = read_choice(reading, value, parameter.choices)) {
        return static_cast<std::int64_t>(*choice);
      }
      break;
  }
  return std::nullopt;
}

std::optional<StrategyChoice> read_object(Reading& reading, JsonValue value, const OwnStrategies& own) {
  const auto name = value.find("name");
  if (!name) {
    reading.missing(value, "name", "write \"name\": and the name of a strategy");
    return std::nullopt;
  }
  auto choice = read_name(reading, *name, own, R"(, or define it with "write" and its steps)");
  if (!choice) return std::nullopt;  // which parameters it has is not known either
  const StrategyInfo* const info = choice->info;
  bool sound = true;
  for (const auto& child : value.children()) {
    if (child.key() == "name") continue;
    const auto parameter = std::ranges::find(info->parameters, child.key(), &ParameterInfo::name);
    if (parameter == info->parameters.end()) {
      const auto names = parameter_names(*info);
      reading.fault_at_key(child,
                           fmt::format("{} has no such parameter; {}", info->name,
                                       names.empty() ? "it has none" : remedy_for_name(child.key(), names)));
      sound = false;
      continue;
    }
    const auto raw = read_parameter(reading, child, *parameter);
    if (raw) choice->parameters.set_raw(parameter->name, *raw);
    sound = sound && raw;
  }
  return sound ? std::move(choice) : std::nullopt;
}

std::optional<StrategyChoice> read_entry(Reading& reading, JsonValue value, const OwnStrategies& own) {
  if (value.is(JsonKind::object)) return read_object(reading, value, own);
  if (value.is(JsonKind::text) && value.text() == "*") {
    reading.fault(value, "\"*\" stands for all strategies, and alone");
    return std::nullopt;
  }
  return read_name(reading, value, own);
}

// The strategies that the entries define. An entry may stand before the definition of what it names.
class Definitions {
 public:
  Definitions(Reading& reading, const std::vector<JsonValue>& entries, OwnStrategies& own)
      : reading_(reading), own_(own), of_entry_(entries.size()) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (is_definition(entries[i])) of_entry_[i] = read(entries[i]);
    }
  }

  // Null: the entry has no sound name.
  [[nodiscard]] const std::shared_ptr<const StrategyInfo>& of(std::size_t entry) const {
    return of_entry_[entry];
  }

 private:
  std::shared_ptr<const StrategyInfo> read(JsonValue entry) {
    auto info = read_definition(reading_, entry);
    if (info == nullptr) return nullptr;
    const auto twin = std::ranges::find(own_, info->name, [](const auto& other) { return other->name; });
    if (twin != own_.end()) {
      const auto place = static_cast<std::size_t>(twin - own_.begin());
      reading_.fault(*entry.find("name"),
                     fmt::format("{} defines a strategy of this name already; give this one another",
                                 places_[place].pointer()));
      return nullptr;
    }
    own_.push_back(info);
    places_.push_back(entry);
    return info;
  }

  Reading& reading_;
  OwnStrategies& own_;
  std::vector<JsonValue> places_;  // of own_
  std::vector<std::shared_ptr<const StrategyInfo>> of_entry_;
};

bool same(const StrategyChoice& a, const StrategyChoice& b) {
  return a.info == b.info && std::ranges::all_of(a.info->parameters, [&](const ParameterInfo& parameter) {
           return a.parameters.raw(parameter.name) == b.parameters.raw(parameter.name);
         });
}

using RawOrWhy = std::variant<std::int64_t, std::string>;

RawOrWhy parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || stop != end || count < 1 || count > count_max) {
    return fmt::format("{} is no count; expected a whole number from 1 to {}", quoted(text), count_max);
  }
  return static_cast<std::int64_t>(count);
}

RawOrWhy parse_choice(std::string_view text, const std::vector<std::string_view>& choices) {
  const auto found = std::ranges::find(choices, text);
  if (found == choices.end()) {
    return fmt::format("{} is not known here; {}", quoted(text), remedy_for_name(text, choices));
  }
  return found - choices.begin();
}

RawOrWhy parse_value(std::string_view text, const ParameterInfo& parameter) {
  switch (parameter.kind) {
    case ParameterKind::duration: {
      auto parsed = parse_duration(text);
      if (auto* why = std::get_if<std::string>(&parsed)) return std::move(*why);
      if (std::get<sim::Duration>(parsed) > parameter.longest) return std::string(too_long);
      return std::get<sim::Duration>(parsed).count();
    }
    case ParameterKind::flag:
      if (text == "true" || text == "false") return std::int64_t{text == "true" ? 1 : 0};
      return fmt::format("{} is neither \"true\" nor \"false\"", quoted(text));
    case ParameterKind::count:
      return parse_count(text);
    case ParameterKind::choice:
      return parse_choice(text, parameter.choices);
  }
  return std::string("a parameter of unknown kind");
}

// One parameter=value. What is wrong with it, or nothing.
std::optional<std::string> parse_parameter(std::string_view part, StrategyChoice& choice,
                                           std::vector<std::string_view>& seen) {
  const auto equals = part.find('=');
  const auto name = part.substr(0, equals);
  const auto names = parameter_names(*choice.info);
  const auto parameter = std::ranges::find(choice.info->parameters, name, &ParameterInfo::name);
  if (parameter == choice.info->parameters.end()) {
    return fmt::format("{} has no parameter {}; {}", choice.info->name, quoted(name),
                       names.empty() ? "it has none" : remedy_for_name(name, names));
  }
  if (equals == std::string_view::npos) {
    return fmt::format("the parameter {} has no value; write \"{}=…\"", quoted(name), name);
  }
  if (std::ranges::find(seen, name) != seen.end()) {
    return fmt::format("the parameter {} is given twice; remove one", quoted(name));
  }
  seen.push_back(name);
  auto raw = parse_value(part.substr(equals + 1), *parameter);
  if (auto* why = std::get_if<std::string>(&raw)) return fmt::format("{}: {}", name, *why);
  choice.parameters.set_raw(name, std::get<std::int64_t>(raw));
  return std::nullopt;
}

}  // namespace

std::vector<StrategyChoice> every_strategy(const OwnStrategies& own) {
  std::vector<StrategyChoice> result;
  for (const auto* info : strategies::all_strategies()) result.push_back(with_defaults(*info));
  for (const auto& info : own) result.push_back(with_defaults(info));
  return result;
}

std::optional<StrategyChoice> choose_strategy(std::string_view name, const OwnStrategies& own) {
  if (const auto* info = strategies::find_strategy(name)) return with_defaults(*info);
  const auto found = std::ranges::find(own, name, [](const auto& info) { return info->name; });
  return found == own.end() ? std::nullopt : std::optional(with_defaults(*found));
}

std::vector<StrategyChoice> read_strategies(Reading& reading, JsonValue value, OwnStrategies& own) {
  if (value.is(JsonKind::text) && value.text() == "*") return every_strategy();
  const auto entries = read_filled_list(reading, value, "one strategy (or \"*\" alone, for all)");
  if (!entries) return {};
  if (entries->size() == 1 && entries->front().is(JsonKind::text) && entries->front().text() == "*") {
    return every_strategy();
  }
  std::vector<StrategyChoice> result;
  std::vector<JsonValue> places;
  const Definitions definitions(reading, *entries, own);
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto entry = (*entries)[i];
    std::optional<StrategyChoice> choice;
    if (!is_definition(entry)) {
      choice = read_entry(reading, entry, own);
    } else if (definitions.of(i) != nullptr) {
      choice = with_defaults(definitions.of(i));
    }
    if (!choice) continue;
    const auto twin = std::ranges::find_if(result, [&](const StrategyChoice& c) { return same(c, *choice); });
    if (twin != result.end()) {
      const auto& first = places[static_cast<std::size_t>(twin - result.begin())];
      reading.fault(entry, fmt::format("the same strategy with the same parameters as {}; remove one",
                                       first.pointer()));
      continue;
    }
    result.push_back(std::move(*choice));
    places.push_back(entry);
  }
  return result;
}

std::variant<StrategyChoice, std::string> parse_strategy(std::string_view text, const OwnStrategies& own) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  auto chosen = choose_strategy(name, own);
  if (!chosen) {
    return fmt::format("unknown strategy {}; {}", quoted(name), remedy_for_name(name, strategy_names(own)));
  }
  StrategyChoice choice = std::move(*chosen);
  if (colon == std::string_view::npos) return choice;
  std::vector<std::string_view> seen;
  auto rest = text.substr(colon + 1);
  while (true) {
    const auto comma = rest.find(',');
    if (auto why = parse_parameter(rest.substr(0, comma), choice, seen)) return std::move(*why);
    if (comma == std::string_view::npos) return choice;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace cacherace::scenarios
