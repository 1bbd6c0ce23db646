// The parameters that a strategy declares, and values for them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/time.hpp"

namespace cacherace::strategies {

enum class ParameterKind : std::uint8_t { duration, flag, count, choice };

// One declared parameter. `fallback` is the default, kept as a raw number: nanoseconds, 0 or 1, a count, or
// the index of a choice. Counts lie in [1, count_max].
struct ParameterInfo {
  std::string_view name;
  ParameterKind kind;
  std::int64_t fallback;
  std::string_view meaning;
  std::vector<std::string_view> choices = {};
  sim::Duration longest = sim::Duration(INT64_MAX);  // of durations
};

inline constexpr std::int64_t count_max = 1000;

// Whether a raw value lies within what the parameter may be.
bool is_allowed(const ParameterInfo& parameter, std::uint64_t raw);

// Raw values in the order of declaration.
class Parameters {
 public:
  explicit Parameters(const std::vector<ParameterInfo>& declared);

  // Precondition of all: the parameter is declared, and of that kind.
  [[nodiscard]] sim::Duration duration(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name) const;
  [[nodiscard]] std::int64_t count(std::string_view name) const;
  [[nodiscard]] std::string_view choice(std::string_view name) const;
  [[nodiscard]] std::int64_t raw(std::string_view name) const;
  void set_raw(std::string_view name, std::int64_t value);

  [[nodiscard]] const std::vector<ParameterInfo>& declared() const { return *declared_; }

 private:
  [[nodiscard]] std::size_t index_of(std::string_view name) const;

  const std::vector<ParameterInfo>* declared_;  // static: a strategy's declaration
  std::vector<std::int64_t> values_;
};

}  // namespace cacherace::strategies
