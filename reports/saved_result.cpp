#include "reports/saved_result.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/json.hpp"
#include "scenarios/figures.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

constexpr int format_version = 1;

// These documents are written by this program alone: the first thing that is wrong tells enough.
class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  std::variant<SavedResult, std::vector<Fault>> read(const Json& document) {
    SavedResult result{.file = file_};
    if (document.is_object() && document.contains("baseline")) {
      read_baseline(document, result);
    } else {
      read_result(document, "", result);
    }
    if (faults_.empty()) return result;
    return std::move(faults_);
  }

 private:
  void complain(std::string pointer, std::string message) {
    if (faults_.empty())
      faults_.push_back({.file = file_, .pointer = std::move(pointer), .message = std::move(message)});
  }

  const Json* member(const Json& object, const std::string& pointer, const char* name,
                     bool (Json::*is)() const noexcept, std::string_view kind) {
    if (object.is_object() && object.contains(name) && (object[name].*is)()) return &object[name];
    complain(pointer + "/" + name, fmt::format("expected {}, as `cacherace run` writes it", kind));
    return nullptr;
  }
  std::string text(const Json& object, const std::string& pointer, const char* name) {
    const Json* found = member(object, pointer, name, &Json::is_string, "a text");
    return found != nullptr ? found->get<std::string>() : std::string();
  }
  std::uint64_t count(const Json& object, const std::string& pointer, const char* name) {
    const Json* found = member(object, pointer, name, &Json::is_number_unsigned, "a count");
    return found != nullptr ? found->get<std::uint64_t>() : 0;
  }

  void read_baseline(const Json& document, SavedResult& result) {
    if (document["baseline"] != format_version) {
      return complain("/baseline", "this baseline is of another version of the format; save it again");
    }
    const std::string scenario = text(document, "", "scenario");
    const Json* files = member(document, "", "files", &Json::is_object, "an object");
    const Json* held = member(document, "", "result", &Json::is_object, "an object");
    if (files == nullptr || held == nullptr) return;
    for (const auto& [name, text] : files->items()) {
      if (!text.is_string()) return complain("/files/" + name, "expected a text");
    }
    auto read = read_scenario(scenario, file_ + " (its scenario)", kept_files(*files));
    if (auto* faults = std::get_if<std::vector<Fault>>(&read)) {
      faults_.insert(faults_.end(), faults->begin(), faults->end());
      return;
    }
    result.scenario = std::move(std::get<Scenario>(read));
    read_result(*held, "/result", result);
    result.scenario->seed = result.seed;
  }

  void read_result(const Json& document, const std::string& pointer, SavedResult& result) {
    if (!document.is_object() || !document.contains("command") || document["command"] != "run") {
      return complain(pointer, "this is no result of `cacherace run --format json`, and no baseline");
    }
    result.version = text(document, pointer, "cacherace");
    result.scenario_name = text(document, pointer, "scenario");
    result.seed = count(document, pointer, "seed");
    const Json* complete = member(document, pointer, "complete", &Json::is_boolean, "true or false");
    result.complete = complete != nullptr && complete->get<bool>();
    const Json* strategies = member(document, pointer, "strategies", &Json::is_array, "a list");
    if (strategies == nullptr) return;
    if (strategies->empty()) complain(pointer + "/strategies", "there is no strategy to compare");
    for (std::size_t i = 0; i < strategies->size(); ++i) {
      result.strategies.push_back(
          read_strategy((*strategies)[i], fmt::format("{}/strategies/{}", pointer, i)));
    }
  }

  SavedStrategy read_strategy(const Json& object, const std::string& pointer) {
    SavedStrategy strategy{.name = text(object, pointer, "strategy")};
    if (const Json* parameters = member(object, pointer, "parameters", &Json::is_object, "an object")) {
      strategy.parameters = *parameters;
    }
    for (const Figure& figure : run_figures()) {
      strategy.figures.push_back(read_figure(object, pointer, figure));
    }
    if (!faults_.empty()) return strategy;
    const auto whole = [&](std::string_view path) {
      return std::get<std::uint64_t>(figure_of(strategy, path));
    };
    strategy.runs = whole("runs");
    strategy.incomplete_runs = whole("incomplete.runs");
    if (strategy.incomplete_runs > strategy.runs) complain(pointer, "more runs met a limit than there were");
    return strategy;
  }

  FigureValue read_figure(const Json& object, const std::string& pointer, const Figure& figure) {
    std::string path = "/" + figure.path;
    std::ranges::replace(path, '.', '/');
    const Json::json_pointer at(path);
    const Json value =
        object.is_object() && object.contains(at) ? object[at] : Json(Json::value_t::discarded);
    FigureValue read;
    if (into(read, value, figure.kind)) return read;
    complain(pointer + path, "expected this figure, as `cacherace run` writes it");
    return {};
  }

  static bool into(FigureValue& figure, const Json& value, FigureKind kind) {
    if (kind == FigureKind::probability) return into(figure.emplace<Estimate>(), value);
    if (kind != FigureKind::count && value.is_null()) return true;
    if (kind == FigureKind::count && value.is_number_unsigned()) {
      figure = value.get<std::uint64_t>();
    } else if (kind == FigureKind::duration && value.is_number_integer()) {
      figure = value.get<std::int64_t>();
    } else if ((kind == FigureKind::ratio || kind == FigureKind::rate) && value.is_number()) {
      figure = value.get<double>();
    } else {
      return false;
    }
    return true;
  }

  static bool into(Estimate& estimate, const Json& value) {
    if (!value.is_object()) return false;
    const auto read = [&](const char* name, std::optional<double>& number) {
      if (!value.contains(name)) return false;
      if (value[name].is_number()) number = value[name].get<double>();
      return value[name].is_number() || value[name].is_null();
    };
    return read("estimate", estimate.estimate) && read("low", estimate.low) && read("high", estimate.high) &&
           estimate.estimate.has_value() == (estimate.low && estimate.high);
  }

  std::string file_;
  std::vector<Fault> faults_;
};

// The raw value of a parameter of a document.
std::optional<std::uint64_t> raw_of(const Json& value, const strategies::ParameterInfo& parameter) {
  switch (parameter.kind) {
    case strategies::ParameterKind::flag:
      if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
      return std::nullopt;
    case strategies::ParameterKind::choice: {
      if (!value.is_string()) return std::nullopt;
      const auto found = std::ranges::find(parameter.choices, value.get<std::string>());
      if (found == parameter.choices.end()) return std::nullopt;
      return static_cast<std::uint64_t>(found - parameter.choices.begin());
    }
    default:
      if (value.is_number_unsigned()) return value.get<std::uint64_t>();
      return std::nullopt;
  }
}

}  // namespace

const FigureValue& figure_of(const SavedStrategy& strategy, std::string_view path) {
  static const FigureValue nothing;
  const auto figures = run_figures();
  const Figure* figure = find_figure(figures, path);
  return figure == nullptr ? nothing : strategy.figures[static_cast<std::size_t>(figure - figures.data())];
}

std::optional<StrategyChoice> choice_of(const SavedStrategy& strategy, const OwnStrategies& own) {
  auto choice = choose_strategy(strategy.name, own);
  if (!choice || choice->parameters.declared().size() != strategy.parameters.size()) return std::nullopt;
  for (const auto& declared : choice->info->parameters) {
    std::string name(declared.name);
    if (declared.kind == strategies::ParameterKind::duration) name += "_ns";
    if (!strategy.parameters.contains(name)) return std::nullopt;
    const auto raw = raw_of(strategy.parameters[name], declared);
    if (!raw || !strategies::is_allowed(declared, *raw)) return std::nullopt;
    choice->parameters.set_raw(declared.name, static_cast<std::int64_t>(*raw));
  }
  return choice;
}

std::string baseline_document(const Scenario& scenario, const RunResult& result, const Source& source) {
  Json document = {{"baseline", format_version}, {"scenario", scenario.text}, {"files", scenario.files}};
  document["result"] = Json::parse(run_document(result, source));
  return text_of(document);
}

std::variant<SavedResult, std::vector<Fault>> read_saved_result(std::string_view text,
                                                                const std::string& file) {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return std::vector<Fault>{
        {.file = file, .message = "this is no JSON document, so no result of `cacherace run --format json`"}};
  }
  return Reader(file).read(document);
}

}  // namespace cacherace::reports
