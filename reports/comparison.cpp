#include "reports/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/units.hpp"
#include "scenarios/intervals.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

// Of what a strategy does to its surroundings nothing; everything else of a scenario is what it meets.
constexpr std::array<const char*, 6> not_surroundings = {"name",   "description", "strategies",
                                                         "expect", "runs",        "seed"};

Json surroundings(const Scenario& scenario) {
  Json document = Json::parse(scenario.text);
  for (const char* key : not_surroundings) document.erase(key);
  return Json{{"scenario", nlohmann::json(document)}, {"files", scenario.files}};
}

bool same(const FigureValue& one, const FigureValue& other) {
  const auto* estimate = std::get_if<Estimate>(&one);
  const auto* other_estimate = std::get_if<Estimate>(&other);
  if (estimate != nullptr && other_estimate != nullptr &&
      (estimate->low != other_estimate->low || estimate->high != other_estimate->high)) {
    return false;
  }
  return number_of(one) == number_of(other);
}

std::string label_of(const SavedStrategy& strategy, const OwnStrategies& own) {
  const auto choice = choice_of(strategy, own);
  return choice ? strategy_argument(*choice) : strategy.name;
}

// A strategy of each side, and what is known of both.
struct Pair {
  const SavedStrategy* a;
  const SavedStrategy* b;
  std::optional<PairedSums> sums;  // where they were run again
  bool identical = false;
};

// b - factor * a, with an interval where there is one; nothing where a side has no value.
std::optional<Difference> difference(const Pair& pair, const Figure& figure, double factor) {
  const FigureValue& of_a = figure_of(*pair.a, figure.path);
  const FigureValue& of_b = figure_of(*pair.b, figure.path);
  const auto a = number_of(of_a), b = number_of(of_b);
  if (!a || !b) return std::nullopt;
  const double exact = *b - factor * *a;
  if (pair.identical) return Difference{exact, exact, exact, 1.0, "the same runs"};
  if (pair.sums) {
    for (std::size_t i = 0; i < event_figures.size(); ++i) {
      if (event_figures[i] == figure.path && pair.sums->pairs > 1)
        return paired_difference(pair.sums->events[i], pair.sums->pairs, factor);
    }
    for (std::size_t i = 0; i < ratio_figures.size(); ++i) {
      if (ratio_figures[i].path != figure.path) continue;
      auto found = paired_difference(pair.sums->ratios[i], ratio_figures[i], pair.sums->pairs, factor);
      // Of a count the mean of a run is known; the figure is of all runs.
      const double scale = figure.kind == FigureKind::count ? static_cast<double>(pair.sums->pairs) : 1.0;
      if (found)
        found = Difference{found->estimate * scale, found->low * scale, found->high * scale, found->level,
                           found->method};
      return found;
    }
  }
  const auto* estimate_a = std::get_if<Estimate>(&of_a);
  const auto* estimate_b = std::get_if<Estimate>(&of_b);
  if (estimate_a != nullptr && estimate_b != nullptr)
    return difference_of(*estimate_a, *estimate_b, confidence, factor);
  return Difference{exact, exact, exact, 0.0, "of the figures, without an interval"};
}

std::string runs_to_decide(const Difference& d, double bound, std::uint64_t runs) {
  const double gap = std::abs(d.estimate - bound);
  const double reach = d.estimate < bound ? d.high - d.estimate : d.estimate - d.low;
  const double needed = static_cast<double>(runs) * std::pow(reach / gap, 2.0) * 1.2;
  if (!(needed < 1e12))
    return "more runs would not decide it: allow an absolute change, such as +0.001, or a larger one";
  const double step = std::pow(10.0, std::floor(std::log10(needed)) - 1.0);
  return fmt::format("about {} runs would decide",
                     count_text(static_cast<std::uint64_t>(std::ceil(needed / step) * step)));
}

CheckedFailOn check(const FailOn& condition, const Pair& pair) {
  CheckedFailOn checked{&condition, ExpectationVerdict::undecided, std::nullopt, {}};
  const double factor = condition.relative ? 1.0 + condition.change : 1.0;
  const double bound = condition.relative ? 0.0 : condition.change;
  const auto d = difference(pair, *condition.figure, factor);
  if (!d) {
    checked.remark = "the figure is null: there was nothing to measure";
    return checked;
  }
  const double a = *number_of(figure_of(*pair.a, condition.figure->path));
  const double b = *number_of(figure_of(*pair.b, condition.figure->path));
  if (!condition.relative) checked.observed = b - a;
  if (condition.relative && a != 0.0) checked.observed = b / a - 1.0;
  const auto fails = [&](double value) { return condition.above ? value > bound : value < bound; };
  if (!fails(d->low) && !fails(d->high)) checked.verdict = ExpectationVerdict::held;
  if (fails(d->low) && fails(d->high)) checked.verdict = ExpectationVerdict::failed;
  if (checked.verdict == ExpectationVerdict::undecided) {
    checked.remark = runs_to_decide(*d, bound, std::min(pair.a->runs, pair.b->runs));
  }
  return checked;
}

class Comparer {
 public:
  Comparer(const SavedResult& a, const SavedResult& b, const CompareOptions& options)
      : a_(a), b_(b), options_(options), result_{&a, &b} {}

  std::variant<Comparison, std::string> compare() {
    if (!belong_together() || !choose_pairs()) return wrong_;
    result_.complete = a_.complete && b_.complete;
    for (Pair& pair : pairs_) {
      if (!run_again(pair)) return wrong_;
      tell(pair);
    }
    set_verdict();
    return std::move(result_);
  }

 private:
  bool fail(std::string message) {
    wrong_ = std::move(message);
    return false;
  }

  // Whether the two may be compared at all.
  bool belong_together() {
    const bool both_known = a_.scenario && b_.scenario;
    const bool differ = both_known ? surroundings(*a_.scenario) != surroundings(*b_.scenario)
                                   : a_.scenario_name != b_.scenario_name;
    if (differ && !options_.different_scenarios) {
      return fail(
          fmt::format("{} and {} are of different scenarios; --different-scenarios compares them "
                      "all the same",
                      a_.file, b_.file));
    }
    result_.of_different_scenarios = differ;
    if (differ) result_.remarks.push_back("the two sides are of different scenarios");
    if (!differ && !a_.scenario && !b_.scenario) {
      result_.remarks.push_back(
          "results hold the name of their scenario alone: save one with `cacherace run … --save-baseline` to "
          "compare run by run, with much narrower intervals");
    }
    return true;
  }

  // The scenario that a side was run on, if it is known: its own, or that of the other side, which is tried.
  [[nodiscard]] const Scenario* scenario_of(const SavedResult& side) const {
    if (side.scenario) return &*side.scenario;
    if (a_.scenario_name != b_.scenario_name) return nullptr;
    const SavedResult& other = &side == &a_ ? b_ : a_;
    return other.scenario ? &*other.scenario : nullptr;
  }
  [[nodiscard]] OwnStrategies own_of(const SavedResult& side) const {
    const Scenario* scenario = scenario_of(side);
    return scenario != nullptr ? scenario->own_strategies : OwnStrategies{};
  }

  // The one strategy of a side that is called so.
  const SavedStrategy* named(const SavedResult& side, std::string_view option, const std::string& wanted) {
    std::vector<const SavedStrategy*> found;
    std::vector<std::string> labels;
    for (const SavedStrategy& strategy : side.strategies) {
      labels.push_back(label_of(strategy, own_of(side)));
      if (labels.back() == wanted) return &strategy;
      if (strategy.name == wanted) found.push_back(&strategy);
    }
    if (found.size() == 1) return found.front();
    const std::vector<std::string_view> names(labels.begin(), labels.end());
    fail(fmt::format("{}: {} has {} {}; {}", option, side.file, found.empty() ? "no" : "several",
                     scenarios::quoted(wanted),
                     found.empty() ? remedy_for_name(wanted, names) : "expected " + either_of(names)));
    return nullptr;
  }

  bool choose_pairs() {
    if (options_.strategy) {
      const SavedStrategy* one = named(a_, "--strategy", *options_.strategy);
      if (one == nullptr) return false;
      const SavedStrategy* other = options_.against ? named(b_, "--against", *options_.against)
                                                    : named(b_, "--strategy", *options_.strategy);
      if (other != nullptr) pairs_.push_back({one, other, {}});
      return other != nullptr;
    }
    std::vector<std::string> alone;
    for (const SavedStrategy& one : a_.strategies) {
      const auto other = std::ranges::find_if(b_.strategies, [&](const SavedStrategy& of_b) {
        return of_b.name == one.name && of_b.parameters == one.parameters;
      });
      if (other != b_.strategies.end()) {
        pairs_.push_back({&one, &*other, {}});
      } else {
        alone.push_back(label_of(one, own_of(a_)));
      }
    }
    if (pairs_.empty() && a_.strategies.size() == 1 && b_.strategies.size() == 1) {
      pairs_.push_back({&a_.strategies.front(), &b_.strategies.front(), {}});
      return true;
    }
    if (pairs_.empty()) {
      return fail(
          fmt::format("{} and {} have no strategy in common; name one of each with --strategy and "
                      "--against",
                      a_.file, b_.file));
    }
    if (!alone.empty())
      result_.remarks.push_back(fmt::format("only in {}: {}", a_.file, fmt::join(alone, ", ")));
    if (const std::size_t more = b_.strategies.size() - std::min(pairs_.size(), b_.strategies.size());
        more > 0)
      result_.remarks.push_back(
          fmt::format("only in {}: {}", b_.file, counted(more, "strategy", "strategies")));
    return true;
  }

  // Nothing is done where the runs cannot be repeated in pairs.
  bool run_again(Pair& pair) {
    const Scenario* scenario_a = scenario_of(a_);
    const Scenario* scenario_b = scenario_of(b_);
    if (scenario_a == nullptr || scenario_b == nullptr || !a_.complete || !b_.complete) return true;
    if (a_.seed != b_.seed) {
      remark(fmt::format("the seeds are {} and {}, so runs have no pairs: each side is taken by itself",
                         a_.seed, b_.seed));
      return true;
    }
    const auto choice_a = choice_of(*pair.a, scenario_a->own_strategies);
    const auto choice_b = choice_of(*pair.b, scenario_b->own_strategies);
    if (!choice_a || !choice_b) {
      const SavedStrategy& unknown = choice_a ? *pair.b : *pair.a;
      remark(fmt::format("this cacherace has no {} with those parameters: it is taken by its figures",
                         scenarios::quoted(unknown.name)));
      return true;
    }
    const PairedResult again = run_pairs({scenario_a, *choice_a, pair.a->runs},
                                         {scenario_b, *choice_b, pair.b->runs}, options_.runs);
    if (options_.runs.stop != nullptr && *options_.runs.stop) {
      result_.complete = false;
      return true;
    }
    if (!came_out(a_, *pair.a, again.a) || !came_out(b_, *pair.b, again.b)) return wrong_.empty();
    pair.sums = again.sums;
    pair.identical = strategy_argument(*choice_a) == strategy_argument(*choice_b) &&
                     pair.a->runs == pair.b->runs && surroundings(*scenario_a) == surroundings(*scenario_b) &&
                     definition_of(*scenario_a, pair.a->name) == definition_of(*scenario_b, pair.b->name);
    return true;
  }

  // What the scenario itself says of a strategy's steps; null of one that is built in.
  static Json definition_of(const Scenario& scenario, const std::string& name) {
    const Json document = Json::parse(scenario.text);
    for (const Json& strategy : document["strategies"]) {
      if (strategy.is_object() && strategy.contains("write") && strategy["name"] == name) return strategy;
    }
    return {};
  }

  // Whether a side's figures are those of the runs. If not, `wrong_` may say why that is an error.
  bool came_out(const SavedResult& side, const SavedStrategy& saved, const StrategyResult& again) {
    bool all_same = true;
    for_each_figure(again, [&](std::string_view path, const FigureValue& value) {
      all_same = all_same && same(figure_of(saved, path), value);
    });
    if (all_same) return true;
    if (side.version != options_.version) {
      remark(
          fmt::format("{} was made by cacherace {}, and this one comes to other figures: each side is taken "
                      "by itself",
                      side.file, side.version));
    } else if (side.scenario) {
      fail(fmt::format("{}: its runs do not come to its figures again; save it anew", side.file));
    } else {
      fail(fmt::format(
          "{} is not what the scenario of the other side gives: it is of another scenario of that "
          "name, or was changed; save both with --save-baseline",
          side.file));
    }
    return false;
  }

  void remark(std::string text) {
    if (std::ranges::find(result_.remarks, text) == result_.remarks.end())
      result_.remarks.push_back(std::move(text));
  }

  void tell(const Pair& pair) {
    ComparedStrategy told{label_of(*pair.a, own_of(a_)), label_of(*pair.b, own_of(b_))};
    if (pair.sums) {
      told.pairing = pair.identical ? Pairing::identical : Pairing::paired;
      told.pairs = pair.sums->pairs;
    }
    for (const Figure& figure : run_figures()) {
      auto apart = difference(pair, figure, 1.0);
      told.changes.push_back({&figure, number_of(figure_of(*pair.a, figure.path)),
                              number_of(figure_of(*pair.b, figure.path)), apart});
    }
    for (const FailOn& condition : options_.fail_on) told.conditions.push_back(check(condition, pair));
    result_.strategies.push_back(std::move(told));
  }

  void set_verdict() {
    const bool holds = std::ranges::all_of(result_.strategies, [](const ComparedStrategy& strategy) {
      return std::ranges::all_of(strategy.conditions, [](const CheckedFailOn& checked) {
        return checked.verdict == ExpectationVerdict::held;
      });
    });
    if (!holds) result_.verdict = ResultVerdict::failed;
    if (!result_.complete) result_.verdict = ResultVerdict::unknown;
  }

  const SavedResult& a_;
  const SavedResult& b_;
  const CompareOptions& options_;
  Comparison result_;
  std::vector<Pair> pairs_;
  std::string wrong_;
};

}  // namespace

std::variant<Comparison, std::string> compare(const SavedResult& a, const SavedResult& b,
                                              const CompareOptions& options) {
  return Comparer(a, b, options).compare();
}

}  // namespace cacherace::reports
