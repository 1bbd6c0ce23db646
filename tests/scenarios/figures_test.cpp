// The table of figures that expectations are checked against is what a result has, in its order.
#include "scenarios/figures.hpp"

#include <gtest/gtest.h>

#include "scenarios/result.hpp"

namespace cacherace::scenarios {
namespace {

TEST(Figures, AreThoseOfAResult) {
  const auto* strategy = strategies::all_strategies().front();
  const StrategyResult result{.strategy = {strategy, strategies::Parameters(strategy->parameters)}};
  std::size_t i = 0;
  for_each_figure(result, [&](std::string_view path, const FigureValue& value) {
    ASSERT_LT(i, run_figures().size()) << path;
    const auto& figure = run_figures()[i++];
    EXPECT_EQ(figure.path, path);
    EXPECT_EQ(figure.kind == FigureKind::probability, std::holds_alternative<Estimate>(value)) << path;
    EXPECT_EQ(figure.kind == FigureKind::duration, path.ends_with("_ns")) << path;
  });
  EXPECT_EQ(i, run_figures().size());
}

TEST(Figures, OfAProbabilityNameACount) {
  for (const auto& figure : run_figures()) {
    EXPECT_EQ(figure.kind == FigureKind::probability, !figure.count.empty()) << figure.path;
    if (figure.count.empty()) continue;
    const auto* count = find_figure(run_figures(), figure.count);
    ASSERT_NE(count, nullptr) << figure.path;
    EXPECT_EQ(count->kind, FigureKind::count);
  }
}

TEST(Figures, AreFoundByTheirPath) {
  EXPECT_NE(find_figure(run_figures(), "windows.by_cause.late_fill"), nullptr);
  EXPECT_EQ(find_figure(run_figures(), "windows"), nullptr);
  EXPECT_EQ(find_figure(explore_figures(), "reachable.stuck")->kind, FigureKind::flag);
  EXPECT_EQ(find_figure(tune_figures(), "safe_ns")->kind, FigureKind::duration);
  EXPECT_TRUE(figures_of("check").empty());
}

}  // namespace
}  // namespace cacherace::scenarios
