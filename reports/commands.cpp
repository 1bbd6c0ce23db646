#include "reports/commands.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "reports/units.hpp"

namespace cacherace::reports {

std::string shell_word(std::string_view text) {
  constexpr std::string_view harmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";
  if (!text.empty() && text.find_first_not_of(harmless) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string exact_duration(std::int64_t ns) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units = {{{"h", 3'600'000'000'000},
                                                                               {"min", 60'000'000'000},
                                                                               {"s", 1'000'000'000},
                                                                               {"ms", 1'000'000},
                                                                               {"us", 1'000}}};
  if (ns == 0) return "0ms";
  for (const auto& [name, unit] : units) {
    if (ns % unit == 0) return fmt::format("{}{}", ns / unit, name);
  }
  return fmt::format("{}ns", ns);
}

std::string full_duration(std::int64_t ns) {
  if (ns == 0) return "0 ms";
  const std::string exact = exact_duration(ns), rounded = duration_text(ns);
  std::string compact = rounded;
  std::erase(compact, ' ');
  return exact == compact ? rounded : fmt::format("{} ({})", exact, rounded);
}

std::string parameter_text(const strategies::ParameterInfo& parameter, std::int64_t raw) {
  switch (parameter.kind) {
    case strategies::ParameterKind::duration:
      return exact_duration(raw);
    case strategies::ParameterKind::flag:
      return raw != 0 ? "true" : "false";
    case strategies::ParameterKind::choice:
      return std::string(parameter.choices[static_cast<std::size_t>(raw)]);
    case strategies::ParameterKind::count:
      break;
  }
  return std::to_string(raw);
}

std::string strategy_argument(const scenarios::StrategyChoice& strategy) {
  std::string text(strategy.info->name);
  char separator = ':';
  for (const auto& parameter : strategy.parameters.declared()) {
    const std::int64_t raw = strategy.parameters.raw(parameter.name);
    if (raw == parameter.fallback) continue;
    text += fmt::format("{}{}={}", separator, parameter.name, parameter_text(parameter, raw));
    separator = ',';
  }
  return text;
}

std::string settings_argument(const std::vector<scenarios::Setting>& settings) {
  std::string text;
  for (const auto& setting : settings) text += " --set " + shell_word(setting.path + "=" + setting.value);
  return text;
}

std::string clients_argument(const Source& source) {
  return source.clients.empty() ? "" : " --clients " + shell_word(source.clients);
}

std::string replay_command(const scenarios::RunResult& result, const scenarios::StrategyChoice& strategy,
                           std::uint64_t run, const Source& source) {
  return fmt::format("cacherace run {}{} --strategy {} --seed {} --only-run {}", shell_word(source.scenario),
                     settings_argument(source.settings), shell_word(strategy_argument(strategy)), result.seed,
                     run);
}

}  // namespace cacherace::reports
