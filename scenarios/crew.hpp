// Many runs on many threads: who takes which, and a caller that looks on.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace cacherace::scenarios {

// The runs [first, last), handed out in chunks.
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

}  // namespace cacherace::scenarios
