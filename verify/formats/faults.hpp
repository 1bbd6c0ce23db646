// What is wrong with a file of operations, one entry a fault: the first of them in words, the rest counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cacherace::verify::formats {

struct Fault {
  std::uint64_t line = 0;    // from 1
  std::uint64_t column = 0;  // from 1, in bytes
  std::string message;       // what is wrong, what was expected
};

class Faults {
 public:
  static constexpr std::size_t told_max = 20;

  void add(std::uint64_t line, std::uint64_t column, std::string message) {
    if (first_.size() < told_max) first_.push_back({line, column, std::move(message)});
    ++count_;
  }
  [[nodiscard]] const std::vector<Fault>& first() const { return first_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::vector<Fault> first_;
  std::uint64_t count_ = 0;
};

}  // namespace cacherace::verify::formats
