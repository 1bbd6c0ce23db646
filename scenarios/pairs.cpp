#include "scenarios/pairs.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

#include "scenarios/crew.hpp"
#include "scenarios/tally.hpp"

namespace cacherace::scenarios {
namespace {

// x and y of one figure in one run.
struct Term {
  std::uint64_t x = 0;
  std::uint64_t y = 0;
};
using Terms = std::array<Term, ratio_figures.size()>;

// In the order of ratio_figures.
enum : std::uint8_t {
  stale_share,
  outdated_share,
  state_time_share,
  read_latency,
  write_latency,
  hit_ratio,
  database_reads,
  database_writes
};

void add_operations(const verify::Execution& execution, Terms& terms) {
  for (const verify::Operation& operation : execution.operations) {
    if (operation.outcome != verify::Outcome::ok) continue;
    const bool is_read = operation.kind == verify::OperationKind::read;
    Term& latency = terms[is_read ? read_latency : write_latency];
    latency.x += static_cast<std::uint64_t>(operation.end - operation.start);
    ++latency.y;
  }
  terms[stale_share].y = terms[outdated_share].y = terms[read_latency].y;
}

Terms terms_of(const JudgedRun& run) {
  Terms terms{};
  add_operations(run.execution, terms);
  for (const verify::ReadFinding& read : run.verdict.reads) {
    if (read.stale_age >= 0) ++terms[stale_share].x;
    if (read.outdated_age >= 0) ++terms[outdated_share].x;
  }
  for (const verify::Window& window : run.verdict.windows) {
    terms[state_time_share].x += static_cast<std::uint64_t>(window.to - window.from);
  }
  terms[state_time_share].y = static_cast<std::uint64_t>(run.execution.quiescence) * run.execution.keys;
  terms[hit_ratio] = {run.traffic.hits, run.traffic.hits + run.traffic.misses};
  terms[database_reads] = {run.traffic.database_reads, 1};
  terms[database_writes] = {run.traffic.database_writes, 1};
  return terms;
}

void count(PairedEvent& event, bool in_a, bool in_b) {
  if (in_a && in_b) ++event.both;
  if (in_a && !in_b) ++event.only_a;
  if (!in_a && in_b) ++event.only_b;
}

// Products are kept for one <= other, row by row.
std::size_t place(std::size_t one, std::size_t other) {
  if (one > other) std::swap(one, other);
  return one * PairedRatio::variables - one * (one + 1) / 2 + other;
}

// One thread's share.
struct Share {
  Tally a, b;
  PairedSums sums;
};

void work(const Side& a, const Side& b, RunSource& source, std::atomic<std::uint64_t>& done, Share& share) {
  Trial trial_a(*a.scenario, a.strategy), trial_b(*b.scenario, b.strategy);
  for (auto [from, to] = source.take(); from < to; std::tie(from, to) = source.take()) {
    for (std::uint64_t run = from; run < to && !source.stopped(); ++run) {
      const auto of_a = run < a.runs ? trial_a.play(run) : std::nullopt;
      const auto of_b = run < b.runs ? trial_b.play(run) : std::nullopt;
      if (run < a.runs) share.a.add(run, of_a);
      if (run < b.runs) share.b.add(run, of_b);
      if (of_a && of_b) share.sums.add(*of_a, *of_b);
      done.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

}  // namespace

void PairedRatio::add(const std::array<std::uint64_t, variables>& values) {
  if (values[x_a] != 0 || values[x_b] != 0) ++runs_with_x;
  for (std::size_t one = 0; one < variables; ++one) {
    sums[one] += values[one];
    for (std::size_t other = one; other < variables; ++other) {
      products[place(one, other)] += static_cast<Wide>(values[one]) * values[other];
    }
  }
}

void PairedRatio::merge(const PairedRatio& other) {
  runs_with_x += other.runs_with_x;
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += other.sums[i];
  for (std::size_t i = 0; i < products.size(); ++i) products[i] += other.products[i];
}

Wide PairedRatio::product(std::size_t one, std::size_t other) const {
  return products[place(one, other)];
}

void PairedSums::add(const JudgedRun& a, const JudgedRun& b) {
  ++pairs;
  count(events[0], !a.verdict.stuck.empty(), !b.verdict.stuck.empty());
  count(events[1], !a.verdict.linearizable, !b.verdict.linearizable);
  const Terms of_a = terms_of(a), of_b = terms_of(b);
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i].add({of_a[i].x, of_a[i].y, of_b[i].x, of_b[i].y});
}

void PairedSums::merge(const PairedSums& other) {
  pairs += other.pairs;
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].both += other.events[i].both;
    events[i].only_a += other.events[i].only_a;
    events[i].only_b += other.events[i].only_b;
  }
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i].merge(other.ratios[i]);
}

PairedResult run_pairs(const Side& a, const Side& b, const ExperimentOptions& options) {
  const std::uint64_t runs = std::max(a.runs, b.runs);
  const auto jobs = static_cast<unsigned>(std::min<std::uint64_t>(options.jobs, runs));
  RunSource source(0, runs, jobs, options.stop);
  std::vector<Share> shares(jobs);
  std::atomic<std::uint64_t> done = 0;
  Crew crew;
  crew.start(jobs, [&](unsigned job) { work(a, b, source, done, shares[job]); });
  crew.wait([&] {
    if (options.see) options.see({done.load(), runs, b.strategy.info->name});
  });
  for (unsigned job = 1; job < jobs; ++job) {
    shares[0].a.merge(shares[job].a);
    shares[0].b.merge(shares[job].b);
    shares[0].sums.merge(shares[job].sums);
  }
  return {shares[0].a.summary(a.strategy), shares[0].b.summary(b.strategy), shares[0].sums};
}

}  // namespace cacherace::scenarios
