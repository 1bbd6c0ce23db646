// An execution as something that can be cut down: the operations of each client, and an order of moves that
// know which operation they serve. So operations can go together with all that happened because of them.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <vector>

#include "exploration/exploration.hpp"
#include "exploration/move_log.hpp"
#include "exploration/schedule.hpp"
#include "sim/world.hpp"

namespace cacherace::exploration {

struct OperationPlace {
  std::uint32_t client, nth;
  friend auto operator<=>(const OperationPlace&, const OperationPlace&) = default;
};

struct ServingMove {
  Move move;
  std::optional<OperationPlace> serves;  // none: it cannot be said
};

// When an operation was invoked, and when it returned (or never).
struct OperationSpan {
  sim::Time from{}, to{};
};

struct Excerpt {
  Scenario scenario;  // untimed; each client is a group of its own with a list in which keys are named
  std::vector<ServingMove> moves;
  std::vector<std::vector<OperationSpan>> spans;  // of a run by time: by client and place in its list

  [[nodiscard]] std::vector<OperationPlace> operations() const;  // ascending
};

// What an excerpt came to when it was played.
struct PlayedExcerpt {
  Excerpt excerpt;  // the same operations with the moves that were made
  std::vector<models::Record> records;
  sim::RunEnd end;
  [[nodiscard]] Schedule schedule() const;
};

// The excerpt of a run of `scenario`, which is untimed. `records`: in detail; `log`: it has watched them.
Excerpt excerpt_of(const Scenario& scenario, const std::vector<models::Record>& records, const MoveLog& log);

// The operations that each client invoked, as groups of their own.
std::vector<models::ClientGroup> clients_of(const Scenario& scenario,
                                            const std::vector<models::Record>& records);
std::uint32_t clients_in(const Scenario& scenario);

// Without other operations than these (ascending, at least one), and without clients that have none left.
Excerpt only(const Excerpt& excerpt, const std::vector<OperationPlace>& kept);

// With other keys: key k becomes key_of[k], of `count`.
Excerpt with_keys(const Excerpt& excerpt, const std::vector<std::uint32_t>& key_of, std::uint32_t count);

// Plays it as well as it goes, to the end: a move that has nothing to do is left out; an operation that takes
// more moves than it did is ended when the next one of its client is to begin; in the end all goes on as it
// comes. Nothing where that has no end within so many moves.
std::optional<PlayedExcerpt> play_leniently(const Excerpt& excerpt, const StrategyChoice& strategy,
                                            std::uint64_t moves_max = 100'000);

}  // namespace cacherace::exploration
