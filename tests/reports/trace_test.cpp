// The trace of an execution: what ui.perfetto.dev asks of it, and that nothing of the execution is missing.
#include "reports/trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "exploration/exploration.hpp"
#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using nlohmann::json;

json trace_of(const Played& played) {
  return json::parse(trace_document(played, {"1.0", "test.json"}));
}

scenarios::Scenario shipped(const std::string& name) {
  return std::get<scenarios::Scenario>(scenarios::load_scenario(name));
}

using Thread = std::pair<int, int>;
struct Slice {
  double from, to;
  std::string name;
};
using Slices = std::map<Thread, std::vector<Slice>>;

Slices slices_of(const json& trace) {
  Slices all;
  for (const auto& event : trace.at("traceEvents")) {
    if (event.at("ph") != "X") continue;
    const double from = event.at("ts");
    all[{event.at("pid"), event.at("tid")}].push_back(
        {from, from + event.at("dur").get<double>(), event.at("name")});
  }
  return all;
}

constexpr double rounding_us = 1e-5;  // of a sum of two times

// On one thread two slices are apart, or one is within the other.
void expect_nested(const Slices& all) {
  for (const auto& [thread, slices] : all) {
    for (std::size_t i = 0; i < slices.size(); ++i) {
      for (std::size_t k = i + 1; k < slices.size(); ++k) {
        const Slice &a = slices[i], &b = slices[k];
        const bool apart = a.to <= b.from + rounding_us || b.to <= a.from + rounding_us;
        const bool a_in_b = b.from <= a.from && a.to <= b.to + rounding_us;
        const bool b_in_a = a.from <= b.from && b.to <= a.to + rounding_us;
        ASSERT_TRUE(apart || a_in_b || b_in_a)
            << a.name << " " << a.from << ".." << a.to << " and " << b.name << " " << b.from << ".." << b.to;
      }
    }
  }
}

void expect_flows_and_spans_in_pairs(const json& trace) {
  std::map<std::string, std::vector<json>> flows;
  std::map<int, std::vector<json>> spans;
  for (const auto& event : trace.at("traceEvents")) {
    const std::string phase = event.at("ph");
    if (event.contains("bind_id")) flows[event.at("bind_id")].push_back(event);
    if (phase == "b" || phase == "e") spans[event.at("id")].push_back(event);
  }
  for (const auto& [id, ends] : flows) {
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].value("flow_out", false), true);
    EXPECT_EQ(ends[1].value("flow_in", false), true);
    EXPECT_EQ(ends[0].at("pid"), 1);
    EXPECT_EQ(ends[1].at("pid"), 2);
    const double from = ends[0].at("ts"), until = from + ends[0].at("dur").get<double>(),
                 at = ends[1].at("ts");
    EXPECT_LE(from, at);
    EXPECT_LE(at, until + rounding_us) << ends[0] << ends[1];
  }
  for (const auto& [id, ends] : spans) {
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].at("ph"), "b");
    EXPECT_EQ(ends[1].at("ph"), "e");
    EXPECT_LE(ends[0].at("ts").get<double>(), ends[1].at("ts").get<double>());
    EXPECT_EQ(ends[0].at("name"), ends[1].at("name"));
  }
}

std::size_t flows_in(const json& trace) {
  return static_cast<std::size_t>(std::ranges::count_if(
      trace.at("traceEvents"), [](const json& event) { return event.value("flow_out", false); }));
}

std::size_t count_of(const json& trace, const std::string& category, const std::string& phase) {
  return static_cast<std::size_t>(std::ranges::count_if(trace.at("traceEvents"), [&](const json& event) {
    return event.value("cat", "") == category && event.at("ph") == phase;
  }));
}

std::size_t count_of(const Played& played, models::Fact fact) {
  return static_cast<std::size_t>(std::ranges::count(played.records, fact, &models::Record::fact));
}

TEST(Trace, IsSoundForEveryStrategyUnderEveryShippedFault) {
  std::size_t flows = 0, spans = 0;
  for (const auto* const name : {"field/all", "article/side-by-side", "article/queue-loses", "causes/crash",
                                 "causes/replica-lag", "article/failed-delete", "own/wait-for-replica"}) {
    const auto scenario = shipped(name);
    for (const auto& choice : scenario.strategies) {
      for (std::uint64_t run = 0; run < 3; ++run) {
        const Played played = play_run(scenario, choice, run);
        SCOPED_TRACE(played.title);
        const json trace = trace_of(played);
        const Slices slices = slices_of(trace);
        expect_nested(slices);
        expect_flows_and_spans_in_pairs(trace);
        EXPECT_EQ(count_of(trace, "window", "b"), played.verdict.windows.size());
        std::size_t named = 0;
        for (const auto& [thread, all] : slices) {
          for (const Slice& slice : all) named += slice.name.starts_with("read k") ? 1 : 0;
        }
        EXPECT_EQ(named,
                  static_cast<std::size_t>(std::ranges::count_if(played.records, [](const auto& record) {
                    return record.fact == models::Fact::invoked && record.kind == models::OperationKind::read;
                  })));
        EXPECT_GE(count_of(trace, "command", "X"), count_of(played, models::Fact::issued));
        EXPECT_EQ(count_of(trace, "replication", "b"), count_of(played, models::Fact::applied));
        flows += flows_in(trace);
        spans += count_of(trace, "queue", "b");
        if (HasFatalFailure()) return;
      }
    }
  }
  EXPECT_GT(flows, 1000U);
  EXPECT_GT(spans, 10U);
}

TEST(Trace, HasTheInstantsToTheNanosecond) {
  const auto trace = trace_of(play_run(shipped("causes/late-fill"), strategy("write-then-delete"), 93));
  EXPECT_EQ(trace.at("displayTimeUnit"), "ms");
  EXPECT_EQ(trace.at("otherData").at("time"), "virtual");
  const auto& events = trace.at("traceEvents");
  const auto fill = std::ranges::find_if(events, [](const json& event) {
    return event.value("cat", "") == "effect" && event.at("name") == "SET k0 = v0 (late fill)";
  });
  ASSERT_NE(fill, events.end());
  EXPECT_EQ(fill->at("ts"), 32053.773);
  EXPECT_EQ(fill->at("args"), (json{{"key", "k0"}, {"redis", "v0"}, {"mysql", "v1"}}));
  const auto window =
      std::ranges::find_if(events, [](const json& event) { return event.value("cat", "") == "window"; });
  ASSERT_NE(window, events.end());
  EXPECT_EQ(window->at("name"), "cache wrong");
  EXPECT_EQ(window->at("args"), (json{{"key", "k0"}, {"cause", "late_fill"}, {"open_at_end", true}}));
  EXPECT_EQ(window->at("ts"), 32053.773);
}

// The DEL is given up after 3 ms, and takes effect at 29 ms: it lasts until then, and no longer.
TEST(Trace, ACommandThatWasGivenUpLastsUntilItsEffect) {
  auto read = scenarios::read_scenario(R"({"name": "slow", "redis": {"latency": "1ms"},
    "mysql": {"latency": "1ms"}, "keys": {"cached": true},
    "clients": [{"name": "w", "do": ["write"], "repeat": 3, "think": "20ms"}],
    "faults": [{"timeout": {"command": "redis.del", "after": "3ms", "delay": "24ms", "occurrence": 1}}],
    "strategies": ["write-then-delete"]})",
                                       "test.json", {});
  ASSERT_TRUE(std::holds_alternative<scenarios::Scenario>(read));
  const Played played = play_run(std::get<scenarios::Scenario>(read), strategy("write-then-delete"), 0);
  const json trace = trace_of(played);
  expect_nested(slices_of(trace));
  expect_flows_and_spans_in_pairs(trace);
  const auto given_up = std::ranges::find_if(trace.at("traceEvents"), [](const json& event) {
    return event.value("cat", "") == "command" &&
           event.value("args", json::object()).value("answer", "").starts_with("gives up waiting for DEL k0");
  });
  ASSERT_NE(given_up, trace.at("traceEvents").end());
  EXPECT_EQ(given_up->at("args").at("answer"), "gives up waiting for DEL k0, then: DEL k0");
  const auto effect = std::ranges::find_if(trace.at("traceEvents"), [&](const json& event) {
    return event.value("flow_in", false) && event.at("bind_id") == given_up->at("bind_id");
  });
  ASSERT_NE(effect, trace.at("traceEvents").end());
  EXPECT_NEAR(given_up->at("ts").get<double>() + given_up->at("dur").get<double>(), effect->at("ts"),
              rounding_us);
}

TEST(Trace, OfAnOrderWithoutTimeIsSoundToo) {
  std::size_t played_orders = 0;
  for (const auto* const name : {"article/late-reader", "article/late-reader-replica"}) {
    const auto scenario = shipped(name);
    const auto result = exploration::explore(scenario, {});
    for (const auto& strategy : result.strategies) {
      for (const auto& witness : strategy.witnesses) {
        if (!witness) continue;
        const auto schedule = exploration::read_schedule(
            witness->schedule, exploration::fingerprint(scenario, strategy.strategy));
        ASSERT_TRUE(std::holds_alternative<exploration::Schedule>(schedule));
        const json trace =
            trace_of(play_schedule(scenario, strategy.strategy, std::get<exploration::Schedule>(schedule)));
        expect_nested(slices_of(trace));
        expect_flows_and_spans_in_pairs(trace);
        EXPECT_GT(flows_in(trace), 2U);
        ++played_orders;
      }
    }
  }
  EXPECT_GT(played_orders, 0U);
}

// What goes on beside the client's own operations has a thread of its own, and each is named.
TEST(Trace, NamesEveryThread) {
  const auto trace =
      trace_of(play_run(shipped("article/side-by-side"), strategy("delayed-double-delete:async=true"), 0));
  std::set<Thread> named;
  std::set<int> numbers = {1, 2};  // of the processes
  std::set<std::string> names;
  for (const auto& event : trace.at("traceEvents")) {
    if (event.at("name") != "thread_name") continue;
    EXPECT_TRUE(named.emplace(event.at("pid"), event.at("tid")).second);
    EXPECT_TRUE(numbers.insert(event.at("tid").get<int>()).second);
    names.insert(event.at("args").at("name"));
  }
  for (const auto& event : trace.at("traceEvents")) {
    if (event.contains("tid")) {
      EXPECT_TRUE(named.contains({event.at("pid"), event.at("tid")})) << event;
    }
  }
  EXPECT_TRUE(names.contains("Redis"));
  EXPECT_TRUE(std::ranges::any_of(names, [](const auto& name) { return name.ends_with(", beside 1"); }));
}

}  // namespace
}  // namespace cacherace::reports
