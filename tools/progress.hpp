// One line on the terminal that says how far a long run is; gone when it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "scenarios/experiment.hpp"

namespace cacherace::tools {

// "4,211 of 20,000 runs  21 %  1,234/s  13 s left  write-then-delete"
std::string progress_text(const scenarios::Progress& progress, std::chrono::duration<double> elapsed);

class ProgressLine {
 public:
  // `shown` false: does nothing at all.
  explicit ProgressLine(bool shown) : shown_(shown), begin_(std::chrono::steady_clock::now()) {}
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { erase(); }

  void show(const scenarios::Progress& progress);
  void erase();

 private:
  bool shown_;
  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace cacherace::tools
