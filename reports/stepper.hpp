// An execution to walk through, a step at a time: which lines a screen shows, whatever draws it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/telling.hpp"

namespace cacherace::reports {

enum class Walk : std::uint8_t {
  next,
  previous,
  page_down,
  page_up,
  first,
  last,
  next_violation,  // to the next line where something goes wrong; stays where there is none
  previous_violation,
};

enum class Style : std::uint8_t { plain, bold, dim, red, green, current };

struct ScreenLine {
  std::string text;  // no wider than the screen
  Style style = Style::plain;
};

class Stepper {
 public:
  // `reasons`: why each violation came about, the worst first.
  Stepper(Telling telling, std::vector<std::string> reasons);

  void walk(Walk walk);
  [[nodiscard]] std::size_t position() const { return position_; }

  // As many lines as the screen has, none wider: the title; the steps around the present one; what each store
  // holds after it; why it went wrong; the keys. On a low screen the steps come first.
  // A page is as many steps as it has.
  std::vector<ScreenLine> screen(std::size_t rows, std::size_t columns);

 private:
  [[nodiscard]] std::vector<ScreenLine> head() const;
  [[nodiscard]] std::vector<ScreenLine> steps(std::size_t rows) const;
  [[nodiscard]] std::vector<ScreenLine> stores(std::size_t rows) const;
  [[nodiscard]] std::vector<ScreenLine> why(std::size_t rows, std::size_t columns) const;
  [[nodiscard]] ScreenLine line_text(std::size_t index) const;
  [[nodiscard]] std::vector<Contents> contents() const;
  void find_violation(bool onward);

  Telling telling_;
  std::vector<std::string> reasons_;
  Instants instants_;
  std::size_t who_width_ = 0, time_width_ = 0;
  std::size_t position_ = 0;
  std::size_t page_ = 1;  // steps on the last screen
};

}  // namespace cacherace::reports
