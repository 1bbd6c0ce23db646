// The first operation, in the order of returns, up to which a register's history is not linearizable. Up to a
// return: operations invoked later are absent, those that return later (at one instant: stand later) are
// unknown.
//
// Being linearizable is lost once and for all along the returns, so they can be bisected. A conflict bounds
// them from above by its own last return, which is mostly the answer: then two judgements are enough. O(n log
// n), with the factor only where the first bad operation is late and conflicts are many.
#pragma once

#include <vector>

#include "verify/client_chains.hpp"
#include "verify/register.hpp"

namespace cacherace::verify {

class FirstBad {
 public:
  // `check` has just said that `view` is not linearizable; `whole` is what it is part of, or itself: its
  // returns are bisected.
  OperationIndex find(const OperationsView& whole, const OperationsView& view, const ClientChains& chains,
                      RegisterCheck& check);

  // After find(): a conflict among operations up to the one found, which is in it (positions in `view`,
  // ascending; the write of a value read early may be later).
  [[nodiscard]] const std::vector<Position>& conflict() const { return conflict_; }
  [[nodiscard]] Conflict conflict_kind() const { return kind_; }

  // What is known at the return of `last`.
  static OperationsView upto(OperationsView view, Position last);
  // … and just before.
  static OperationsView before(OperationsView view, Position last);

 private:
  struct Return {
    Nanos end;
    OperationIndex at;
    friend auto operator<=>(const Return&, const Return&) = default;
  };

  static OperationsView limited(OperationsView view, Return first_left_out);
  Return last_of_conflict(const OperationsView& view, RegisterCheck& check);
  void list_returns(const OperationsView& view, Return before);

  std::vector<Return> returns_;
  std::vector<Position> conflict_;
  Conflict kind_ = Conflict::none;
};

}  // namespace cacherace::verify
