#include "reports/check_bars.hpp"

#include <algorithm>

#include "reports/check_words.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using verify::History;
using verify::Nanos;
using verify::OperationIndex;

constexpr std::size_t ordered_max = 12;  // of the order, its end: what stands next to the violation
constexpr std::size_t neighbours_max = 12;

void add_neighbours(const History& history, OperationIndex of, std::vector<OperationIndex>& shown) {
  const auto& bad = history.operations[of];
  std::size_t added = 0;
  for (OperationIndex i = 0; i < history.operations.size() && added < neighbours_max; ++i) {
    const auto& other = history.operations[i];
    if (other.start > bad.end) break;
    if (other.key != bad.key || other.end < bad.start || other.end == verify::never) continue;
    shown.push_back(i);
    ++added;
  }
}

// Ascending, each once.
template <class Value>
void tidy(std::vector<Value>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

std::vector<OperationIndex> operations_shown(const CheckedHistory& checked, const verify::KeyVerdict& key) {
  std::vector<OperationIndex> shown = key.witness;
  const std::size_t skipped = checked.order.size() - std::min(checked.order.size(), ordered_max);
  for (std::size_t i = skipped; i < checked.order.size(); ++i) shown.push_back(checked.order[i]);
  if (key.first_bad != verify::no_operation) {
    shown.push_back(key.first_bad);
    add_neighbours(checked.history, key.first_bad, shown);
  }
  tidy(shown);
  return shown;
}

}  // namespace

CheckBars check_bars(const CheckedHistory& checked, const verify::KeyVerdict& key) {
  CheckBars all;
  for (const OperationIndex at : operations_shown(checked, key)) {
    const auto& operation = checked.history.operations[at];
    all.instants.push_back(operation.start);
    if (operation.end != verify::never) all.instants.push_back(operation.end);
    const auto lane = std::ranges::find(all.clients, operation.client) - all.clients.begin();
    if (lane == std::ssize(all.clients)) all.clients.push_back(operation.client);
    CheckBar bar{.operation = at,
                 .lane = static_cast<std::size_t>(lane),
                 .contradicts = std::ranges::find(key.witness, at) != key.witness.end(),
                 .first_bad = at == key.first_bad};
    const auto place = std::ranges::find(checked.order, at);
    if (place != checked.order.end()) bar.place = static_cast<std::size_t>(place - checked.order.begin());
    all.bars.push_back(bar);
  }
  tidy(all.instants);
  return all;
}

std::string bar_words(const History& history, const verify::Operation& operation) {
  const auto value = [&history](verify::Value v) {
    const std::string words = value_words(history, v);
    constexpr std::size_t longest = 9;
    return display_width(words) <= longest ? words : wrapped(words, longest).front() + "…";
  };
  switch (operation.kind) {
    case verify::OperationKind::read:
      return "r " + (operation.outcome == verify::Outcome::ok ? value(operation.value) : "?");
    case verify::OperationKind::write:
      return "w " + value(operation.value);
    case verify::OperationKind::cas:
      return value(operation.from) + "→" + value(operation.value);
    case verify::OperationKind::append:
      break;
  }
  return "+ " + value(operation.value);
}

std::string span_words(const History& history, OperationIndex at) {
  const auto [start, end] = history.times_of(at);
  const std::string unit = history.timed ? "" : "event ";
  const auto words = [&](Nanos t) { return history.timed ? duration_text(t) : std::to_string(t); };
  return unit + words(start) + (end == verify::never ? " (no end)" : " to " + words(end));
}

}  // namespace cacherace::reports
