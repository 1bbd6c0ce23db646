// Runs whose draws can be replaced, as those who measure what is rare see them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/setup.hpp"
#include "sim/draw_table.hpp"
#include "sim/laws.hpp"

namespace cacherace::exploration {

// What a race turns about: the last commit, or the end of the sleep that its client began after it.
enum class MilestoneKind : std::uint8_t { commit, sleep_end };

// When a client came with an operation, having thought.
struct Coming {
  MilestoneKind milestone = MilestoneKind::commit;  // the last one
  sim::Duration since{0};                           // how long after it; < 0: before
  std::uint32_t thoughts = 1;                       // how often it had thought before
  sim::Duration busy{0};                            // how long its operations before took, together
  friend auto operator<=>(const Coming&, const Coming&) = default;
};

// The moment in a bad run at which it was spoilt: who did it, one of `alike` clients of which `first` is the
// first, and how many commands of each kind this client had sent, but for those that every operation begins
// with (GET).
struct Anchor {
  std::uint32_t who = 0, first = 0, alike = 1;
  std::array<std::uint32_t, models::command_count> sent{};
  // With the operation that spoilt the run; none: before any milestone, or without a law of how long it
  // thinks.
  std::optional<Coming> came{};
  friend auto operator<=>(const Anchor&, const Anchor&) = default;
};

// A client is about to think.
struct Thought {
  std::optional<MilestoneKind> milestone;  // the last one; none: there was none yet
  sim::Duration since{0};                  // how long after it; < 0: before
  std::uint32_t left = 1;                  // how often it will think, with this time
  const sim::Law* law = nullptr;           // of how long
  double mean = 0.0;                       // of the law, about, ns
};

// Plays runs at each of several values.
class PlayedRuns {
 public:
  PlayedRuns() = default;
  PlayedRuns(const PlayedRuns&) = delete;
  PlayedRuns& operator=(const PlayedRuns&) = delete;
  virtual ~PlayedRuns() = default;

  // Whether the run with the draws of the thread's table is bad at value number `value`.
  [[nodiscard]] virtual bool bad_at(std::size_t value) = 0;
  // Of the last run at that value, which was bad; none: nobody in particular.
  [[nodiscard]] virtual std::optional<Anchor> anchor(std::size_t) const { return std::nullopt; }
  // Of the run under way, of which the client asks how long it is to think, for the time of that number (from
  // 0); none: always the same time.
  [[nodiscard]] virtual std::optional<Thought> thought(std::uint32_t /*who*/, std::uint32_t /*number*/) {
    return std::nullopt;
  }
  // How many runs so far met a limit, so that it is not known.
  [[nodiscard]] virtual std::uint64_t incomplete() const { return 0; }
};

// A run, as all that has to be known to play it again.
struct Particle {
  std::uint64_t run = 0;
  std::vector<sim::DrawTable::Entry> entries;
  bool bad_here = true;  // at the level's value, not only at a later one
  double weight = 1.0;   // for how many it stands
  std::optional<Anchor> anchor{};
};

// One independent replication's estimates, by value; without bias.
struct ReplicationEstimate {
  std::vector<double> at;    // P(bad at the value)
  std::vector<double> from;  // P(bad at it or at a later one)
};

}  // namespace cacherace::exploration
