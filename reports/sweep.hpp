// Results of `run` at each point of a sweep, as one document, a table, or a heat map of two axes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/saved_result.hpp"
#include "reports/table.hpp"
#include "scenarios/settings.hpp"

namespace cacherace::reports {

struct SweepPoint {
  std::vector<scenarios::Setting> settings;  // one of each axis
  Json document;                             // the result of `run`
  SavedResult result;                        // the same, read
};

struct Sweep {
  std::string version;   // of cacherace
  std::string scenario;  // its name
  std::uint64_t seed = 0, runs = 0;
  std::vector<scenarios::Axis> axes;
  std::string figure = "stuck.probability";  // of heat maps
  bool complete = true;                      // every point is there, and each is complete
  std::vector<SweepPoint> points;            // the last axis is the fastest
};

scenarios::ResultVerdict verdict_of(const Sweep& sweep);

// The strategies, of which every point has the same.
std::vector<std::string> sweep_strategies(const Sweep& sweep);
// Expectations that do not hold, and where; of many, the first.
std::vector<std::string> sweep_failures(const Sweep& sweep);

std::string sweep_table(const Sweep& sweep, Paint paint = Paint::plain);
std::string sweep_markdown(const Sweep& sweep);
std::string sweep_document(const Sweep& sweep);
// The JSON Schema of that document.
std::string_view sweep_schema();

// What a folder of finished points says of itself: points of another sweep must not be taken for its own.
std::string sweep_manifest(const scenarios::Scenario& scenario, const Sweep& sweep);

}  // namespace cacherace::reports
