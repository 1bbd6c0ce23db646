// A recording: all that is needed to repeat one execution, or to check an answer again, in one JSON file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/reader.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::scenarios {

// A run by time.
struct RecordedRun {
  std::uint64_t run = 0;
  std::uint64_t digest = 0;  // of the run's facts: a repeat must come to the same
};

// An order of events that comes to a violation, as text (exploration/schedule.hpp).
struct RecordedOrder {
  std::string property;
  std::string schedule;
};

// An exact threshold: what was searched, what was found, and the figures of the search that found nothing.
struct Certificate {
  std::string parameter, property;
  sim::Duration from{0}, to{0};  // the range
  std::optional<sim::Duration> safe, unsafe;
  std::uint64_t states = 0, classes = 0;
  std::string digest;    // of all states and classes at the safe value
  std::string schedule;  // of the violation at the unsafe value; empty: there is none
};

struct Recording {
  Scenario scenario;  // whole, with the files that it names
  StrategyChoice strategy;
  std::string clients;  // "2w3r" where these replaced the scenario's clients
  std::variant<RecordedRun, RecordedOrder, Certificate> content;
};

// The digest of run `run`, by running it.
std::uint64_t digest_of_run(const Scenario& scenario, const StrategyChoice& strategy, std::uint64_t run);

std::string write_recording(const Recording& recording);
std::variant<Recording, std::vector<Fault>> read_recording(std::string_view text, const std::string& file);

}  // namespace cacherace::scenarios
