// Where in a picture the stores of a run stand, and which of them a record happens at.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/record.hpp"
#include "models/setup.hpp"

namespace cacherace::reports {

// Whether a store does something for the command of a client, or refuses to.
bool is_effect(const models::Record& record);

// From 0 on: Redis, the primary, its replicas, then the queue where there is one.
class StoreLanes {
 public:
  StoreLanes(const models::Setup& setup, bool has_queue);

  [[nodiscard]] bool has_queue() const { return has_queue_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] static std::size_t redis() { return 0; }
  [[nodiscard]] static std::size_t primary() { return 1; }
  [[nodiscard]] std::size_t queue() const { return names_.size() - 1; }
  // To which store a command goes.
  [[nodiscard]] static std::size_t server_of(const models::Record& record);
  // Of an effect, or of a record without a client.
  [[nodiscard]] std::size_t lane_of(const models::Record& record) const;

 private:
  bool has_queue_;
  std::vector<std::string> names_;
};

}  // namespace cacherace::reports
