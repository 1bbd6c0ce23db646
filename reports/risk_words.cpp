#include "reports/risk_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/table.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using scenarios::StrategyResult;

std::string value_text(sim::Duration value) {
  if (value == sim::Duration{0}) return "0 ms";
  return unrounded_duration(sim::nanos(value));
}

const StrategyResult* cost_at(const RiskResult& result, std::size_t place) {
  return place < result.costs.size() ? &result.costs[place] : nullptr;
}

// The answer proper.
std::string answer(const RiskResult& result) {
  const std::string bound = risk_bound_text(result.risk);
  const auto safe = result.safe();
  if (!result.sample.complete || result.sample.points.empty() || !safe) {
    return fmt::format("No {} is certain to keep to {}: {}.", result.parameter, bound, risk_reason(result));
  }
  std::string text =
      fmt::format("{} {}: {} {}", result.parameter, value_text(*safe), bound, bad_words(result.property));
  text += result.safe_is_exact() ? " (in fact none can)." : ".";
  if (const auto unsafe = result.unsafe()) {
    text += fmt::format(" {} is too short.", value_text(*unsafe));
  } else {
    text += fmt::format(" {}.", risk_reason(result));
  }
  return text;
}

std::string price(const RiskResult& result) {
  if (!result.sample.safe) return "";
  const auto* const cost = cost_at(result, *result.sample.safe);
  if (cost == nullptr || !cost->write_latency.p99_ns) return "";
  return fmt::format("99 % of writes take at most {}, half of them at most {}.",
                     duration_text(cost->write_latency.p99_ns), duration_text(cost->write_latency.p50_ns));
}

std::string replications_text(const RiskSample& sample, std::string_view way) {
  const std::string of_all =
      sample.complete ? "" : fmt::format(" of {}, the others were not done", replications_of_risk);
  return fmt::format("{}, {}{} (Student's t)", way, counted(sample.replications, "independent replication"),
                     of_all);
}

std::string ground(const RiskResult& result) {
  const RiskSample& sample = result.sample;
  if (result.stopped_at) {
    return fmt::format("It was stopped while it still searched, at {}: nothing was measured.",
                       value_text(*result.stopped_at));
  }
  if (sample.points.empty()) return "";
  std::string how;
  switch (sample.method) {
    case RiskMethod::plain:
      how = fmt::format("{} of each value (Clopper-Pearson)", counted(sample.runs, "plain run"));
      break;
    case RiskMethod::importance:
      how = replications_text(sample, "importance sampling");
      break;
    case RiskMethod::splitting:
      how = replications_text(sample, "multilevel splitting");
      break;
  }
  std::string text = fmt::format("Measured by {}, on runs that the search did not see.", how);
  if (sample.safe && sample.unsafe) text += " Both values hold together with 99 % confidence.";
  if (sample.safe.has_value() != sample.unsafe.has_value()) text += " It holds with 99 % confidence.";
  return text;
}

// "The reply to reader's SELECT is 8 ms of it, the replication lag 391 ms, less 3 ms that the writer takes".
std::string cover_sentence(const scenarios::Scenario& scenario, const RiskResult& result) {
  std::string text;
  std::int64_t less = 0;
  for (const CoverTerm& term : cover_terms(scenario, result)) {
    if (term.ns < 0) {
      less -= term.ns;
      continue;
    }
    if (text.empty()) {
      text = fmt::format("{} is {} of it", term.what, duration_text(term.ns));
      if (text[0] >= 'a' && text.starts_with("the ")) text[0] = 'T';
    } else {
      text += fmt::format(", {} {}", term.what, duration_text(term.ns));
    }
  }
  if (text.empty()) return text;
  if (less > 0) text += fmt::format(", less {} that the writer takes for itself", duration_text(less));
  return text + ".";
}

}  // namespace

std::string risk_bound_text(double risk) {
  const double runs = 1.0 / risk;
  if (std::abs(runs - std::round(runs)) < 1e-6 * runs) {
    return fmt::format("at most 1 run in {}", count_text(static_cast<std::uint64_t>(std::llround(runs))));
  }
  return fmt::format("at most a share of {} of the runs", risk_text(risk));
}

std::string risk_text(double risk) {
  constexpr double least_plain = 1e-4;
  if (risk == 0.0) return "0";
  return risk >= least_plain ? significant(risk, 3) : fmt::format("{:.2e}", risk);
}

std::string risk_cell(const RiskEstimate& estimate) {
  if (estimate.estimate == 0.0) return "< " + risk_text(estimate.high);
  return fmt::format("{} ({}–{}){}", risk_text(estimate.estimate), risk_text(estimate.low),
                     risk_text(estimate.high), estimate.settled ? "" : " ?");
}

std::string_view bad_words(Property property) {
  switch (property) {
    case Property::stuck:
      return "leaves the cache stuck with an old value";
    case Property::stale_read:
      return "has a stale read";
    case Property::inversion:
      return "has an inversion";
    case Property::nonlinearizable:
      return "is not linearizable";
    case Property::dirty_read:
      return "has a dirty read";
    case Property::lost_write:
      return "loses a write";
    case Property::cache_ahead:
    case Property::deadlock:
      break;
  }
  return "is bad";
}

std::string risk_heading(const RiskResult& result) {
  return fmt::format("{}: {} of {}, by risk, against \"{}\"", printable(result.scenario), result.parameter,
                     result.strategy.info->name, spaced(property_names[index_of(result.property)]));
}

std::string risk_reason(const RiskResult& result) {
  const RiskSample& sample = result.sample;
  if (sample.incomplete_runs > 0) {
    return fmt::format("{} met a limit of the scenario; try a shorter --range",
                       counted(sample.incomplete_runs, "run"));
  }
  if (!sample.complete || sample.points.empty()) return "a limit or an interruption came first";
  if (!result.safe()) {
    const RiskPoint& last = sample.points.back();
    if (last.at.is_above(result.risk)) {
      return fmt::format("at the end of the range, {}, the risk still is {}", value_text(last.value),
                         risk_cell(last.at));
    }
    if (!result.unseen && last.at.estimate == 0.0 && last.at.high > result.risk) {
      return fmt::format(
          "no run was bad at the end of the range, which alone shows only that the risk there is "
          "below {}",
          risk_text(last.at.high));
    }
    if (result.unseen)
      return "no sampled run was bad at any value, which alone does not show that so few are";
    return "the measurement scatters too much to say so at any value";
  }
  if (!result.unsafe()) {
    return fmt::format("No value from {} on was found to be above that",
                       value_text(result.sample.points.front().value));
  }
  return "";
}

std::vector<std::string> risk_answer(const scenarios::Scenario& scenario, const RiskResult& result) {
  std::vector<std::string> sentences = {answer(result)};
  if (result.sample.rises) {
    sentences.emplace_back(
        "Larger is not always safer: the risk rises with the value somewhere, as the table shows.");
  }
  if (auto text = cover_sentence(scenario, result); !text.empty()) sentences.push_back(std::move(text));
  if (auto text = price(result); !text.empty()) sentences.push_back(std::move(text));
  if (result.impossible_from && !result.safe_is_exact()) {
    sentences.push_back(
        fmt::format("From {} on it is impossible in any order that these latencies allow (exact).",
                    exact_duration(sim::nanos(*result.impossible_from))));
  }
  if (auto text = ground(result); !text.empty()) sentences.push_back(std::move(text));
  return sentences;
}

std::vector<CoverTerm> cover_terms(const scenarios::Scenario& scenario, const RiskResult& result) {
  std::vector<CoverTerm> terms;
  if (result.cover.runs == 0) return terms;
  const scenarios::Simulation simulation(scenario, result.strategy);
  const std::string reader = printable(simulation.client_name(result.cover.reader));
  const std::string writer = printable(simulation.client_name(result.cover.writer));
  const std::array<std::string, cover_part_count> words = {
      "the replication lag",
      fmt::format("{}'s SELECT, answered before the commit", reader),
      fmt::format("the reply to {}'s SELECT", reader),
      fmt::format("{}'s SET on its way", reader),
      fmt::format("the reply to {}'s UPDATE", writer),
      fmt::format("{}'s last command on its way", writer)};
  for (std::size_t i = 0; i < cover_part_count; ++i) {
    const std::int64_t ns = sim::nanos(result.cover.parts[i]);
    if (ns != 0) terms.push_back({is_taken_off(static_cast<CoverPart>(i)) ? -ns : ns, words[i]});
  }
  std::ranges::stable_sort(terms, std::greater<>(), &CoverTerm::ns);
  return terms;
}

std::vector<std::string> risk_remarks(const scenarios::Scenario& scenario, const RiskResult& result) {
  std::vector<std::string> remarks;
  for (const StrategyResult& other : result.instead) {
    const std::string_view name = other.strategy.info->name;
    if (name == "ttl-only" && !scenario.setup.redis.ttl) {
      remarks.emplace_back(
          "ttl-only: the scenario has no redis.ttl, so nothing heals; with one, an old value lives that "
          "long");
    } else if (name == "ttl-only" && other.heals_after.max_ns) {
      remarks.push_back(fmt::format("ttl-only: every old value heals, at the latest after {}",
                                    duration_text(other.heals_after.max_ns)));
    }
  }
  return remarks;
}

std::string risk_next(const scenarios::Scenario& scenario, const RiskResult& result, const Source& source) {
  const StrategyResult* shown = nullptr;
  for (const StrategyResult& cost : result.costs) {
    if (cost.first_violation && cost.stuck_runs > 0) shown = &cost;
  }
  if (shown == nullptr || result.property != Property::stuck) return "";
  return fmt::format("cacherace run {} --strategy {} --seed {} --only-run {}", shell_word(source.scenario),
                     shell_word(strategy_argument(shown->strategy)), scenario.seed,
                     shown->first_violation->run);
}

}  // namespace cacherace::reports
