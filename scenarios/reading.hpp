// What the parts of the scenario reader share: collecting faults, objects with known keys, single values.
// A function that reads returns nothing after it has reported a fault; reading then goes on elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/json_document.hpp"
#include "scenarios/reader.hpp"
#include "sim/time.hpp"

namespace cacherace::scenarios {

using Names = std::span<const std::string_view>;

// One file being read.
class Reading {
 public:
  Reading(const JsonDocument& document, std::string file, const FileLoader& loader)
      : document_(document), file_(std::move(file)), loader_(loader) {}

  void fault(JsonValue at, std::string message);
  void fault_at_key(JsonValue at, std::string message);
  // `key` is not in `object`, and must be.
  void missing(JsonValue object, std::string_view key, std::string_view remedy);
  void fault(JsonFault fault);
  // In another file, which the value `at` names.
  void fault_elsewhere(JsonValue at, Fault fault);

  // The text of the file named by the value, read once; nothing after a fault.
  const std::string* load(JsonValue path);

  [[nodiscard]] bool is_sound() const { return faults_.empty(); }
  // In order of position.
  std::vector<Fault> take_faults();
  std::map<std::string, std::string> take_files() { return std::move(files_); }

 private:
  void add(std::size_t offset, Fault fault);
  void add(std::size_t offset, std::string pointer, std::string message);

  struct Placed {
    std::size_t offset;
    Fault fault;
  };

  const JsonDocument& document_;
  std::string file_;
  const FileLoader& loader_;
  std::vector<Placed> faults_;
  std::size_t faults_left_out_ = 0;
  std::map<std::string, std::string> files_;
};

// An object of which all keys are known. Reports a value of another kind, and unknown keys; get() then finds
// nothing, and require() reports a key that is missing from a sound object.
class Fields {
 public:
  Fields(Reading& reading, JsonValue value, Names known);

  [[nodiscard]] bool is_object() const { return value_.is(JsonKind::object); }
  [[nodiscard]] JsonValue value() const { return value_; }
  [[nodiscard]] std::optional<JsonValue> get(std::string_view key) const { return value_.find(key); }
  [[nodiscard]] bool has(std::string_view key) const { return get(key).has_value(); }
  [[nodiscard]] std::optional<JsonValue> require(std::string_view key, std::string_view remedy) const;

 private:
  Reading& reading_;
  JsonValue value_;
};

// Each reports what is wrong, `expected` in words.
std::optional<sim::Duration> read_duration(Reading& reading, JsonValue value);
std::optional<std::uint64_t> read_count(Reading& reading, JsonValue value, std::uint64_t min,
                                        std::uint64_t max);
// Finite, in [min, max].
std::optional<double> read_number(Reading& reading, JsonValue value, double min, double max);
std::optional<bool> read_flag(Reading& reading, JsonValue value);
std::optional<std::string> read_text(Reading& reading, JsonValue value);
// The index of the name that the text is.
std::optional<std::size_t> read_choice(Reading& reading, JsonValue value, Names names);
// A list with at least one entry; nothing otherwise. `entry` says what goes in: "a client".
std::optional<std::vector<JsonValue>> read_filled_list(Reading& reading, JsonValue value,
                                                       std::string_view entry);

// "a number, expected a text …"
std::string wrong_kind(JsonValue value, std::string_view expected);

// Sets `target` where there is a value and it is sound: assign(runs, fields.get("runs"), read …).
template <class Target, class Read>
void assign(Target& target, const std::optional<JsonValue>& value, Read read) {
  if (!value) return;
  if (auto result = read(*value)) target = static_cast<Target>(std::move(*result));
}

}  // namespace cacherace::scenarios
