// One execution as a picture in space and time: lanes for clients and stores, what happened on each of them,
// and what passed between them. Only what led to a violation, as exploration/past.hpp finds it, with the
// whole of the operations that took part. A form of its own, from which pictures and traces are drawn.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "exploration/reason.hpp"
#include "reports/holdings.hpp"
#include "scenarios/scenario.hpp"

namespace cacherace::reports {

enum class LaneKind : std::uint8_t { client, redis, primary, replica, queue, consumer };
inline constexpr std::array<std::string_view, 6> lane_kind_names = {"client",  "redis", "primary",
                                                                    "replica", "queue", "consumer"};

struct Lane {
  LaneKind kind;
  std::string name;  // of a client as in the scenario: anything may stand in it
};

// Something that happened on a lane. Several may be at one instant; their order is that of effect.
struct Moment {
  std::int64_t at = 0;  // ns; of an order without time: the number of its step, from 1
  std::size_t lane = 0;
  std::size_t actor = 0;  // the lane of who did it
  std::string words;      // "GET k0 -> miss"; empty: only an arrow begins or ends here
  models::Fact fact = models::Fact::issued;
  bool decides = false;            // the step that the reason names
  std::vector<Contents> contents;  // after it, of every key of the picture
};

// An arrow between two moments. `to`: none where nothing arrived at `toward`.
struct Passage {
  std::size_t from = 0;
  std::optional<std::size_t> to;
  std::size_t toward = 0;  // a lane
  bool is_reply = false;
};

// Something of a lane that lasts: an operation, a sleep.
struct Stretch {
  std::size_t from = 0, to = 0;  // moments; `to` is the last one where it has no end
  bool is_operation = false;
  bool ends = true;
};

struct Spacetime {
  bool timed = true;
  std::vector<Lane> lanes;         // clients, Redis, the primary, its replicas, the queue, consumers
  std::vector<Moment> moments;     // in order of effect
  std::vector<Passage> passages;   // by their ends
  std::vector<Stretch> stretches;  // by their beginnings
  std::uint64_t left_out = 0;      // moments of the same operations that are too many to draw
  std::string cause;               // verify/'s word
  std::string reason;              // a sentence without its full stop
};

// At most so many moments are drawn.
inline constexpr std::size_t moments_most = 240;

// A witness of `scenario` under `strategy`.
Spacetime spacetime_of_witness(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                               const exploration::Witness& witness, exploration::Property property);

// Of a run with more records nothing is drawn: what led to a violation is looked for in quadratic time.
inline constexpr std::size_t records_most = 20'000;

// What led to `property` in a run by time. Or why that is not drawn, a sentence without its full stop: the
// run does not have it, did not come to its end, or is longer than that.
std::variant<Spacetime, std::string> spacetime_of_run(const scenarios::Scenario& scenario,
                                                      const scenarios::StrategyChoice& strategy,
                                                      std::uint64_t run, exploration::Property property);

}  // namespace cacherace::reports
