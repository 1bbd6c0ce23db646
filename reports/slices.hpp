// What each client did, as slices of time, and what happened at the stores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/holdings.hpp"
#include "reports/played.hpp"

namespace cacherace::reports {

// Something of a client that lasts. What a client does after an operation's return, or no longer waits for,
// overlaps what it does else, and is beside it.
struct Slice {
  std::uint32_t client = 0;
  bool beside = false;
  std::string name;
  std::string answer;  // what came of it; empty: nothing is known
  std::int64_t start = 0;
  std::optional<std::int64_t> end;
  std::optional<std::int64_t> gave_up;  // when its client stopped waiting for it
  int depth = 0;                        // 0: a whole operation; 1: a part of one
  std::optional<std::size_t> arrives;   // the effect that a command has
};

// What a store did, for a client or by itself.
struct Effect {
  std::size_t lane = 0;
  std::int64_t at = 0;
  std::string words;
  std::optional<Contents> held;  // none: it is about all keys
};

struct Slices {
  std::vector<Slice> slices;    // by their beginnings; each has an end
  std::vector<Effect> effects;  // in order
};

// Those of one client that are not beside it lie within each other, or apart.
Slices slices_of(const Played& played);

}  // namespace cacherace::reports
