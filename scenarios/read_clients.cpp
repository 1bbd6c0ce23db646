// The sections keys and clients.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using models::ClientGroup;
using models::OperationKind;
using models::PlannedOperation;

constexpr std::uint64_t keys_max = 1'000'000;
constexpr std::uint64_t group_max = 10'000;
constexpr std::uint64_t clients_max = 100'000;
constexpr std::uint64_t operations_max = 1'000'000'000;
constexpr double zipf_max = 100.0;
constexpr double weight_max = 1e15;
constexpr std::array<std::string_view, 2> operation_names = {"read", "write"};

// "k17" -> 17.
std::optional<std::uint64_t> key_number(std::string_view name) {
  if (name.size() < 2 || name.size() > 8 || name[0] != 'k') return std::nullopt;
  std::uint64_t number = 0;
  const auto* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + 1, end, number);
  const bool needless_zero = name[1] == '0' && name.size() > 2;
  if (error != std::errc{} || stop != end || needless_zero) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> read_key_name(Reading& reading, JsonValue value, std::uint32_t count) {
  const auto valid = count == 1 ? std::string("the only key is \"k0\"")
                                : fmt::format("keys are \"k0\" to \"k{}\"", count - 1);
  if (!value.is(JsonKind::text)) {
    reading.fault(value, wrong_kind(value, "the name of a key; " + valid));
    return std::nullopt;
  }
  const auto number = key_number(value.text());
  if (!number || *number >= count) {
    reading.fault(value, fmt::format("no such key: {}; {}{}", quoted(value.text()), valid,
                                     number ? " (see keys.count)" : ""));
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(*number);
}

std::optional<PlannedOperation> read_operation(Reading& reading, JsonValue value, std::uint32_t keys) {
  if (!value.is(JsonKind::object)) {
    const auto kind = read_choice(reading, value, operation_names);
    if (!kind) return std::nullopt;
    return PlannedOperation{static_cast<OperationKind>(*kind), std::nullopt};
  }
  const Fields fields(reading, value, operation_names);
  const auto read = fields.get("read");
  const auto write = fields.get("write");
  const auto named = read ? read : write;
  if (read && write) {
    reading.fault(value, "two operations in one; write a list of two");
    return std::nullopt;
  }
  if (!named) {
    if (value.children().empty()) reading.fault(value, R"(no operation in here; write {"read": "k0"})");
    return std::nullopt;
  }
  const auto key = read_key_name(reading, *named, keys);
  if (!key) return std::nullopt;
  return PlannedOperation{read ? OperationKind::read : OperationKind::write, key};
}

std::optional<double> read_mix(Reading& reading, JsonValue value) {
  const Fields fields(reading, value, operation_names);
  if (!fields.is_object()) return std::nullopt;
  std::array<double, 2> weights = {0.0, 0.0};
  bool sound = true;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const auto given = fields.get(operation_names[i]);
    if (!given) continue;
    const auto weight = read_number(reading, *given, 0.0, weight_max);
    sound = sound && weight;
    weights[i] = weight.value_or(0.0);
  }
  if (!sound) return std::nullopt;
  const double total = weights[0] + weights[1];
  if (total <= 0.0) {
    reading.fault(value, R"(all weights are 0 or missing; write {"read": 0.9, "write": 0.1})");
    return std::nullopt;
  }
  return weights[0] / total;
}

void refuse_beside(Reading& reading, const Fields& client, std::string_view key, std::string_view other) {
  if (const auto value = client.get(key)) {
    reading.fault_at_key(*value, fmt::format("does not go with {}; remove one of them", quoted(other)));
  }
}

void read_list_of_operations(Reading& reading, const Fields& client, std::uint32_t keys, ClientGroup& group) {
  refuse_beside(reading, client, "operations", "do");
  refuse_beside(reading, client, "mix", "do");
  assign(group.repeat, client.get("repeat"),
         [&](JsonValue v) { return read_count(reading, v, 1, operations_max); });
  const auto entries = read_filled_list(reading, *client.get("do"), "one operation, as \"read\"");
  if (!entries) return;
  for (const auto& entry : *entries) {
    if (const auto operation = read_operation(reading, entry, keys)) group.plan.push_back(*operation);
  }
}

void read_drawn_operations(Reading& reading, const Fields& client, ClientGroup& group) {
  refuse_beside(reading, client, "repeat", "mix");
  assign(group.operations,
         client.require("operations", "write \"operations\": 100, how many to draw from the mix"),
         [&](JsonValue v) { return read_count(reading, v, 1, operations_max); });
  assign(group.read_share, client.require("mix", R"(write "mix": {"read": 0.9, "write": 0.1})"),
         [&](JsonValue v) { return read_mix(reading, v); });
}

void read_work(Reading& reading, const Fields& client, std::uint32_t keys, ClientGroup& group) {
  if (client.has("do")) {
    read_list_of_operations(reading, client, keys, group);
  } else if (client.has("operations") || client.has("mix")) {
    read_drawn_operations(reading, client, group);
  } else if (client.is_object()) {
    reading.missing(client.value(), "do", R"(write "do": ["read"], or "operations" and "mix")");
  }
}

// A name of its own for each group; the position gives one to a group that has none.
std::string read_name(Reading& reading, const Fields& client, std::size_t position,
                      const std::vector<ClientGroup>& before) {
  const auto given = client.get("name");
  const auto name = given ? read_text(reading, *given) : fmt::format("client{}", position + 1);
  if (!name) return {};
  const auto place = given.value_or(client.value());
  if (name->empty()) {
    reading.fault(place, "an empty name; write one, or leave \"name\" out");
  } else if (*name == models::consumer_name) {
    reading.fault(place, "\"consumer\" is the name of the queue's consumers; choose another");
  } else if (std::ranges::find(before, *name, &ClientGroup::name) != before.end()) {
    reading.fault(place, fmt::format("{} is the name of clients above; choose another", quoted(*name)));
  }
  return *name;
}

}  // namespace

void read_keys(Reading& reading, JsonValue value, models::Setup& setup) {
  static constexpr std::array<std::string_view, 4> known = {"count", "cached", "missing", "popularity"};
  static constexpr std::array<std::string_view, 1> laws = {"uniform"};
  static constexpr std::array<std::string_view, 1> law_keys = {"zipf"};
  const Fields fields(reading, value, known);
  assign(setup.keys.count, fields.get("count"),
         [&](JsonValue v) { return read_count(reading, v, 1, keys_max); });
  assign(setup.keys.cached, fields.get("cached"), [&](JsonValue v) { return read_flag(reading, v); });
  assign(setup.keys.missing, fields.get("missing"),
         [&](JsonValue v) { return read_count(reading, v, 0, setup.keys.count); });
  const auto popularity = fields.get("popularity");
  if (!popularity) return;
  if (popularity->is(JsonKind::text)) {
    read_choice(reading, *popularity, laws);
  } else if (!popularity->is(JsonKind::object)) {
    reading.fault(*popularity, wrong_kind(*popularity, R"("uniform" or {"zipf": 0.99})"));
  } else {
    const Fields law(reading, *popularity, law_keys);
    assign(setup.keys.zipf,
           law.require("zipf", "write \"zipf\": 0.99, or \"uniform\" in place of the object"),
           [&](JsonValue v) { return read_number(reading, v, 0.0, zipf_max); });
  }
}

void read_clients(Reading& reading, JsonValue value, models::Setup& setup) {
  static constexpr std::array<std::string_view, 9> known = {
      "name", "count", "start", "do", "repeat", "operations", "mix", "think", "coalesce"};
  const auto entries =
      read_filled_list(reading, value, R"(one client, as {"name": "writer", "do": ["write"]})");
  if (!entries) return;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Fields fields(reading, (*entries)[i], known);
    ClientGroup group;
    if (fields.is_object()) group.name = read_name(reading, fields, i, setup.clients);
    assign(group.count, fields.get("count"),
           [&](JsonValue v) { return read_count(reading, v, 1, group_max); });
    assign(group.start, fields.get("start"), [&](JsonValue v) { return read_latency(reading, v); });
    assign(group.think, fields.get("think"), [&](JsonValue v) { return read_latency(reading, v); });
    assign(group.coalesce, fields.get("coalesce"), [&](JsonValue v) { return read_flag(reading, v); });
    read_work(reading, fields, setup.keys.count, group);
    total += group.count;
    setup.clients.push_back(std::move(group));
  }
  if (total > clients_max) {
    reading.fault(value, fmt::format("{} clients in all; at most {} are possible", total, clients_max));
  }
}

}  // namespace cacherace::scenarios
