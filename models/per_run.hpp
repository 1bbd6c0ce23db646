// A table of values that all return to their initial value when a new run begins, at no cost a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cacherace::models {

template <class Value>
class PerRun {
 public:
  PerRun(std::size_t size, const Value& initial) : cells_(size, Cell{initial, 0}), initial_(initial) {}

  void begin_run() { ++run_; }
  [[nodiscard]] std::size_t size() const { return cells_.size(); }

  Value& operator[](std::size_t index) {
    Cell& cell = cells_[index];
    if (cell.run != run_) cell = {initial_, run_};
    return cell.value;
  }

 private:
  struct Cell {
    Value value;
    std::uint64_t run;
  };
  std::vector<Cell> cells_;
  Value initial_;
  std::uint64_t run_ = 1;
};

}  // namespace cacherace::models
