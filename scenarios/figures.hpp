// The figures of a strategy's result: what an expectation can be about.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::scenarios {

enum class FigureKind : std::uint8_t {
  count,        // a whole number
  probability,  // in [0, 1], estimated: has an interval, and so a verdict that may be undecided
  duration,     // nanoseconds
  ratio,        // in [0, 1], of what was observed: no interval
  rate,         // a number a second, 0 or more
  flag,         // true or false
};

struct Figure {
  std::string path;  // "stuck.probability"
  FigureKind kind = FigureKind::count;
  std::string_view count;  // of a probability: the figure that counts the same thing
};

// Of `run`, in the order of its result.
std::span<const Figure> run_figures();
// Of `explore`, and of `tune`.
std::span<const Figure> explore_figures();
std::span<const Figure> tune_figures();
// Of the command; empty where its figures are not listed (check, replay, compare, matrix).
std::span<const Figure> figures_of(std::string_view command);

// "there is no figure "stuck.probabilty"; did you mean "stuck.probability"?", of `run`.
std::string no_such_figure(std::string_view path);

// Null where there is none of that path.
const Figure* find_figure(std::span<const Figure> figures, std::string_view path);

}  // namespace cacherace::scenarios
