// cacherace list: what there is to choose from.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <vector>

#include "reports/table.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/shipped.hpp"
#include "strategies/registry.hpp"
#include "tools/commands.hpp"
#include "tools/declare.hpp"
#include "tools/options.hpp"
#include "tools/output.hpp"

namespace cacherace::tools {
namespace {

constexpr const char* help = R"(Lists what there is: strategies, distributions, faults, formats, scenarios.

  cacherace list
  cacherace list scenarios
)";

struct Entry {
  std::string name;
  std::string meaning;
};
using Entries = std::vector<Entry>;

Entries strategies_there_are() {
  Entries entries;
  for (const auto* info : strategies::all_strategies()) {
    entries.push_back({std::string(info->name), std::string(info->summary)});
  }
  return entries;
}

Entries distributions() {
  return {
      {R"("5ms")", "always the same"},
      {R"({"uniform": ["1ms", "3ms"]})", "anything between two ends, equally likely"},
      {R"({"exponential": {"mean": "5ms"}})", "memoryless: gaps between independent events"},
      {R"({"normal": {"mean": "5ms", "stddev": "1ms"}})", "a bell, within [0, ∞)"},
      {R"({"lognormal": {"median": "2ms", "p99": "20ms"}})", "what latencies often look like"},
      {R"({"pareto": {"min": "1ms", "shape": 1.5}})", "a heavy tail"},
      {R"({"quantiles": {"p0": "1ms", "p50": "2ms", "p100": "9ms"}})", "from a dashboard; linear between"},
      {R"({"histogram": {"file": "latency.csv"}})", "measured: header upper_ns,count"},
      {R"({"mixture": [{"weight": 9, "of": "1ms"}, {"weight": 1, "of": "50ms"}]})", "now this, now that"},
      {R"({"exponential": {"mean": "5ms"}, "max": "1s"})", "any may add min and max: as if redrawn"}};
}

Entries faults() {
  return {
      {R"({"fail": {"command": "redis.del", "probability": 0.01}})", "the server refuses the command"},
      {R"({"timeout": {"command": "redis.del", "after": "50ms", "occurrence": 1}})",
       "the client gives up; it takes effect all the same"},
      {R"({"crash": {"command": "redis.del", "at": "before", "occurrence": 1}})",
       "the client stops for good"},
      {R"({"crash": {"client": "consumer", "command": "redis.del", "for": "1s", "occurrence": 1}})",
       "a consumer is replaced after a while: all since its last acknowledgement comes again"},
      {R"({"pause": {"command": "redis.set", "for": "1s", "probability": 0.1}})", "the client stands still"},
      {R"({"lose": {"probability": 0.001}})", "the queue loses a message"},
      {R"({"duplicate": {"delay": "1s", "probability": 0.01}})", "the queue delivers it once more"},
      {R"({"reorder": {"delay": "1s", "occurrence": 1}})", "a message takes longer, and others overtake it"},
      {R"({"partition": {"between": ["writer", "redis"], "time": "20ms", "for": "1s", "after": "50ms"}})",
       "nothing passes between the two for a while; who waits gives up"},
      {R"({"partition": {"between": ["mysql", "replica"], "time": "20ms", "for": "1s"}})",
       "also of mysql and queue, queue and consumer, redis and replica, where no client waits"},
      {R"({"stall": {"replica": 1, "time": "20ms", "for": "1s"}})",
       "a replica of MySQL applies nothing for a while"},
      {R"({"evict": {"time": {"uniform": ["0ms", "50ms"]}}})", "Redis drops an entry to make room"},
      {R"({"expire": {"what": "lock", "time": "20ms", "count": 2}})",
       "a value, lock, lease, marker, tombstone or freshness ends early"},
      {R"({"kill": {"client": "reader", "time": "20ms"}})",
       "MySQL ends a client's session, its transaction undone"},
      {R"({"failover": {"time": "20ms"}})", "Redis's replica takes over: the last changes are lost"},
      {R"({"restart": {"snapshot": "5ms", "time": "20ms"}})", "Redis starts again from an old snapshot"},
      {R"({"clock-jump": {"by": "10s", "time": "20ms"}})",
       "Redis's clock jumps ahead: what has a TTL ends sooner"},
      {R"({"database-failover": {"command": "mysql.update", "at": "after", "occurrence": 1}})",
       "MySQL's replica takes over: commits that have not arrived there are lost"},
      {R"({"rebalance": {"time": "20ms"}})",
       "the queue's partitions go to the next consumers, who begin at the last acknowledgement"}};
}

Entries formats() {
  return {{"table", "run --format: what people read (default)"},
          {"json", "run --format: one document with every figure"},
          {"history", "run --history: JSON Lines, one operation a line; for check"},
          {"csv, edn, jepsen-log, porcupine", "what else check reads as a history"},
          {"markdown, junit",
           "of run, explore, tune, matrix, compare and check: for an issue, for a build server"},
          {"recording", "run --record: one run, for replay"},
          {"scenario", "JSON; its schema: cacherace schema"}};
}

Entries shipped_scenarios() {
  Entries entries;
  for (const auto& name : scenarios::shipped_scenario_names()) {
    const auto loaded = scenarios::load_scenario(name);
    const auto* const scenario = std::get_if<scenarios::Scenario>(&loaded);
    entries.push_back({name, scenario != nullptr ? scenario->description : ""});
  }
  return entries;
}

struct Topic {
  std::string_view name;
  Entries (*entries)();
  std::string_view remark = "";
};
constexpr std::array<Topic, 5> topics = {{{"strategies", strategies_there_are},
                                          {"distributions", distributions},
                                          {"faults", faults,
                                           R"(With "swarm": true beside "faults" each takes part in every )"
                                           "other run, by chance."},
                                          {"formats", formats},
                                          {"scenarios", shipped_scenarios}}};
constexpr std::array<std::string_view, topics.size()> topic_names = {
    topics[0].name, topics[1].name, topics[2].name, topics[3].name, topics[4].name};

// Names in one column, meanings beside them; below those that are long.
std::string listed(const Topic& topic, std::size_t indent) {
  const Entries entries = topic.entries();
  constexpr std::size_t width_max = 48;
  std::size_t width = 0;
  for (const auto& entry : entries) {
    if (const auto own = reports::display_width(entry.name); own <= width_max) width = std::max(width, own);
  }
  std::string text;
  for (const auto& entry : entries) {
    const std::size_t column = indent + width + 2;
    if (reports::display_width(entry.name) > width) {
      text += std::string(indent, ' ') + entry.name + "\n" + std::string(column, ' ') +
              reports::paragraph(entry.meaning, column);
      continue;
    }
    std::string line = std::string(indent, ' ') + entry.name;
    line.append(column - indent - reports::display_width(entry.name), ' ');
    text += entry.meaning.empty() ? std::string(indent, ' ') + entry.name + "\n"
                                  : line + reports::paragraph(entry.meaning, column);
  }
  if (topic.remark.empty()) return text;
  return text + "\n" + std::string(indent, ' ') + reports::paragraph(topic.remark, indent);
}

ExitStatus list(const OptionText& topic) {
  OptionReader reader;
  const std::size_t chosen = reader.choice("list", topic, topic_names);
  if (!reader.sound()) return ExitStatus::bad_input;
  std::string text;
  if (topic) {
    text = listed(topics[chosen], 0);
  } else {
    for (const auto& each : topics)
      text += fmt::format("{}{}:\n{}", text.empty() ? "" : "\n", each.name, listed(each, 2));
  }
  return print(text) ? ExitStatus::ok : ExitStatus::bad_input;
}

}  // namespace

Subcommand add_list(CLI::App& parent) {
  Declaration declare(parent, "list", help);
  const auto topic = std::make_shared<OptionText>();
  declare.argument_or_none("TOPIC", *topic, topic_names, "which of them (default: all)");
  return {declare.app(), [topic] { return list(*topic); }};
}

}  // namespace cacherace::tools
