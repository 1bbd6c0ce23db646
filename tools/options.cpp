#include "tools/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "reports/commands.hpp"
#include "reports/units.hpp"
#include "scenarios/durations.hpp"
#include "scenarios/suggest.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {

namespace {

std::optional<std::uint64_t> read_bytes(std::string_view text) {
  constexpr std::uint64_t megabyte = 1'000'000, most = 1'000'000;
  std::uint64_t count = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  if (error != std::errc() || count == 0 || count > most) return std::nullopt;
  if (unit == "MB") return count * megabyte;
  if (unit == "GB") return count * 1000 * megabyte;
  return std::nullopt;
}

}  // namespace

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

std::optional<exploration::Crowd> OptionReader::crowd(std::string_view option, const OptionText& text) {
  if (!text) return std::nullopt;
  const auto crowd = exploration::read_crowd(*text);
  if (!crowd) {
    wrong(option, fmt::format("{} is no number of writers and readers; expected 2w3r, say (up to 30 of each)",
                              scenarios::quoted(*text)));
  }
  return crowd;
}

std::optional<sim::Duration> OptionReader::duration(std::string_view option, const OptionText& text) {
  if (!text) return std::nullopt;
  const auto duration = scenarios::parse_duration(*text);
  if (const auto* message = std::get_if<std::string>(&duration)) {
    wrong(option, *message);
    return std::nullopt;
  }
  return std::get<sim::Duration>(duration);
}

void OptionReader::outputs(const std::string& scenario,
                           const std::vector<std::pair<std::string_view, const OptionText*>>& outputs) {
  namespace fs = std::filesystem;
  const auto place = [](const std::string& path) {
    std::error_code error;
    return fs::weakly_canonical(path, error);
  };
  std::vector<fs::path> taken;
  if (fs::is_regular_file(scenario)) taken.push_back(place(scenario));
  for (const auto& [option, path] : outputs) {
    if (!*path) continue;
    if (const auto error = why_not_writable(**path)) {
      wrong(option, *error);
    } else if (fs::is_regular_file(**path) || !fs::exists(**path)) {
      if (std::ranges::find(taken, place(**path)) != taken.end()) {
        wrong(option, fmt::format("{}: another file of this command; choose a different name", **path));
      }
      taken.push_back(place(**path));
    }
  }
}

std::optional<std::uint64_t> OptionReader::bytes(std::string_view option, const OptionText& text) {
  if (!text) return std::nullopt;
  const auto bytes = read_bytes(*text);
  if (!bytes) {
    wrong(option,
          fmt::format("{} is no amount of memory; expected 500MB or 2GB, say", scenarios::quoted(*text)));
  }
  return bytes;
}

std::vector<scenarios::StrategyChoice> OptionReader::strategies(
    const std::vector<std::string>& texts, const std::optional<scenarios::Scenario>& scenario) {
  std::vector<scenarios::StrategyChoice> choices;
  if (!scenario) return choices;  // which names there are is not known
  for (const auto& text : texts) {
    if (text == "*") {
      std::ranges::move(scenarios::every_strategy(scenario->own_strategies), std::back_inserter(choices));
      continue;
    }
    auto parsed = scenarios::parse_strategy(text, scenario->own_strategies);
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

std::vector<scenarios::Setting> OptionReader::settings(const std::vector<std::string>& texts) {
  std::vector<scenarios::Setting> settings;
  for (const auto& text : texts) {
    auto parsed = scenarios::parse_setting(text);
    if (const auto* message = std::get_if<std::string>(&parsed)) {
      wrong("--set", *message);
    } else {
      settings.push_back(std::get<scenarios::Setting>(parsed));
    }
  }
  return settings;
}

std::vector<scenarios::Axis> OptionReader::axes(const std::vector<std::string>& texts) {
  std::vector<scenarios::Axis> axes;
  for (const auto& text : texts) {
    auto parsed = scenarios::parse_axis(text);
    if (const auto* message = std::get_if<std::string>(&parsed)) {
      wrong("--sweep", *message);
      continue;
    }
    auto& axis = std::get<scenarios::Axis>(parsed);
    if (std::ranges::find(axes, axis.path, &scenarios::Axis::path) != axes.end()) {
      wrong("--sweep",
            fmt::format("{} is an axis twice; give all its values at once", scenarios::quoted(axis.path)));
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::string as_typed(const std::vector<std::pair<std::string_view, const OptionText*>>& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    if (*value) text += fmt::format(" {} {}", name, reports::shell_word(**value));
  }
  return text;
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
