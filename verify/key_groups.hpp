// Splits an execution by key. Costs nothing but a scan where there is one key, and O(n log n) in operations
// plus events otherwise; keys that nothing touched cost nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/key_view.hpp"

namespace cacherace::verify {

class KeyGroups {
 public:
  void split(const Execution& execution);

  // The touched keys, ascending; views are valid until the next split() and as long as the execution is.
  [[nodiscard]] std::size_t size() const { return groups_.size(); }
  [[nodiscard]] KeyView view(std::size_t group) const;

 private:
  struct Group {
    KeyIndex key;
    std::size_t first_operation, operations;
    std::size_t first_event, events;
  };

  bool one_key(const Execution& execution) const;
  void sort_by_key(const Execution& execution);
  void form_groups();

  const Execution* execution_ = nullptr;
  const std::vector<std::uint32_t>* operation_order_ = nullptr;
  const std::vector<std::uint32_t>* event_order_ = nullptr;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> identity_;        // 0, 1, 2 …: the order where there is one key
  std::vector<std::uint64_t> operation_keys_;  // key in the upper half, index in the lower
  std::vector<std::uint64_t> event_keys_;
  std::vector<std::uint32_t> sorted_operations_;
  std::vector<std::uint32_t> sorted_events_;
};

}  // namespace cacherace::verify
