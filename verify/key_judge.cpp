#include "verify/key_judge.hpp"

#include <algorithm>

#include "verify/search_witness.hpp"

namespace cacherace::verify {
namespace {

// Whether the key may be judged by zones, if its values turn out to be unique.
bool reads_and_writes_only(const OperationsView& view) {
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& operation = view.operation(i);
    const bool other = operation.kind == OperationKind::cas || operation.kind == OperationKind::append;
    if (other && (operation.outcome != Outcome::fail || view.certain(i))) return false;
  }
  return true;
}

// The write of a value that nobody had written by the time it was read, or `nowhere`.
Position written_later(const OperationsView& view, Value value) {
  for (Position i = view.operation_count(); i-- > 0;) {
    const Operation& operation = view.operation(i);
    const bool written = operation.kind == OperationKind::write && operation.outcome != Outcome::fail;
    if (written && operation.value == value) return i;
  }
  return nowhere;
}

}  // namespace

OperationsView view_of(const History& history, KeyIndex key, std::span<const OperationIndex> indices) {
  OperationsView view;
  view.operations = history.operations.data();
  view.key = key;
  view.operation_indices = indices;
  view.initial = history.initial;
  view.nil = history.nil_reads == NilRead::initial ? history.initial : History::nothing;
  view.nil_is_wildcard = history.nil_reads == NilRead::wildcard;
  view.failed_cas_tells = history.failed_cas == FailedCas::mismatch;
  return view;
}

KeyFindings KeyJudge::judge(const History& history, const OperationsView& view, const CheckOptions& options) {
  KeyFindings found;
  found.verdict.key = view.key;
  found.verdict.operations = view.operation_count();
  chains_.build_if_seams(view);
  if (!judge_register(view, found)) judge_by_search(history, view, options, found);
  if (options.measures) measures_.measure(history, view, chains_, found);
  return found;
}

// False where its values are not unique, or it is no register.
bool KeyJudge::judge_register(const OperationsView& view, KeyFindings& found) {
  if (!reads_and_writes_only(view)) return false;
  const bool linearizable = register_.linearizable(view, chains_);
  if (!linearizable && register_.repeated()) return false;
  found.verdict.linearizable = linearizable;
  if (!linearizable) explain(view, found);
  return true;
}

void KeyJudge::explain(const OperationsView& view, KeyFindings& found) {
  const Position first_bad = first_bad_.find(view, chains_, register_);
  found.verdict.first_bad = view.operation_indices[first_bad];
  std::vector<Position> positions = first_bad_.conflict();
  if (first_bad_.conflict_kind() == Conflict::early_read) {
    found.verdict.kind = ViolationKind::early_read;
  } else if (first_bad_.conflict_kind() == Conflict::unwritten) {
    // Nobody had written it by then; somebody may have tried, or done it later.
    const Value value = view.read_value(first_bad);
    found.verdict.kind = ViolationKind::early_read;
    Position write = written_later(view, value);
    if (write == nowhere) {
      FailedWrites failed;
      failed.list(view);
      write = failed.of(value);
      found.verdict.kind = write == nowhere ? ViolationKind::unwritten : ViolationKind::dirty_read;
    }
    if (write != nowhere) positions.push_back(write);
    std::sort(positions.begin(), positions.end());
  }
  std::vector<OperationIndex>& witness = found.verdict.witness;
  for (const Position position : positions) witness.push_back(view.operation_indices[position]);
  if (found.verdict.kind == ViolationKind::nonlinearizable) witness_.reduce(view, witness);
}

void KeyJudge::judge_by_search(const History& history, const OperationsView& view,
                               const CheckOptions& options, KeyFindings& found) {
  const SearchResult result = search(history, view, chains_, options);
  found.verdict.searched = true;
  found.verdict.linearizable = result.linearizable;
  found.verdict.undecided = result.undecided;
  // Not every read returned the newest version; no order was found that says how far off it is.
  if (options.measures && result.linearizable == false) found.verdict.k = VersionsBehind{2, std::nullopt};
  if (result.first_bad == nowhere) return;
  found.verdict.first_bad = view.operation_indices[result.first_bad];
  found.verdict.witness = search_witness(history, view, result.first_bad, options);
}

}  // namespace cacherace::verify
