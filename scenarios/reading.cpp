#include "scenarios/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "scenarios/durations.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

constexpr std::size_t faults_max = 1000;

}  // namespace

void Reading::add(std::size_t offset, Fault fault) {
  if (faults_.size() < faults_max) {
    faults_.push_back({offset, std::move(fault)});
  } else {
    ++faults_left_out_;
  }
}

void Reading::add(std::size_t offset, std::string pointer, std::string message) {
  const auto place = document_.position(offset);
  add(offset, {file_, place.line, place.column, std::move(pointer), std::move(message)});
}

void Reading::fault(JsonValue at, std::string message) {
  add(at.offset(), at.pointer(), std::move(message));
}

void Reading::fault_at_key(JsonValue at, std::string message) {
  add(at.key_offset(), at.pointer(), std::move(message));
}

void Reading::missing(JsonValue object, std::string_view key, std::string_view remedy) {
  add(object.offset(), object.pointer() + pointer_step(key), fmt::format("missing; {}", remedy));
}

void Reading::fault(JsonFault fault) {
  add(fault.offset, std::move(fault.pointer), std::move(fault.message));
}

void Reading::fault_elsewhere(JsonValue at, Fault fault) {
  if (fault.pointer.empty()) fault.pointer = at.pointer();
  add(at.offset(), std::move(fault));
}

const std::string* Reading::load(JsonValue path) {
  const auto& name = path.text();
  if (const auto known = files_.find(name); known != files_.end()) return &known->second;
  auto loaded = loader_(name);
  if (auto* wrong = std::get_if<Fault>(&loaded)) {
    // Where the file is not even readable, the place to mend is the one that names it.
    fault(path, wrong->file.empty() ? wrong->message : fmt::format("{}: {}", wrong->file, wrong->message));
    return nullptr;
  }
  return &files_.emplace(name, std::move(std::get<std::string>(loaded))).first->second;
}

std::vector<Fault> Reading::take_faults() {
  std::ranges::stable_sort(faults_, {}, &Placed::offset);
  std::vector<Fault> result;
  result.reserve(faults_.size() + 1);
  for (auto& placed : faults_) result.push_back(std::move(placed.fault));
  if (faults_left_out_ > 0) {
    result.push_back({file_, 0, 0, "", fmt::format("and {} more faults", faults_left_out_)});
  }
  return result;
}

Fields::Fields(Reading& reading, JsonValue value, Names known) : reading_(reading), value_(value) {
  if (!is_object()) {
    reading.fault(value, wrong_kind(value, "an object with " + either_of(known)));
    return;
  }
  for (const auto& child : value.children()) {
    if (std::ranges::find(known, child.key()) != known.end()) continue;
    reading.fault_at_key(child, "unknown key; " + remedy_for_name(child.key(), known));
  }
}

std::optional<JsonValue> Fields::require(std::string_view key, std::string_view remedy) const {
  auto found = get(key);
  if (!found && is_object()) reading_.missing(value_, key, remedy);
  return found;
}

std::string wrong_kind(JsonValue value, std::string_view expected) {
  const auto found = !value.is(JsonKind::flag) ? described(value.kind()) : value.flag() ? "true" : "false";
  return fmt::format("{} stands here; expected {}", found, expected);
}

std::optional<sim::Duration> read_duration(Reading& reading, JsonValue value) {
  if (value.is(JsonKind::number)) {
    const double number = value.number();
    const bool sensible = number >= 0.0 && number < 1e9;
    reading.fault(value, fmt::format("a bare number is no duration{}; write \"{}ms\"",
                                     number < 0.0 ? ", and none is negative" : "", sensible ? number : 5.0));
    return std::nullopt;
  }
  if (!value.is(JsonKind::text)) {
    reading.fault(value, wrong_kind(value, "a duration, as \"5ms\""));
    return std::nullopt;
  }
  auto parsed = parse_duration(value.text());
  if (auto* wrong = std::get_if<std::string>(&parsed)) {
    reading.fault(value, std::move(*wrong));
    return std::nullopt;
  }
  return std::get<sim::Duration>(parsed);
}

std::optional<std::uint64_t> read_count(Reading& reading, JsonValue value, std::uint64_t min,
                                        std::uint64_t max) {
  const auto expected = fmt::format("a whole number from {} to {}", min, max);
  if (!value.is(JsonKind::number)) {
    reading.fault(value, wrong_kind(value, expected));
    return std::nullopt;
  }
  const auto whole = value.whole();
  if (!whole || *whole < min || *whole > max) {
    reading.fault(value, fmt::format("expected {}, found {}", expected,
                                     whole ? fmt::format("{}", *whole) : fmt::format("{}", value.number())));
    return std::nullopt;
  }
  return whole;
}

std::optional<double> read_number(Reading& reading, JsonValue value, double min, double max) {
  const auto expected = std::isinf(max) ? fmt::format("a number from {} on", min)
                                        : fmt::format("a number from {} to {}", min, max);
  if (!value.is(JsonKind::number)) {
    reading.fault(value, wrong_kind(value, expected));
    return std::nullopt;
  }
  const double number = value.number();
  if (!(number >= min && number <= max)) {
    reading.fault(value, fmt::format("expected {}, found {}", expected, number));
    return std::nullopt;
  }
  return number;
}

std::optional<bool> read_flag(Reading& reading, JsonValue value) {
  if (value.is(JsonKind::flag)) return value.flag();
  reading.fault(value, wrong_kind(value, "true or false"));
  return std::nullopt;
}

std::optional<std::string> read_text(Reading& reading, JsonValue value) {
  if (value.is(JsonKind::text)) return value.text();
  reading.fault(value, wrong_kind(value, "a text in double quotes"));
  return std::nullopt;
}

std::optional<std::size_t> read_choice(Reading& reading, JsonValue value, Names names) {
  if (!value.is(JsonKind::text)) {
    reading.fault(value, wrong_kind(value, either_of(names)));
    return std::nullopt;
  }
  const auto found = std::ranges::find(names, value.text());
  if (found == names.end()) {
    reading.fault(value, fmt::format("{} is not known here; {}", quoted(value.text()),
                                     remedy_for_name(value.text(), names)));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::vector<JsonValue>> read_filled_list(Reading& reading, JsonValue value,
                                                       std::string_view entry) {
  if (!value.is(JsonKind::list)) {
    reading.fault(value, wrong_kind(value, fmt::format("a list with at least {}", entry)));
    return std::nullopt;
  }
  auto children = value.children();
  if (children.empty()) {
    reading.fault(value, fmt::format("an empty list; expected at least {}", entry));
    return std::nullopt;
  }
  return children;
}

}  // namespace cacherace::scenarios
