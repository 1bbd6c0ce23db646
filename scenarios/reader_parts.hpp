// The parts of the reader, one file each. All report into the Reading, and return or fill in what is sound.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "models/setup.hpp"
#include "scenarios/reading.hpp"
#include "sim/laws.hpp"

namespace cacherace::scenarios {

// read_latency.cpp
std::optional<sim::Latency> read_latency(Reading& reading, JsonValue value);
// One distribution for both legs, or {"request", "response"}.
std::optional<models::Legs> read_legs(Reading& reading, JsonValue value);

// read_histogram.cpp: {"file": "path.csv"}
std::optional<std::vector<sim::HistogramBin>> read_histogram(Reading& reading, JsonValue value);

// read_stores.cpp: redis, mysql, queue
void read_redis(Reading& reading, JsonValue value, models::Setup& setup);
void read_mysql(Reading& reading, JsonValue value, models::Setup& setup);
void read_queue(Reading& reading, JsonValue value, models::Setup& setup);

// read_clients.cpp: keys, and clients, which may name keys
void read_keys(Reading& reading, JsonValue value, models::Setup& setup);
void read_clients(Reading& reading, JsonValue value, models::Setup& setup);

// read_strategies.cpp. `own`: those that the section defines, also where they have faults.
std::vector<StrategyChoice> read_strategies(Reading& reading, JsonValue value, OwnStrategies& own);

// read_definition.cpp: an entry of strategies that defines one. Null where it has no name to call it by.
bool is_definition(JsonValue value);
std::shared_ptr<const strategies::StrategyInfo> read_definition(Reading& reading, JsonValue value);

// read_faults.cpp: whether there is anything that a clock could end: entries, or what a strategy keeps.
bool anything_has_ttl(const models::Setup& setup, const std::vector<StrategyChoice>& strategies);
// A fault may name a client, and must be possible under one of the strategies (where any was
// sound)
void read_faults(Reading& reading, JsonValue value, const std::vector<StrategyChoice>& strategies,
                 models::Setup& setup);

// read_expectations.cpp
std::vector<Expectation> read_expectations(Reading& reading, JsonValue value,
                                           const std::vector<StrategyChoice>& strategies);

}  // namespace cacherace::scenarios
