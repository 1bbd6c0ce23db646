#include "reports/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;
using Candidates = std::vector<const StrategyResult*>;

bool measured(const StrategyResult& strategy) {
  return strategy.runs > strategy.incomplete_runs;
}

Candidates measured_in(const RunResult& result) {
  Candidates all;
  for (const auto& strategy : result.strategies) {
    if (measured(strategy)) all.push_back(&strategy);
  }
  return all;
}

// Where nothing was written or read, nothing is known: last.
std::int64_t write_p99(const StrategyResult& strategy) {
  return strategy.write_latency.p99_ns.value_or(std::numeric_limits<std::int64_t>::max());
}

auto rank(const StrategyResult& s) {
  const int kind = s.stuck_runs == 0 ? 0 : s.permanently_stuck_runs == 0 ? 1 : 2;
  const double stuck = kind == 2 ? s.stuck.estimate.value_or(1.0) : 0.0;
  return std::make_tuple(kind, stuck, s.stale_share.estimate.value_or(0.0), write_p99(s));
}

std::string confident(const Estimate& estimate) {
  return fmt::format("at most {} % with {} % confidence", percent_number(*estimate.high, Rounding::up),
                     significant(confidence * 100.0, 2));
}

std::string stuck_sentence(const StrategyResult& s) {
  const std::uint64_t runs = s.runs - s.incomplete_runs;
  if (s.stuck_runs == 0) {
    const std::string bound = s.stuck.high ? fmt::format(" ({})", confident(s.stuck)) : "";
    return fmt::format("no stuck run in {}{}", count_text(runs), bound);
  }
  const auto healing = s.permanently_stuck_runs == 0 ? fmt::format("; the TTL healed each within {}",
                                                                   duration_text(s.heals_after.max_ns))
                                                     : std::string();
  return fmt::format("stuck in {} of {}{}", count_text(s.stuck_runs), counted(runs, "run"), healing);
}

std::string stale_sentence(const StrategyResult& s) {
  if (s.reads == 0) return "no read to be stale";
  if (s.stale > 0) return fmt::format("{} of its reads stale", estimate_text(s.stale_share));
  return fmt::format("no stale read in {}", count_text(s.reads));
}

std::string cost_sentence(const StrategyResult& best, const Candidates& all) {
  const auto cheapest = *std::ranges::min_element(all, {}, [](const auto* s) { return write_p99(*s); });
  if (!best.write_latency.p99_ns || !cheapest->write_latency.p99_ns) return "";
  const auto own = duration_text(best.write_latency.p99_ns);
  if (write_p99(*cheapest) == write_p99(best)) {
    return all.size() > 1 ? fmt::format(" None writes faster (p99 {}).", own) : std::string();
  }
  return fmt::format(" It costs: write p99 {}, against {} with {}.", own,
                     duration_text(cheapest->write_latency.p99_ns), strategy_argument(cheapest->strategy));
}

std::string other_faults(const StrategyResult& s) {
  if (s.stuck_runs > 0 || s.stale > 0 || !s.first_violation) return "";
  return fmt::format(" Not clean all the same: {} not linearizable.",
                     counted(s.violating_runs, "run") + (s.violating_runs == 1 ? " was" : " were"));
}

}  // namespace

const StrategyResult* best_of(const RunResult& result) {
  const Candidates all = measured_in(result);
  if (all.empty()) return nullptr;
  return *std::ranges::min_element(all, {}, [](const auto* s) { return rank(*s); });
}

std::string advice(const RunResult& result) {
  const Candidates all = measured_in(result);
  const StrategyResult* const best = best_of(result);
  if (best == nullptr) return "No run was finished: nothing is known.";
  const auto name = strategy_argument(best->strategy);
  const auto facts = fmt::format("{}, {}.", stuck_sentence(*best), stale_sentence(*best));
  const auto rest = other_faults(*best) + cost_sentence(*best, all);
  if (all.size() == 1) return fmt::format("{}: {}{}", name, facts, rest);
  if (best->permanently_stuck_runs > 0) {
    return fmt::format(
        "None is clean here: each leaves a wrong entry for good in some runs. Least often {}: {}{}", name,
        facts, rest);
  }
  if (best->first_violation) {
    const bool all_violate =
        std::ranges::all_of(all, [](const auto* s) { return s->first_violation.has_value(); });
    const auto* const lead = all_violate ? "None is clean here. The best is" : "Best here:";
    return fmt::format("{} {}: {}{}", lead, name, facts, rest);
  }
  return fmt::format("Best here: {}: {}{}", name, facts, rest);
}

std::string next_command(const RunResult& result, const Source& source) {
  for (const auto& strategy : result.strategies) {
    if (strategy.first_violation) {
      return replay_command(result, strategy.strategy, strategy.first_violation->run, source);
    }
  }
  constexpr std::uint64_t more = 10;
  return fmt::format("cacherace run {}{} --runs {}", shell_word(source.scenario),
                     settings_argument(source.settings), result.runs * more);
}

}  // namespace cacherace::reports
