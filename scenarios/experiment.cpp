#include "scenarios/experiment.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "scenarios/tally.hpp"
#include "verify/judge.hpp"

namespace cacherace::scenarios {
namespace {

// The runs [first, last) of one strategy, handed out in chunks.
class RunSource {
 public:
  RunSource(std::uint64_t first, std::uint64_t last, unsigned jobs, const std::atomic<bool>* stop)
      : next_(first),
        last_(last),
        chunk_(std::clamp<std::uint64_t>((last - first) / (jobs * 64), 1, 1024)),
        stop_(stop) {}

  // The next chunk [from, to); empty at the end, or when stopped.
  std::pair<std::uint64_t, std::uint64_t> take() {
    if (stopped()) return {last_, last_};
    const std::uint64_t from = std::min(next_.fetch_add(chunk_), last_);
    return {from, std::min(from + chunk_, last_)};
  }

  [[nodiscard]] bool stopped() const { return stop_ != nullptr && stop_->load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> next_;
  std::uint64_t last_;
  std::uint64_t chunk_;
  const std::atomic<bool>* stop_;
};

// One thread's share of a strategy's runs.
void work(const Scenario& scenario, const StrategyChoice& strategy, RunSource& source,
          std::atomic<std::uint64_t>& done, Tally& tally) {
  Simulation simulation(scenario, strategy);
  Observer observer(scenario.setup);
  verify::Judge judge;
  for (auto [from, to] = source.take(); from < to; std::tie(from, to) = source.take()) {
    for (std::uint64_t run = from; run < to && !source.stopped(); ++run) {
      const sim::RunEnd end = simulation.run(run);
      if (end.ending != sim::Ending::quiescent) {
        tally.add_incomplete();
      } else {
        const verify::Execution& execution = observer.observe(simulation.records(), end);
        Traffic traffic = observer.traffic();
        traffic.concurrent_loads = simulation.concurrent_loads();
        tally.add(run, execution, traffic, judge.judge(execution));
      }
      done.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

// Threads that work, and a calling thread that tells how far they are.
class Crew {
 public:
  template <class Work>
  void start(unsigned jobs, const Work& work) {
    at_work_ = jobs;
    for (unsigned job = 0; job < jobs; ++job) {
      threads_.emplace_back([this, work, job] {
        std::exception_ptr failure;
        try {
          work(job);
        } catch (...) {
          failure = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        if (failure) failure_ = failure;
        --at_work_;
        finished_.notify_all();
      });
    }
  }

  // Calls `look()` now and then until all have finished. What a thread threw is thrown on.
  template <class Look>
  void wait(const Look& look) {
    std::unique_lock lock(mutex_);
    while (!finished_.wait_for(lock, std::chrono::milliseconds(100), [this] { return at_work_ == 0; })) {
      lock.unlock();
      look();
      lock.lock();
    }
    lock.unlock();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable finished_;
  unsigned at_work_ = 0;
  std::exception_ptr failure_;
};

StrategyResult run_strategy(const Scenario& scenario, const StrategyChoice& strategy,
                            const ExperimentOptions& options, std::atomic<std::uint64_t>& done,
                            std::uint64_t runs_total) {
  const std::uint64_t first = options.only_run.value_or(0);
  const std::uint64_t last = options.only_run ? first + 1 : scenario.runs;
  const unsigned jobs = static_cast<unsigned>(std::min<std::uint64_t>(options.jobs, last - first));
  RunSource source(first, last, jobs, options.stop);
  std::vector<Tally> tallies(jobs);
  Crew crew;
  crew.start(jobs, [&](unsigned job) { work(scenario, strategy, source, done, tallies[job]); });
  crew.wait([&] {
    if (options.see) options.see({done.load(), runs_total, strategy.info->name});
  });
  for (unsigned job = 1; job < jobs; ++job) tallies[0].merge(tallies[job]);
  return tallies[0].summary(strategy);
}

bool is_about_load(const Scenario& scenario) {
  const models::Setup& setup = scenario.setup;
  return setup.redis.ttl_jitter > sim::Duration{0} || setup.keys.missing > 0 ||
         std::ranges::any_of(setup.clients, &models::ClientGroup::coalesce) ||
         std::ranges::any_of(scenario.expectations, [](const Expectation& expectation) {
           return expectation.figure.starts_with("database.");
         });
}

}  // namespace

RunResult run_experiment(const Scenario& scenario, const ExperimentOptions& options) {
  const std::uint64_t runs = options.only_run ? 1 : scenario.runs;
  RunResult result{.scenario = scenario.name,
                   .seed = scenario.seed,
                   .runs = runs,
                   .only_run = options.only_run,
                   .is_about_load = is_about_load(scenario)};
  std::atomic<std::uint64_t> done = 0;
  for (const StrategyChoice& strategy : scenario.strategies) {
    result.strategies.push_back(
        run_strategy(scenario, strategy, options, done, runs * scenario.strategies.size()));
    const StrategyResult& added = result.strategies.back();
    if (added.runs < runs || added.incomplete_runs > 0) result.complete = false;
  }
  check_expectations(scenario, result);
  return result;
}

}  // namespace cacherace::scenarios
