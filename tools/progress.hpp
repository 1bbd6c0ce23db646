// One line on the terminal that says how far a long run is; gone when it ends.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "exploration/risk_plan.hpp"
#include "scenarios/experiment.hpp"
#include "sim/search_progress.hpp"

namespace cacherace::tools {

// "12,400 states  31,007 classes  depth 17  118,000/s  write-then-delete"
std::string progress_text(const sim::SearchProgress& progress, std::string_view strategy,
                          std::chrono::duration<double> elapsed);

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
  // Of a search; as often as it is told, shown ten times a second.
  void show(const sim::SearchProgress& progress, std::string_view strategy);
  // Of a search for a risk.
  void show(const exploration::RiskProgress& progress, std::string_view strategy);
  // Of a matrix.
  void show_cells(std::uint64_t done, std::uint64_t total);
  // Of a file that is read; `total` 0: its size is not known.
  void show_reading(const std::string& file, std::uint64_t done, std::uint64_t total);
  void erase();

 private:
  bool shown_;
  void put(const std::string& text);

  bool on_screen_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace cacherace::tools
