// The matrix: pinned cells, the same bytes on any number of threads, and the page in docs/ that it makes.
#include "reports/matrix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "exploration/explorable.hpp"
#include "tests/support/reading.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

Scenario field(std::uint32_t writers, std::uint32_t readers,
               const std::vector<std::string>& strategies = {}) {
  auto loaded = scenarios::load_scenario("field/all");
  Scenario scenario = std::get<Scenario>(std::move(loaded));
  if (!strategies.empty()) scenario.strategies.clear();
  for (const std::string& strategy : strategies) {
    scenario.strategies.push_back(scenarios::must_choose(strategy));
  }
  replace_clients(scenario, {writers, readers});
  return scenario;
}

MatrixResult made(const Scenario& scenario, const MatrixOptions& options = {}) {
  MatrixResult result = make_matrix(scenario, usual_faults(), options);
  result.clients = "2 writers and 3 readers";
  return result;
}

const MatrixCell& cell(const MatrixResult& result, std::size_t row, std::string_view fault) {
  const auto found = std::ranges::find(result.faults, fault, &MatrixFault::name);
  return result.rows.at(row).cells.at(static_cast<std::size_t>(found - result.faults.begin()));
}

TEST(Matrix, tells_the_worst_of_every_form_and_start) {
  const MatrixResult result =
      made(field(1, 2, {"write-then-delete", "locked", "binlog-update", "locking-read"}));
  EXPECT_TRUE(result.complete);
  EXPECT_EQ(cell_text(cell(result, 0, "no fault")), "stuck 5");
  EXPECT_EQ(cell_text(cell(result, 0, "cache write fails")), "stuck 2");
  EXPECT_EQ(cell_text(cell(result, 0, "message lost")), "-");
  EXPECT_EQ(cell_text(cell(result, 0, "guard expires")), "-");
  EXPECT_EQ(cell_text(cell(result, 1, "no fault")), "safe");
  EXPECT_EQ(cell(result, 1, "guard expires").verdict, CellVerdict::stuck);
  EXPECT_EQ(cell_text(cell(result, 2, "message lost")), "stuck 1");
  EXPECT_EQ(cell_text(cell(result, 3, "no fault")), "safe");
  EXPECT_EQ(cell(result, 3, "session killed").verdict, CellVerdict::stuck);
}

TEST(Matrix, is_the_same_on_any_number_of_threads) {
  const Scenario scenario = field(1, 2, {"lease", "write-then-delete", "tag-deleted"});
  const std::string alone = matrix_document(made(scenario), {"V", "field/all"});
  EXPECT_EQ(matrix_document(made(scenario, {.jobs = 3}), {"V", "field/all"}), alone);
}

TEST(Matrix, a_cell_that_met_a_limit_is_not_called_safe) {
  const MatrixResult result = made(field(2, 3, {"locked"}), {.states_max = 50, .runs = 100});
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(cell_text(cell(result, 0, "no fault")), "?");
  ASSERT_TRUE(cell(result, 0, "no fault").sampled);
  EXPECT_EQ(cell(result, 0, "no fault").sampled->runs, 100U);
}

TEST(Matrix, tells_the_ways_where_they_are_few) {
  Scenario scenario = field(1, 2, {"locking-read"});
  const auto all = usual_faults();
  const auto killed = std::ranges::find(all, "session killed", &MatrixFault::name);
  MatrixResult result = make_matrix(scenario, {*killed}, {});
  const std::string text = matrix_table(result, {"V", "field/all"}, Paint::plain);
  EXPECT_NE(text.find("its session at MySQL is killed"), std::string::npos) << text;
  EXPECT_NE(text.find("Why: "), std::string::npos) << text;
}

TEST(Matrix, says_what_a_redis_that_comes_back_has_forgotten) {
  const auto all = usual_faults();
  for (const char* fault : {"Redis failover", "Redis restart"}) {
    const auto chosen = std::ranges::find(all, fault, &MatrixFault::name);
    const MatrixResult result = make_matrix(field(1, 1, {"write-then-delete"}), {*chosen}, {});
    const std::string text = matrix_table(result, {"V", "field/all"}, Paint::plain);
    EXPECT_NE(text.find("Why: Redis came back with v0, which it had held before writer's DEL."),
              std::string::npos)
        << text;
  }
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(MatrixDocs, AreWhatTheCommandPrints) {
  const std::string path = std::string(CACHERACE_SOURCE_DIR) + "/docs/matrix.md";
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const std::string page = matrix_markdown(made(field(2, 3), {.jobs = cores}));
  if (std::getenv("CACHERACE_UPDATE_DOCS") != nullptr) std::ofstream(path) << page;
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), page) << "cacherace matrix field/all --format markdown --output docs/matrix.md";
}
#endif

}  // namespace
}  // namespace cacherace::reports
