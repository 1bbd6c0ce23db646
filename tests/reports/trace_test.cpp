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

bool begins_a_slice(const Slices& all, const json& event) {
  const auto found = all.find({event.at("pid"), event.at("tid")});
  return found != all.end() && std::ranges::any_of(found->second, [&](const Slice& slice) {
           return slice.from == event.at("ts").get<double>();
         });
}

void expect_flows_and_spans_in_pairs(const json& trace, const Slices& slices) {
  std::map<int, std::vector<json>> flows, spans;
  for (const auto& event : trace.at("traceEvents")) {
    const std::string phase = event.at("ph");
    if (phase == "s" || phase == "f") flows[event.at("id")].push_back(event);
    if (phase == "b" || phase == "e") spans[event.at("id")].push_back(event);
  }
  for (const auto& [id, ends] : flows) {
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].at("ph"), "s");
    EXPECT_EQ(ends[1].at("ph"), "f");
    EXPECT_LE(ends[0].at("ts").get<double>(), ends[1].at("ts").get<double>());
    EXPECT_TRUE(begins_a_slice(slices, ends[0])) << ends[0];
    EXPECT_TRUE(begins_a_slice(slices, ends[1])) << ends[1];
  }
  for (const auto& [id, ends] : spans) {
    ASSERT_EQ(ends.size(), 2U);
    EXPECT_EQ(ends[0].at("ph"), "b");
    EXPECT_EQ(ends[1].at("ph"), "e");
    EXPECT_LE(ends[0].at("ts").get<double>(), ends[1].at("ts").get<double>());
    EXPECT_EQ(ends[0].at("name"), ends[1].at("name"));
  }
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
        expect_flows_and_spans_in_pairs(trace, slices);
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
        flows += count_of(trace, "flow", "s");
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
  EXPECT_EQ(window->at("name"), "k0 wrong: late fill");
  EXPECT_EQ(window->at("ts"), 32053.773);
}

// What goes on beside the client's own operations has a thread of its own, and each is named.
TEST(Trace, NamesEveryThread) {
  const auto trace =
      trace_of(play_run(shipped("article/side-by-side"), strategy("delayed-double-delete:async=true"), 0));
  std::set<Thread> named;
  std::set<std::string> names;
  for (const auto& event : trace.at("traceEvents")) {
    if (event.at("name") != "thread_name") continue;
    EXPECT_TRUE(named.emplace(event.at("pid"), event.at("tid")).second);
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
