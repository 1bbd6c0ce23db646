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
#include "reports/json_parts.hpp"
#include "scenarios/experiment.hpp"
#include "scenarios/rewritten.hpp"
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

// Every form of every fault, from both starts: the text says all that was changed.
TEST(Matrix, a_scenario_whose_parts_were_replaced_is_rewritten_to_the_same_runs) {
  std::uint64_t forms = 0;
  for (const char* strategy : {"binlog-delete", "pending-marker", "locking-read"}) {
    for (const MatrixFault& fault : usual_faults()) {
      for (const auto& form : fault.forms) {
        Scenario scenario = field(1, 2, {strategy});
        const bool is_queue_fault = !form.empty() && form[0].client == models::consumer_name;
        const bool of_messages = fault.name.starts_with("message") || fault.name == "rebalance" ||
                                 (!form.empty() && (form[0].link == models::Link::mysql_queue ||
                                                    form[0].link == models::Link::queue_consumer));
        if (std::string(strategy) != "binlog-delete" && (is_queue_fault || of_messages)) continue;
        scenario.setup.faults = form;
        scenario.setup.keys.cached = forms % 2 == 0;
        if (fault.replica_reads || fault.mysql_replica) scenario.setup.mysql.replicas = 1;
        if (fault.replica_reads) scenario.setup.mysql.read_from = models::ReadFrom::replica;
        scenario.setup.redis.replica = fault.redis_replica;
        for (auto& group : scenario.setup.clients) group.start = first_moments();
        const Scenario again = scenarios::rewritten(scenario);
        for (std::uint64_t run = 0; run < 20; ++run) {
          ASSERT_EQ(digest_of_run(scenario, scenario.strategies[0], run),
                    digest_of_run(again, scenario.strategies[0], run))
              << fault.name << " " << again.text;
        }
        ++forms;
      }
    }
  }
  EXPECT_GT(forms, 100U);
}

TEST(Matrix, tells_runs_with_a_fault_about_instants_beside_those_without) {
  const auto faults = usual_faults();
  const MatrixResult result =
      make_matrix(field(1, 2, {"write-then-delete", "write-through"}), faults, {.runs = 300});
  const MatrixCell& cut = cell(result, 0, "network cut");
  ASSERT_TRUE(cut.without);
  EXPECT_GT(cut.sampled->stuck_runs, cut.without->stuck_runs);
  EXPECT_EQ(cell_text(cell(result, 1, "clock jump")), "none in 300");
  Scenario plain = *cut.sampled_scenario;
  plain.setup.faults.clear();
  const auto alone = scenarios::run_experiment(plain, {}).strategies.front();
  EXPECT_EQ(cut.without->stuck_runs, alone.stuck_runs);
  EXPECT_EQ(cut.without->violating_runs, alone.violating_runs);
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

// Explored, drawn, or of a limit that came first: each has what `replay` repeats.
TEST(Matrix, behind_every_cell_where_something_is_wrong_is_a_way_or_a_run) {
  const auto faults = usual_faults();
  const std::vector<std::string> strategies = {"write-then-delete", "write-behind", "locked",
                                               "client-tracking"};
  for (const std::uint64_t states_max : {300'000U, 30U}) {
    const MatrixResult result =
        make_matrix(field(1, 2, strategies), faults, {.states_max = states_max, .runs = 2'000});
    const Json document = Json::parse(matrix_document(result, {"V", "field/all"}));
    int wrong = 0;
    for (std::size_t row = 0; row < result.rows.size(); ++row) {
      for (std::size_t i = 0; i < faults.size(); ++i) {
        const MatrixCell& cell = result.rows[row].cells[i];
        const Json& told = document["strategies"][row]["cells"][i];
        SCOPED_TRACE(told.dump());
        const bool is_wrong = cell.verdict >= CellVerdict::transient;
        const bool has_run = cell.sampled && cell.sampled->first_violation;
        EXPECT_EQ(told.contains("command"), cell.witness || has_run);
        EXPECT_EQ(told.contains("witness"), cell.witness.has_value());
        if (!is_wrong) continue;
        ++wrong;
        EXPECT_TRUE(cell.witness || has_run);
        EXPECT_TRUE(recording_of(faults[i], result.rows[row], cell));
        if (has_run) {
          EXPECT_EQ(told["sampled"]["first_violation"]["run"], cell.sampled->first_violation->run);
        }
      }
    }
    EXPECT_GT(wrong, 30);
  }
}

// What may befall one writer may befall the last of two: that another one comes after the first and puts it
// right is no help.
TEST(Matrix, a_second_writer_makes_no_cell_milder) {
  auto faults = usual_faults();
  std::erase_if(faults, [](const MatrixFault& fault) {
    return fault.by_time || fault.name == "Redis failover" || fault.name == "database failover";
  });
  const std::vector<std::string> strategies = {
      "write-then-delete", "lease",         "binlog-versioned", "tag-deleted",
      "read-through",      "write-through", "outbox",           "versioned-update"};
  const MatrixResult one = make_matrix(field(1, 2, strategies), faults, {.jobs = 2});
  const MatrixResult two = make_matrix(field(2, 2, strategies), faults, {.jobs = 2});
  EXPECT_TRUE(one.complete && two.complete);
  for (std::size_t row = 0; row < strategies.size(); ++row) {
    for (std::size_t i = 0; i < faults.size(); ++i) {
      SCOPED_TRACE(strategies[row] + ", " + faults[i].name);
      EXPECT_GE(two.rows[row].cells[i].verdict, one.rows[row].cells[i].verdict);
    }
  }
  EXPECT_EQ(cell(two, 5, "writer crashes").verdict, CellVerdict::stuck);
  EXPECT_EQ(cell(two, 1, "cache write fails").verdict, CellVerdict::stuck);
  EXPECT_EQ(cell(two, 2, "message lost").verdict, CellVerdict::stuck);
}

// Its messages come of a DEL that fails, and no fault of this matrix comes together with that.
TEST(Matrix, a_strategy_without_messages_cannot_lose_them) {
  const MatrixResult result = made(field(1, 1, {"delete-with-retry", "binlog-delete"}));
  for (const char* fault : {"message lost", "message twice", "message late", "rebalance"}) {
    EXPECT_EQ(cell_text(cell(result, 0, fault)), "-") << fault;
    EXPECT_NE(cell_text(cell(result, 1, fault)), "-") << fault;
  }
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
  const std::string page = matrix_markdown(made(field(2, 3), {.jobs = cores}), {"V", "field/all"});
  if (std::getenv("CACHERACE_UPDATE_DOCS") != nullptr) std::ofstream(path) << page;
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), page) << "cacherace matrix field/all --format markdown --output docs/matrix.md";
}
#endif

}  // namespace
}  // namespace cacherace::reports
