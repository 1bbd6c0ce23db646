// One client, its stores, and what it does.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "models/client.hpp"

namespace cacherace::models {

using namespace std::chrono_literals;

inline constexpr Key k{0};
constexpr sim::Time at(sim::Duration d) {
  return sim::time_zero + d;
}

inline Setup plain_setup() {
  Setup setup;
  setup.redis.legs = {sim::Latency::constant(1ms), sim::Latency::constant(2ms)};
  setup.mysql.legs = {sim::Latency::constant(10ms), sim::Latency::constant(20ms)};
  return setup;
}

// The first UPDATE is given up after 5 ms, and its way to the server takes 100 ms more.
inline Setup late_update_setup() {
  Setup setup = plain_setup();
  setup.faults = {{.kind = FaultKind::timeout,
                   .command = Command::update,
                   .occurrence = 1,
                   .after = 5ms,
                   .delay = sim::Latency::constant(100ms)}};
  return setup;
}

// One client that does `work` from time 0 on.
class Bench {
 public:
  explicit Bench(const Setup& setup)
      : setup_(setup), servers_(world_, recorder_, setup_), client_(servers_, 0, "c") {}

  sim::RunEnd run(std::function<void(Session&)> work, sim::RunLimits limits = {}) {
    recorder_.begin(true);
    servers_.begin_run(1, 0, {});
    client_.begin_run(1, 0);
    work_ = std::move(work);
    world_.spawn({}, [this] {
      client_.occupy({OperationKind::write, Origin::write, 0, WriteId{1}, k});
      work_(client_.session());
    });
    return world_.run(limits);
  }

  [[nodiscard]] std::int64_t now_ms() const { return sim::nanos(world_.now()) / 1'000'000; }
  [[nodiscard]] const Client& client() const { return client_; }
  [[nodiscard]] Loads& loads() { return servers_.loads(); }
  // Does it then, after what else happens at that instant.
  template <class Callable>
  void at(sim::Duration delay, Callable callable) {
    world_.spawn(delay, [this, callable] {
      world_.wait({});
      callable();
    });
  }

  // When each fact of a kind happened, in ms.
  [[nodiscard]] std::vector<std::int64_t> times(Fact fact) const {
    std::vector<std::int64_t> result;
    for (const Record& record : recorder_.records()) {
      if (record.fact == fact) result.push_back(sim::nanos(record.at) / 1'000'000);
    }
    return result;
  }

 private:
  Setup setup_;
  sim::World world_;
  Recorder recorder_;
  Servers servers_;
  Client client_;
  std::function<void(Session&)> work_;
};

using Times = std::vector<std::int64_t>;

}  // namespace cacherace::models
