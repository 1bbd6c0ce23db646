#include "verify/actions.hpp"

#include <utility>

namespace cacherace::verify {

Action action_of(const History& history, const OperationsView& view, Position at) {
  using Kind = Action::Kind;
  const Operation& operation = view.operation(at);
  const bool failed = operation.outcome == Outcome::fail;
  switch (operation.kind) {
    case OperationKind::read:
      return view.tells(at) ? Action{Kind::sees, view.read_value(at)} : Action{};
    case OperationKind::write:
      return failed ? Action{} : Action{Kind::sets, operation.value};
    case OperationKind::append:
      return failed ? Action{} : Action{Kind::appends, operation.value};
    case OperationKind::cas:
      if (!failed) return {Kind::changes, operation.value, operation.from};
      return history.failed_cas == FailedCas::mismatch ? Action{Kind::sees_other, operation.from} : Action{};
  }
  return {};
}

State Texts::append(State state, Value tail) {
  learn_known();
  const std::uint64_t both = (std::uint64_t{state} << 32U) | tail;
  if (const auto found = appended_.find(both); found != appended_.end()) return found->second;
  std::string text = text_of(state) + text_of(tail);
  const auto next = static_cast<State>(History::first_text + history_.texts.size() + made_.size());
  const auto [entry, is_new] = states_.try_emplace(std::move(text), next);
  constexpr std::size_t overhead = 64;  // of an entry in a table
  bytes_ += overhead;
  if (is_new) {
    made_.push_back(entry->first);
    bytes_ += 2 * entry->first.size() + 2 * overhead;
  }
  return appended_[both] = entry->second;
}

std::string Texts::text_of(State state) const {
  if (state == History::nothing) return {};
  if (state < History::first_text) return std::to_string(state);
  const std::size_t place = state - History::first_text;
  return place < history_.texts.size() ? history_.texts[place] : made_[place - history_.texts.size()];
}

void Texts::learn_known() {
  if (std::exchange(known_, true)) return;
  const auto learn = [this](State state) {
    if (state != History::nothing) states_.try_emplace(text_of(state), state);
  };
  learn(view_.initial);
  for (Position i = 0; i < view_.operation_count(); ++i) {
    learn(view_.operation(i).value);
    if (view_.operation(i).kind == OperationKind::cas) learn(view_.operation(i).from);
  }
}

}  // namespace cacherace::verify
