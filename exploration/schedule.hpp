// One order of events as text, and the chooser that plays it.
//
//   1 untimed 9f86d081884c7d65 c1 c1 c0 c0 c1
//   1 timed 9f86d081884c7d65 c0@0ms c1@0ms c1@3ms …
//
// Version of the format; kind; fingerprint of scenario and strategy; then who moves: c0, c1 … the clients in
// the scenario's order, consumers last (c0.b0: its first work in the background, c0.l0: a command that it no
// longer waits for), r0 a replica, q0 a partition of the queue, q0.m0 a message's copy, k0 a key that
// expires. ":1" behind it: what chance decided in the move; "@3ms": when. Untimed, a move is a command with
// its reply; timed, each part that takes time is one. What the schedule leaves open happens as soon as it
// can, timed after the last move where it can.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/scenario.hpp"
#include "sim/chooser.hpp"
#include "sim/script_chooser.hpp"

namespace cacherace::exploration {

struct Move {
  sim::Tag tag = 0;
  sim::Choices picks;
  sim::Time at{};  // where it is timed
  friend bool operator==(const Move&, const Move&) = default;
};

struct Schedule {
  bool timed = false;
  std::vector<Move> moves;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

// What a schedule belongs to: the scenario's text and files, its clients, the strategy with its parameters.
std::uint64_t fingerprint(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy);

std::string schedule_text(const Schedule& schedule, std::uint64_t fingerprint);
// The schedule, or what is wrong with the text.
std::variant<Schedule, std::string> read_schedule(std::string_view text, std::uint64_t fingerprint);

// Plays a schedule, then goes on to the end, or for a long while: it may never come.
class Player final : public sim::ScriptChooser {
 public:
  Player(const Schedule& schedule, bool faults);

  // Why the schedule could not be played; empty: it was.
  [[nodiscard]] std::string trouble() const;
  sim::Time instant(const sim::Pending& chosen, sim::Time now) override;

 private:
  bool between(std::span<const sim::Pending> pending) override;
  void free_choice(std::size_t) override {}
  void meet(std::span<const sim::Pending> pending);
  bool take_move(std::span<const sim::Pending> pending);
  void take_earliest(std::span<const sim::Pending> pending);
  [[nodiscard]] sim::Time born(const sim::Pending& event) const;

  const Schedule& schedule_;
  std::size_t place_ = 0;
  std::size_t rest_ = 0;  // moves after those of the schedule
  sim::Time now_{};
  sim::Time next_{};
  sim::Time moved_{-sim::Duration{1}};                     // by the last move
  std::vector<std::pair<std::uint64_t, sim::Time>> born_;  // of the pending events, by order of creation
  std::string trouble_;
};

}  // namespace cacherace::exploration
