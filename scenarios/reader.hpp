// Reads the scenario format (docs/scenario-format.md), and reports every fault of a file at once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

// One fault of a file: where it is, what was expected, and the nearest valid name where a name was wrong.
struct Fault {
  std::string file;
  std::size_t line = 0;    // from 1; 0: the file as a whole
  std::size_t column = 0;  // from 1, in bytes
  std::string pointer;     // JSON pointer
  std::string message;     // with the remedy
};

// "file:line:column: /pointer: message"
std::string to_text(const Fault& fault);

// The text of a file that a scenario names (a histogram), or what is wrong with it.
using FileLoader = std::function<std::variant<std::string, Fault>(const std::string& path)>;

// From files that are kept with a scenario's text (Scenario::files).
FileLoader kept_files(std::map<std::string, std::string> files);

using ReadResult = std::variant<Scenario, std::vector<Fault>>;

// The text of a file of the disk, up to 16 MiB.
std::variant<std::string, Fault> read_text_file(const std::string& path);

// Reads `text`; `file` names it in faults. A well-formed scenario without a single fault, or all faults.
ReadResult read_scenario(std::string_view text, const std::string& file, const FileLoader& loader);

// Reads a file of the disk, or, where there is none of that name, a shipped scenario (shipped.hpp).
ReadResult load_scenario(const std::string& name_or_path);

// Of the next three, `own` are the strategies that the scenario in question defines.

// All strategies that are built in, then all of `own`, with their defaults.
std::vector<StrategyChoice> every_strategy(const OwnStrategies& own = {});

// The strategy of that name with its defaults, if there is one.
std::optional<StrategyChoice> choose_strategy(std::string_view name, const OwnStrategies& own = {});

// A strategy as the command line writes it: NAME, or NAME:parameter=value,… .
std::variant<StrategyChoice, std::string> parse_strategy(std::string_view text,
                                                         const OwnStrategies& own = {});

}  // namespace cacherace::scenarios
