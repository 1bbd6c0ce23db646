// Why a witness ends in its violation: the step that decides, what kind of cause it is, and the facts that a
// sentence about it needs. No words here; reports/reason_words.hpp has them.
//
// The deciding step is the one that makes the state wrong, not the later one that sees it:
//   a fill of a version that was no longer the newest, or the SET of an older version over a newer one: that
//     SET
//   an entry that was right until its row changed: the COMMIT; where the strategy has no command at all that
//     would touch the entry, the GET that found it
//   a row read, or filled, from a replica that was behind: the SELECT
//   a version in the cache ahead of its COMMIT: the SET
//   a command that failed, a crash, a lost message: that fault
// Causes are those of verify/causes.hpp, judged on the witness as it stands at its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "exploration/exploration.hpp"
#include "verify/verdict.hpp"

namespace cacherace::exploration {

// A fact of a witness and where it stands.
struct Act {
  std::string who;  // as in WitnessStep; empty: a client that has not moved yet
  models::Record record;
  std::size_t step = 0;   // index into the witness's steps; their number: it comes after them
  std::uint32_t nth = 0;  // among the DELs (or SETs) that its write sends, from 1; 0: it sends only one
};

struct Reason {
  Property property = Property::stuck;
  verify::Cause cause = verify::Cause::other;
  Act decider;
  std::uint32_t value = 0;      // the version that should not have been there, by its write
  std::uint32_t newer = 0;      // the version that it should have given way to; 0: none
  std::optional<Act> read;      // the GET or SELECT that got `value`
  std::optional<Act> entry;     // the SET that had put it into the cache; none: it was there at first
  std::optional<Act> source;    // the SELECT behind that SET, or the one that the read itself sent
  std::optional<Act> commit;    // of `newer`
  std::optional<Act> before;    // the last cache command that serves `newer` ahead of its COMMIT
  std::optional<Act> landed;    // the last one that took effect before the entry was set
  std::optional<Act> next;      // the next one that takes effect, which comes too late for the read
  std::optional<Act> tagged;    // what had the entry count as deleted, which was served all the same
  std::optional<Act> ahead;     // the return of `newer`'s write, which the database does not have yet
  std::optional<Act> copied;    // the read got its client's own copy …
  bool missed = false;          // … which it had kept after it was told that the key had changed
  std::optional<Act> promoted;  // MySQL failed over, and `lost` is lost
  std::uint32_t lost = 0;
  std::optional<Act> acknowledged;  // the return of its write, where that had come before
  std::optional<Act> fault;         // what befell a command that serves `newer`, its client or its message
  bool returned = false;            // the write of `newer` had returned before the read
  bool unanswered = false;          // `fault` is a command whose client gave up waiting
  bool overdue = false;             // the same of `next`
};

// Names of the clients that move in the witness, by their numbers in records.
using ClientNames = std::map<std::uint32_t, std::string>;
ClientNames client_names(const Witness& witness);

// Where nothing can come to an end from the first step on, a witness has no steps, and the decider is the
// first thing that follows.
Reason reason_of(const models::Setup& setup, const Witness& witness, Property property);

}  // namespace cacherace::exploration
