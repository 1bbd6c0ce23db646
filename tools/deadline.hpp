// A point on the machine's clock at which to stop; results never depend on it, only whether there is one.
#pragma once

#include <chrono>
#include <optional>

namespace cacherace::tools {

class Deadline {
 public:
  // None: never.
  explicit Deadline(std::optional<std::chrono::nanoseconds> from_now) {
    if (from_now) at_ = std::chrono::steady_clock::now() + *from_now;
  }

  [[nodiscard]] bool passed() const { return at_ && std::chrono::steady_clock::now() >= *at_; }

 private:
  std::optional<std::chrono::steady_clock::time_point> at_;
};

}  // namespace cacherace::tools
