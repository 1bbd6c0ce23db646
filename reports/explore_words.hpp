// What exploration found, in words that the table and the documents of `explore` share.
#pragma once

#include <string>
#include <vector>

#include "exploration/reason.hpp"
#include "exploration/violations.hpp"

namespace cacherace::reports {

// "GET k0 -> miss", "sleeps 500 ms", "replica 1 applies k0 = v1"; and, where an operation begins or ends with
// the step, "read k0" and "returns v0". Empty: nothing of that kind.
struct StepWords {
  std::string begins, does, ends;
};

// What another client than the step's own learns meanwhile is told with its name, of `names`.
StepWords words_of(const exploration::WitnessStep& step, const exploration::ClientNames& names);

// The length of the shortest witness; "-": it cannot happen; "?": it was not seen so far. Where orders were
// drawn: how many of them violated it.
std::string reach_text(const exploration::ExploredStrategy& strategy, exploration::Property property);

// "write-then-delete: stale read after 6 steps", ", minimal" where it was cut down.
std::string witness_heading(const exploration::ExploredStrategy& strategy, exploration::Property property);

// "stuck, stale read"; empty: none.
std::string properties_text(const std::vector<exploration::Property>& properties);
std::string properties_text(const exploration::Violations& violations);

// One way, and what it is a shortest way to: often the same way shows several violations, for one reason.
struct ToldWitness {
  std::vector<exploration::Property> properties;
  const exploration::Witness* witness;
  exploration::Reason reason;
  std::string why;  // a sentence without its full stop
};

// All of a strategy's, in the order of their first properties; valid as long as it is.
std::vector<ToldWitness> told_witnesses(const scenarios::Scenario& scenario,
                                        const exploration::ExploredStrategy& strategy);

}  // namespace cacherace::reports
