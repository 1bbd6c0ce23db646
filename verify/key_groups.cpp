#include "verify/key_groups.hpp"

#include <algorithm>
#include <span>

namespace cacherace::verify {
namespace {

constexpr int half = 32;

std::uint64_t pack(KeyIndex key, std::size_t index) {
  return (std::uint64_t{key} << half) | static_cast<std::uint32_t>(index);
}

KeyIndex key_part(std::uint64_t packed) {
  return static_cast<KeyIndex>(packed >> half);
}

void unpack(const std::vector<std::uint64_t>& packed, std::vector<std::uint32_t>& indices) {
  indices.clear();
  for (const std::uint64_t entry : packed) indices.push_back(static_cast<std::uint32_t>(entry));
}

}  // namespace

void KeyGroups::split(const Execution& execution) {
  execution_ = &execution;
  groups_.clear();
  const std::size_t operations = execution.operations.size();
  const std::size_t events = execution.events.size();
  if (operations + events == 0) return;
  if (!one_key(execution)) {
    sort_by_key(execution);
    form_groups();
    return;
  }
  for (std::size_t i = identity_.size(); i < std::max(operations, events); ++i) {
    identity_.push_back(static_cast<std::uint32_t>(i));
  }
  operation_order_ = event_order_ = &identity_;
  const KeyIndex key =
      operations > 0 ? execution.operations.front().key : key_of(execution, execution.events.front());
  groups_.push_back({key, 0, operations, 0, events});
}

KeyView KeyGroups::view(std::size_t group) const {
  const Group& g = groups_[group];
  return {*execution_, g.key, std::span(*operation_order_).subspan(g.first_operation, g.operations),
          std::span(*event_order_).subspan(g.first_event, g.events)};
}

bool KeyGroups::one_key(const Execution& execution) const {
  const KeyIndex key = execution.operations.empty() ? key_of(execution, execution.events.front())
                                                    : execution.operations.front().key;
  for (const Operation& operation : execution.operations) {
    if (operation.key != key) return false;
  }
  for (const Event& event : execution.events) {
    if (key_of(execution, event) != key) return false;
  }
  return true;
}

void KeyGroups::sort_by_key(const Execution& execution) {
  operation_keys_.clear();
  event_keys_.clear();
  for (std::size_t i = 0; i < execution.operations.size(); ++i) {
    operation_keys_.push_back(pack(execution.operations[i].key, i));
  }
  for (std::size_t i = 0; i < execution.events.size(); ++i) {
    event_keys_.push_back(pack(key_of(execution, execution.events[i]), i));
  }
  std::sort(operation_keys_.begin(), operation_keys_.end());
  std::sort(event_keys_.begin(), event_keys_.end());
  unpack(operation_keys_, sorted_operations_);
  unpack(event_keys_, sorted_events_);
  operation_order_ = &sorted_operations_;
  event_order_ = &sorted_events_;
}

void KeyGroups::form_groups() {
  std::size_t operation = 0;
  std::size_t event = 0;
  while (operation < operation_keys_.size() || event < event_keys_.size()) {
    KeyIndex key = 0;
    if (operation == operation_keys_.size()) {
      key = key_part(event_keys_[event]);
    } else if (event == event_keys_.size()) {
      key = key_part(operation_keys_[operation]);
    } else {
      key = std::min(key_part(operation_keys_[operation]), key_part(event_keys_[event]));
    }
    Group group{key, operation, 0, event, 0};
    while (operation < operation_keys_.size() && key_part(operation_keys_[operation]) == key) ++operation;
    while (event < event_keys_.size() && key_part(event_keys_[event]) == key) ++event;
    group.operations = operation - group.first_operation;
    group.events = event - group.first_event;
    groups_.push_back(group);
  }
}

}  // namespace cacherace::verify
