#include "tools/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "reports/commands.hpp"
#include "reports/units.hpp"
#include "scenarios/suggest.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {

void OptionReader::wrong(std::string_view option, std::string_view message) {
  complain(fmt::format("{}: {}", option, message));
  sound_ = false;
}

std::optional<std::uint64_t> OptionReader::whole(std::string_view option, const OptionText& text,
                                                 std::uint64_t min, std::uint64_t max) {
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  const bool is_number = rest == end && error != std::errc::invalid_argument;
  if (is_number && error == std::errc() && value >= min && value <= max) return value;
  wrong(option, fmt::format("{} is {}; expected a whole number from {} to {}", scenarios::quoted(*text),
                            is_number ? "out of range" : "no whole number", min, reports::count_text(max)));
  return std::nullopt;
}

std::size_t OptionReader::choice(std::string_view option, const OptionText& text,
                                 std::span<const std::string_view> names) {
  if (!text) return 0;
  const auto found = std::ranges::find(names, *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  wrong(option,
        fmt::format("unknown {}; {}", scenarios::quoted(*text), scenarios::remedy_for_name(*text, names)));
  return 0;
}

std::vector<scenarios::StrategyChoice> OptionReader::strategies(const std::vector<std::string>& texts) {
  std::vector<scenarios::StrategyChoice> choices;
  for (const auto& text : texts) {
    if (text == "*") {
      for (const auto* info : strategies::all_strategies()) {
        choices.push_back({info, strategies::Parameters(info->parameters)});
      }
      continue;
    }
    auto parsed = scenarios::parse_strategy(text);
    if (const auto* message = std::get_if<std::string>(&parsed)) {
      wrong("--strategy", *message);
    } else {
      choices.push_back(std::get<scenarios::StrategyChoice>(parsed));
    }
  }
  if (const auto twice = repeated_strategy(choices)) {
    wrong("--strategy", fmt::format("{} stands there twice; give it once", scenarios::quoted(*twice)));
  }
  return choices;
}

std::optional<std::string> repeated_strategy(const std::vector<scenarios::StrategyChoice>& strategies) {
  std::vector<std::string> names;
  for (const auto& strategy : strategies) names.push_back(reports::strategy_argument(strategy));
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  return twice == names.end() ? std::nullopt : std::optional(*twice);
}

std::optional<scenarios::Scenario> load_or_complain(const std::string& name_or_path) {
  auto loaded = scenarios::load_scenario(name_or_path);
  if (const auto* faults = std::get_if<std::vector<scenarios::Fault>>(&loaded)) {
    complain(*faults);
    return std::nullopt;
  }
  return std::move(std::get<scenarios::Scenario>(loaded));
}

}  // namespace cacherace::tools
