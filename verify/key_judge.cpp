#include "verify/key_judge.hpp"

#include <algorithm>

#include "verify/search_witness.hpp"

namespace cacherace::verify {
namespace {

// Whether something could have written, before `read` returned, what it returned.
bool could_be_written(const OperationsView& view, Position read) {
  for (Position i = 0; i < view.operation_count() && view.start(i) <= view.end(read); ++i) {
    const Operation& operation = view.operation(i);
    if (operation.kind == OperationKind::append) return true;  // what it made is not looked at
    if (operation.kind == OperationKind::read || operation.outcome == Outcome::fail) continue;
    if (operation.value == view.read_value(read)) return true;
  }
  return false;
}

// The last write of a value, or `nowhere`.
Position last_write(const OperationsView& view, Value value) {
  for (Position i = view.operation_count(); i-- > 0;) {
    const Operation& operation = view.operation(i);
    const bool written = operation.kind != OperationKind::read && operation.outcome != Outcome::fail;
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
  const Census census = take_census(view, last_end_);
  chains_.build_if_seams(view, census);
  register_.expect(census.writes);
  if (!census.has_reads_and_writes_only || !judge_register(view, found)) {
    judge_by_search(history, view, options, found);
  } else if (found.verdict.linearizable == false) {
    const Part whole{view, &chains_, &register_};
    const Part part = tangled_part(whole);
    explain(whole, part, found.verdict);
    if (options.measures) measures_.measure_bad(history, whole, part, found);
  }
  if (options.measures) measures_.measure(history, view, census, found);
  return found;
}

// False where its values are not unique.
bool KeyJudge::judge_register(const OperationsView& view, KeyFindings& found) {
  const bool linearizable = register_.linearizable(view, chains_);
  if (!linearizable && register_.repeated()) return false;
  found.verdict.linearizable = linearizable;
  return true;
}

// After register_ said no.
Part KeyJudge::tangled_part(const Part& whole) {
  const OperationsView view = tangle_.cut_out(whole.view, *whole.check, whole.chains->any_seam());
  if (view.operation_count() == whole.view.operation_count()) {
    whole.chains->build(view);
    return whole;
  }
  part_chains_.build(view);
  part_register_.linearizable(view, part_chains_);
  return {view, &part_chains_, &part_register_};
}

void KeyJudge::explain(const Part& whole, const Part& part, KeyVerdict& verdict) {
  verdict.first_bad = first_bad_.find(whole.view, part.view, *part.chains, *part.check);
  const std::vector<Position>& conflict = first_bad_.conflict();
  if (first_bad_.conflict_kind() == Conflict::unwritten) {
    return explain_faulty_read(part.view, conflict.front(), verdict);
  }
  for (const Position at : conflict) verdict.witness.push_back(part.view.operation_indices[at]);
  if (first_bad_.conflict_kind() == Conflict::early_read) {
    verdict.kind = ViolationKind::early_read;
  } else {
    witness_.reduce(whole.view, verdict.witness);
  }
}

// Nobody had written what was read by then; somebody may have tried, or done it later.
void KeyJudge::explain_faulty_read(const OperationsView& view, Position read, KeyVerdict& verdict) {
  faulty_reads_.list(view);
  const Value value = view.read_value(read);
  const FaultyRead fault = faulty_reads_.of(value, last_write(view, value));
  verdict.kind = fault.kind;
  verdict.witness = {view.operation_indices[read]};
  if (fault.write != nowhere) verdict.witness.push_back(view.operation_indices[fault.write]);
  std::sort(verdict.witness.begin(), verdict.witness.end());
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
  const bool is_read = view.operation(result.first_bad).kind == OperationKind::read;
  if (is_read && !could_be_written(view, result.first_bad) &&
      view.read_value(result.first_bad) != view.initial) {
    return explain_faulty_read(view, result.first_bad, found.verdict);
  }
  found.verdict.witness = search_witness(history, view, result.first_bad, options);
}

}  // namespace cacherace::verify
