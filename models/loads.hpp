// How many SELECTs of one key are under way at the same time: each from its issue to the reply, or until its
// client gives up or crashes. Events of one instant count in the order in which they happen.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/per_run.hpp"
#include "models/ports.hpp"

namespace cacherace::models {

class Loads {
 public:
  explicit Loads(std::uint32_t keys) : under_way_(keys, 0) {}

  void begin_run() {
    under_way_.begin_run();
    most_ = 0;
  }
  void begin(Key key) { most_ = std::max(most_, ++under_way_[index_of(key)]); }
  void end(Key key) { --under_way_[index_of(key)]; }

  // The most of one key at the same time in this run.
  [[nodiscard]] std::uint32_t most() const { return most_; }

 private:
  PerRun<std::uint32_t> under_way_;
  std::uint32_t most_ = 0;
};

}  // namespace cacherace::models
