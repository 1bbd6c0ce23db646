// Strategies × faults: what each strategy lets happen under each kind of fault, in every untimed order.
//
// A fault of the matrix may have several forms (a failed DEL, a failed script …); each is explored alone,
// from a cold and from a cached start, and the cell tells the worst of them. Forms that a strategy cannot
// meet, as it never sends such a command, are left out; where none is left the cell says so.
//
// Faults that are about instants (a network cut, a clock that jumps) are met in runs by the scenario's own
// latencies instead: such a cell says how often.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exploration/exploration.hpp"
#include "scenarios/recording.hpp"

namespace cacherace::exploration {

// From the best to the worst.
enum class CellVerdict : std::uint8_t {
  not_applicable,  // the strategy cannot meet the fault
  safe,            // nothing wrong in any order, all explored
  unmet,           // nothing wrong in any run, of a fault that only runs have
  unknown,         // nothing wrong so far, and a limit came first
  transient,       // a read may be wrong, and the cache is right in the end
  hangs,           // an operation may wait for ever
  lost_write,      // an acknowledged write may be lost
  stuck,           // the cache may stay wrong
};
inline constexpr std::array<std::string_view, 8> cell_verdict_names = {
    "not applicable", "safe", "not met", "unknown", "transient", "hangs", "lost write", "stuck"};

struct MatrixFault {
  std::string name;     // "eviction"
  std::string meaning;  // one line
  std::vector<std::vector<models::Fault>> forms;
  bool replica_reads = false;
  bool redis_replica = false;
  bool mysql_replica = false;
  bool by_time = false;              // only runs have it
  std::optional<std::size_t> place;  // in the scenario's list, where it is one of those
};

// The worst that can happen, and the shortest way to it.
struct CellWitness {
  Property property;
  Witness witness;
  Scenario scenario;  // in which it is: form, start and clients
};

struct MatrixCell {
  CellVerdict verdict = CellVerdict::not_applicable;
  bool complete = true;
  std::uint64_t states = 0;
  std::optional<CellWitness> witness;
  // Where a limit came first: how often a run of the scenario's own latencies violates anything, and gets
  // stuck; of the form and start that were met first. Where only runs have the fault: of the worst.
  std::optional<scenarios::StrategyResult> sampled;
  std::optional<scenarios::StrategyResult> without;  // where only runs have the fault: the same without it
  std::optional<Scenario> sampled_scenario;          // as it was run: with form, start and clients
};

struct MatrixRow {
  StrategyChoice strategy;
  std::vector<MatrixCell> cells;  // by fault
};

struct MatrixResult {
  std::string scenario;
  std::string clients;  // "2 writers, 3 readers"
  std::vector<MatrixFault> faults;
  std::vector<MatrixRow> rows;
  bool complete = true;
};

struct MatrixOptions {
  unsigned jobs = 1;                        // threads; the result does not depend on it
  std::uint64_t states_max = 300'000;       // of each exploration
  std::uint64_t runs = 10'000;              // of a cell that was not explored completely
  const std::atomic<bool>* stop = nullptr;  // set from outside: end soon with what is finished
  // Cells, told often, also within one. True: end soon; may be empty.
  std::function<bool(std::uint64_t done, std::uint64_t total)> see;
};

// Within 50 ms: when clients begin in the runs of a cell, and when the faults below strike there.
sim::Latency first_moments();
// The faults that a matrix has by itself: one of each kind.
std::vector<MatrixFault> usual_faults();
// "no fault", and each of the scenario's own alone.
std::vector<MatrixFault> faults_of(const Scenario& scenario);

// What is behind a cell, for `replay`: the shortest way to its worst violation, or the first run that had
// one. Nothing where there is none. The recording's scenario says all that the cell changed.
std::optional<scenarios::Recording> recording_of(const MatrixFault& fault, const MatrixRow& row,
                                                 const MatrixCell& cell);

// Precondition: the scenario can be explored untimed.
MatrixResult make_matrix(const Scenario& scenario, const std::vector<MatrixFault>& faults,
                         const MatrixOptions& options);

}  // namespace cacherace::exploration
