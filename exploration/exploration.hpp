// Every order of a scenario's steps under each of its strategies: what can happen at all.
//
// Untimed: latencies, sleeps and lags may take any time, nothing expires. A step is a command with its reply;
// an operation is invoked with its first command and returns with its last, since a later invocation and an
// earlier return only order more. Sleeps and replica applies are steps, too; the queue delivers with the
// consumer's next command.
//
// The strategies, models and fibers are those of `run`; sim/explorer.hpp puts their steps in order, and
// ledger.hpp says what a state is.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exploration/property.hpp"
#include "models/record.hpp"
#include "scenarios/result.hpp"
#include "scenarios/scenario.hpp"
#include "sim/search_progress.hpp"

namespace cacherace::exploration {

using scenarios::CheckedExpectation;
using scenarios::ResultVerdict;
using scenarios::Scenario;
using scenarios::StrategyChoice;

// One step of a witness: the facts of one command, sleep, apply or crash.
struct WitnessStep {
  std::string who;
  std::vector<models::Record> records;
};

// What is left of a scenario in which a violation was found, once all that it does without is gone.
struct Reduced {
  Scenario scenario;     // each client a group of its own, with the keys of its operations named
  bool minimal = false;  // the witness is the shortest of every order; else no part of it can go alone
};

// A way to a violation: a shortest one, or where orders were drawn the shortest that is left of one.
struct Witness {
  std::vector<WitnessStep> steps;    // as many as its length counts
  std::string schedule;              // the choices that lead there
  std::vector<models::Record> rest;  // what follows where all goes on as it comes: what was still on its way
  bool timed = false;                // whether the instants of the records mean anything
  std::optional<Reduced> reduced;    // of which scenario it is, where that is not the explored one
};

// Which chooser draws orders.
enum class DrawnBy : std::uint8_t { random, pct };
inline constexpr std::array<std::string_view, 2> drawn_by_names = {"random", "pct"};

// Of a strategy whose orders were drawn instead of gone through.
struct Draws {
  DrawnBy chooser = DrawnBy::random;
  std::uint64_t seed = 1;
  std::uint32_t depth = 0;                                // of pct
  std::uint64_t runs = 0;                                 // that were done, of …
  std::uint64_t wanted = 0;                               // … so many
  std::uint64_t incomplete = 0;                           // runs that met the limit of steps
  std::array<std::uint64_t, property_count> violating{};  // runs, by Property
  // By Property the first order that came to it, whole; empty: none, or its operations were drawn from a mix.
  std::array<std::string, property_count> schedules{};
};

struct ExploredStrategy {
  StrategyChoice strategy;
  bool timed = false;
  bool complete = true;
  std::uint64_t states = 0;
  std::uint64_t classes = 0;  // timed: states with what is known of the instants of what is pending
  std::uint64_t outcomes = 0;
  std::optional<Draws> draws;  // drawn: never complete, and states and outcomes are not counted
  std::array<std::optional<Witness>, property_names.size()> witnesses;  // of what is reachable, by Property
  std::vector<CheckedExpectation> expectations;

  [[nodiscard]] bool reachable(Property property) const {
    return witnesses[static_cast<std::size_t>(property)].has_value();
  }
};

struct ExploreResult {
  std::string scenario;
  bool timed = false;
  bool complete = true;
  std::vector<ExploredStrategy> strategies;
  ResultVerdict verdict = ResultVerdict::held;
};

struct ExploreOptions {
  bool timed = false;
  std::uint64_t states_max = UINT64_MAX;  // of each strategy
  std::uint64_t bytes_max = UINT64_MAX;   // of memory, about
  // Told often; true: end soon with what is finished. May be empty.
  std::function<bool(const StrategyChoice&, const sim::SearchProgress&)> watch;
};

// The watch of one strategy's search. What it is made of must outlive it.
sim::SearchWatch watch_of(const ExploreOptions& options, const StrategyChoice& strategy);

// The result, expectations checked. Precondition: the scenario can be explored. A pure function of the
// scenario where no limit came first.
ExploreResult explore(const Scenario& scenario, const ExploreOptions& options);

// Evaluates the scenario's expectations of `explore` (untimed, or of any mode) on the results, and the
// verdict.
void check_expectations(const Scenario& scenario, ExploreResult& result);

// A scenario as exploration runs it: no step takes any time of its own and nothing expires.
Scenario untimed(const Scenario& scenario);

}  // namespace cacherace::exploration
