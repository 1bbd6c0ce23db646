// The section expect.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "scenarios/figures.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

constexpr std::array<std::string_view, 7> known_keys = {"strategy", "command",  "mode",  "figure",
                                                        "at_most",  "at_least", "equals"};
constexpr std::array<std::string_view, 7> commands = {"run",    "explore", "tune",  "check",
                                                      "replay", "compare", "matrix"};
constexpr std::array<std::string_view, 2> explore_modes = {"timed", "untimed"};
constexpr std::array<std::string_view, 2> tune_modes = {"exact", "risk"};
constexpr std::array<std::string_view, 3> bounds = {"at_most", "at_least", "equals"};  // as Comparison
constexpr double count_max = 9007199254740992.0;                                       // 2^53

class ExpectationReader {
 public:
  ExpectationReader(Reading& reading, const std::vector<StrategyChoice>& strategies) : reading_(reading) {
    strategies_.push_back("*");
    for (const auto& choice : strategies) strategies_.push_back(choice.info->name);
  }

  Expectation read(JsonValue value) {
    Expectation expectation;
    const Fields fields(reading_, value, known_keys);
    if (!fields.is_object()) return expectation;
    read_strategy(fields, expectation);
    const bool command_known = read_command(fields, expectation);
    // Which figures there are depends on the command.
    const auto* figure = command_known ? read_figure(fields, expectation) : nullptr;
    const auto bound = read_comparison(fields, expectation);
    if (!bound) return expectation;
    if (figure != nullptr) {
      read_bound(*bound, *figure, expectation);
    } else if (command_known && figures_of(expectation.command).empty()) {
      read_free_bound(*bound, expectation);
    }
    return expectation;
  }

 private:
  void read_strategy(const Fields& fields, Expectation& expectation) {
    expectation.strategy = "*";
    const auto value = fields.get("strategy");
    // Where no strategy was sound, nothing is known about names.
    if (!value || (strategies_.size() == 1 && value->is(JsonKind::text))) return;
    if (read_choice(reading_, *value, strategies_)) expectation.strategy = value->text();
  }

  bool read_command(const Fields& fields, Expectation& expectation) {
    bool known = true;
    if (const auto value = fields.get("command")) {
      known = read_choice(reading_, *value, commands).has_value();
      if (known) expectation.command = value->text();
    }
    const auto mode = fields.get("mode");
    if (!mode || !known) return known;
    if (expectation.command != "explore" && expectation.command != "tune") {
      reading_.fault_at_key(*mode, R"(only goes with "command": "explore" or "tune"; remove it)");
    } else if (read_choice(reading_, *mode, expectation.command == "tune" ? tune_modes : explore_modes)) {
      expectation.mode = mode->text();
    }
    return known;
  }

  const Figure* read_figure(const Fields& fields, Expectation& expectation) {
    const auto value = fields.require("figure", "write \"figure\": \"stuck.runs\", say");
    if (!value) return nullptr;
    const auto path = read_text(reading_, *value);
    if (!path) return nullptr;
    expectation.figure = *path;
    if (path->empty()) {
      reading_.fault(*value, "an empty path names no figure; write \"stuck.runs\", say");
      return nullptr;
    }
    const auto figures = figures_of(expectation.command);
    if (figures.empty()) return nullptr;
    const auto* figure = find_figure(figures, *path);
    if (figure == nullptr) reading_.fault(*value, unknown_figure(*path, expectation.command));
    return figure;
  }

  static std::string unknown_figure(std::string_view path, std::string_view command) {
    std::string message = fmt::format("{} has no figure {}; ", command, quoted(path));
    for (const auto* other : {"run", "explore", "tune"}) {
      if (find_figure(figures_of(other), path) != nullptr) {
        return message + fmt::format("{} has: write \"command\": \"{}\"", other, other);
      }
    }
    auto inside = paths_below(path, command);
    if (!inside.empty()) return message + "expected " + either_of(inside);
    if (const auto name = nearest(path, paths_below("", command))) {
      return message + fmt::format("did you mean {}?", quoted(*name));
    }
    // All of them would be too many to list: those of the innermost section that exists, or the sections.
    while (inside.empty() && path.find('.') != std::string_view::npos) {
      path = path.substr(0, path.rfind('.'));
      inside = paths_below(path, command);
    }
    if (!inside.empty()) return message + "expected " + either_of(inside);
    return message + "expected a path that begins with " + either_of(sections_of(command));
  }

  // "stuck.runs", "stuck.probability" … for "stuck"; all for "".
  static std::vector<std::string_view> paths_below(std::string_view section, std::string_view command) {
    std::vector<std::string_view> paths;
    for (const auto& figure : figures_of(command)) {
      const std::string_view path = figure.path;
      const bool is_below =
          path.size() > section.size() && path.starts_with(section) && path[section.size()] == '.';
      if (section.empty() || is_below) paths.push_back(path);
    }
    return paths;
  }

  static std::vector<std::string_view> sections_of(std::string_view command) {
    std::vector<std::string_view> sections;
    for (const auto path : paths_below("", command)) {
      const auto section = path.substr(0, path.find('.'));
      if (std::ranges::find(sections, section) == sections.end()) sections.push_back(section);
    }
    return sections;
  }

  std::optional<JsonValue> read_comparison(const Fields& fields, Expectation& expectation) {
    std::optional<JsonValue> bound;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      const auto value = fields.get(bounds[i]);
      if (!value) continue;
      if (bound) {
        reading_.fault_at_key(
            *value, fmt::format("does not go with {}; write two expectations", quoted(bound->key())));
        continue;
      }
      bound = value;
      expectation.comparison = static_cast<Comparison>(i);
    }
    if (!bound) {
      reading_.fault(fields.value(), "no bound in here; expected " + either_of(bounds));
    }
    return bound;
  }

  void read_bound(JsonValue bound, const Figure& figure, Expectation& expectation) {
    switch (figure.kind) {
      case FigureKind::count:
      case FigureKind::rate:
        assign(expectation.bound, std::optional(bound),
               [&](JsonValue v) { return read_number(reading_, v, 0.0, count_max); });
        break;
      case FigureKind::ratio:
        assign(expectation.bound, std::optional(bound),
               [&](JsonValue v) { return read_number(reading_, v, 0.0, 1.0); });
        break;
      case FigureKind::probability:
        read_probability_bound(bound, figure, expectation);
        break;
      case FigureKind::duration:
        assign(expectation.bound, std::optional(bound), [&](JsonValue v) -> std::optional<double> {
          const auto duration = read_duration(reading_, v);
          return duration ? std::optional(static_cast<double>(duration->count())) : std::nullopt;
        });
        break;
      case FigureKind::flag:
        read_flag_bound(bound, expectation);
        break;
    }
  }

  void read_probability_bound(JsonValue bound, const Figure& figure, Expectation& expectation) {
    const auto number = read_number(reading_, bound, 0.0, 1.0);
    if (!number) return;
    expectation.bound = *number;
    const bool at_most_zero = expectation.comparison == Comparison::at_most && *number == 0.0;
    if (expectation.comparison != Comparison::equals && !at_most_zero) return;
    reading_.fault(
        bound, fmt::format("{} is known as an interval, which is never a single value; use the count {}{}",
                           quoted(figure.path), quoted(figure.count),
                           R"(, or "command": "explore" for what can happen at all)"));
  }

  void read_flag_bound(JsonValue bound, Expectation& expectation) {
    if (expectation.comparison != Comparison::equals) {
      reading_.fault_at_key(bound, R"(this figure is true or false; write "equals": true or false)");
      return;
    }
    expectation.bound_is_flag = true;
    assign(expectation.bound, std::optional(bound), [&](JsonValue v) { return read_flag(reading_, v); });
  }

  // Of a command whose figures are not listed.
  void read_free_bound(JsonValue bound, Expectation& expectation) {
    if (bound.is(JsonKind::flag)) {
      read_flag_bound(bound, expectation);
    } else if (bound.is(JsonKind::text)) {
      const auto duration = read_duration(reading_, bound);
      if (duration) expectation.bound = static_cast<double>(duration->count());
    } else if (bound.is(JsonKind::number)) {
      expectation.bound = bound.number();
    } else {
      reading_.fault(bound, wrong_kind(bound, "a number, a duration, true or false"));
    }
  }

  Reading& reading_;
  std::vector<std::string_view> strategies_;
};

}  // namespace

std::vector<Expectation> read_expectations(Reading& reading, JsonValue value,
                                           const std::vector<StrategyChoice>& strategies) {
  std::vector<Expectation> result;
  if (!value.is(JsonKind::list)) {
    reading.fault(
        value, wrong_kind(value, R"(a list, as [{"strategy": "*", "figure": "stuck.runs", "at_most": 0}])"));
    return result;
  }
  ExpectationReader reader(reading, strategies);
  for (const auto& entry : value.children()) result.push_back(reader.read(entry));
  return result;
}

}  // namespace cacherace::scenarios
