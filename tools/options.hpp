// Options that several subcommands have, and how their values are read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exploration/explorable.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/settings.hpp"

namespace cacherace::tools {

using OptionText = std::optional<std::string>;

// Options as text, as they were typed. Each reader below complains about what is wrong, and sets `sound` to
// false.
class OptionReader {
 public:
  // A whole number in [min, max]; nothing where the option was not given.
  std::optional<std::uint64_t> whole(std::string_view option, const OptionText& text, std::uint64_t min,
                                     std::uint64_t max);
  // The index of one of the names; 0 where the option was not given.
  std::size_t choice(std::string_view option, const OptionText& text,
                     std::span<const std::string_view> names);
  // Strategies that are built in or that the scenario defines; none where the scenario was not sound.
  std::vector<scenarios::StrategyChoice> strategies(const std::vector<std::string>& texts,
                                                    const std::optional<scenarios::Scenario>& scenario);
  // "2w3r"; nothing where the option was not given.
  std::optional<exploration::Crowd> crowd(std::string_view option, const OptionText& text);
  // "512MB", "2GB" as bytes; nothing where the option was not given.
  std::optional<std::uint64_t> bytes(std::string_view option, const OptionText& text);
  std::optional<sim::Duration> duration(std::string_view option, const OptionText& text);
  // Every output needs a place of its own, and not that of the scenario; and the place must take a file.
  void outputs(const std::string& scenario,
               const std::vector<std::pair<std::string_view, const OptionText*>>& outputs);
  // Of `--set` and `--sweep`, which may be given several times.
  std::vector<scenarios::Setting> settings(const std::vector<std::string>& texts);
  std::vector<scenarios::Axis> axes(const std::vector<std::string>& texts);
  void wrong(std::string_view option, std::string_view message);

  [[nodiscard]] bool sound() const { return sound_; }

 private:
  bool sound_ = true;
};

// Those of the options that were given, as words of a shell with a space before each.
std::string as_typed(const std::vector<std::pair<std::string_view, const OptionText*>>& options);

inline constexpr std::uint64_t runs_max = 1'000'000'000'000;
inline constexpr std::uint64_t jobs_max = 1024;

// Two strategies with one name and the same parameters would be told apart by nothing.
std::optional<std::string> repeated_strategy(const std::vector<scenarios::StrategyChoice>& strategies);

// Of `--max-states`.
inline constexpr std::uint64_t states_most = UINT32_MAX - 1;

// The scenario of that name, or nothing after complaining about each of its faults.
std::optional<scenarios::Scenario> load_or_complain(const std::string& name_or_path);

}  // namespace cacherace::tools
