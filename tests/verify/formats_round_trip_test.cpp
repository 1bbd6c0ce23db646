// Random histories, written in each format and read back: the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/verify/formats.hpp"

namespace cacherace::verify::formats {
namespace {

// Operations of three clients on two keys; every text is of what JSON and EDN have to escape.
struct Told {
  OperationKind kind;
  Outcome outcome;
  int client;
  std::string key, value, from;  // values as they are written: digits, or "nil" of a read
  Nanos start, end;
};

const std::vector<std::string> keys = {"k0", "a \"b\" \\ c"};

std::vector<Told> random_history() {
  std::vector<Told> history;
  std::vector<Nanos> free_from(3, 0);
  Nanos now = 0;
  const auto count = *rc::gen::inRange(0, 30);
  for (int i = 0; i < count; ++i) {
    Told told;
    told.client = *rc::gen::inRange(0, 3);
    now = std::max(now, free_from[static_cast<std::size_t>(told.client)]) + *rc::gen::inRange(1, 5);
    told.kind = *rc::gen::element(OperationKind::read, OperationKind::write, OperationKind::cas);
    told.outcome = *rc::gen::element(Outcome::ok, Outcome::ok, Outcome::fail, Outcome::unknown);
    told.key = keys[*rc::gen::inRange<std::size_t>(0, 2)];
    told.value =
        std::to_string(*rc::gen::element<std::int64_t>(0, 1, 7, INT32_MAX, 2147483648, INT64_MAX, -4));
    told.from = std::to_string(*rc::gen::inRange(0, 9));
    const bool nothing =
        told.kind == OperationKind::read && (told.outcome != Outcome::ok || *rc::gen::arbitrary<bool>());
    if (nothing) told.value = "nil";
    told.start = now;
    told.end = told.outcome == Outcome::unknown ? never : now + *rc::gen::inRange(0, 20);
    if (told.end != never) free_from[static_cast<std::size_t>(told.client)] = told.end;
    history.push_back(told);
  }
  return history;
}

std::string_view name(OperationKind kind) {
  return kind == OperationKind::read ? "read" : kind == OperationKind::write ? "write" : "cas";
}
std::string_view name(Outcome outcome) {
  return outcome == Outcome::ok ? "ok" : outcome == Outcome::fail ? "fail" : "unknown";
}

std::string escaped(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "\"";
}

// As `told` of formats.hpp has it.
std::string expected(const std::vector<Told>& history) {
  std::string text;
  for (const auto& t : history) {
    text += std::string(name(t.kind)) + " " + t.key + " = ";
    if (t.kind == OperationKind::cas) text += t.from + " -> ";
    text += t.value + " by " + std::to_string(t.client) + " " + std::to_string(t.start) + "-";
    text += (t.end == never ? "…" : std::to_string(t.end)) + " " + std::string(name(t.outcome)) + "\n";
  }
  return text;
}

std::string read_back(const std::string& text, Format format, Order order = Order::time) {
  const Reading reading = read_histories_of(text, {.format = format, .order = order});
  RC_ASSERT(faults_of(reading).empty());
  RC_ASSERT(reading.histories.size() <= 1U);
  return reading.histories.empty() ? "" : told(reading.histories[0]);
}

std::string as_json(const Told& t) {
  std::string line =
      "{\"op\": \"" + std::string(name(t.kind)) + "\", \"client\": " + std::to_string(t.client);
  line += ", \"key\": " + escaped(t.key) + ", \"value\": " + (t.value == "nil" ? "null" : t.value);
  if (t.kind == OperationKind::cas) line += ", \"from\": " + t.from;
  line += ", \"start\": " + std::to_string(t.start);
  line += ", \"end\": " + (t.end == never ? "null" : std::to_string(t.end));
  return line + ", \"outcome\": \"" + std::string(name(t.outcome)) + "\"}\n";
}

std::string as_csv(const Told& t) {
  std::string key = "\"";
  for (const char c : t.key) key += c == '"' ? "\"\"" : std::string(1, c);
  return std::to_string(t.client) + "," + std::string(name(t.kind)) + "," + key + "\"," +
         (t.value == "nil" ? "" : t.value) + "," + (t.kind == OperationKind::cas ? t.from : "") + "," +
         std::to_string(t.start) + "," + (t.end == never ? "" : std::to_string(t.end)) + "," +
         std::string(name(t.outcome)) + "\n";
}

RC_GTEST_PROP(RoundTrip, JsonLinesInAnyOrderOfLines, ()) {
  const auto history = random_history();
  std::string text;
  for (const auto& t : history) text += as_json(t);
  RC_ASSERT(read_back(text, Format::json_lines) == expected(history));
  std::string backwards;
  for (auto t = history.rbegin(); t != history.rend(); ++t) backwards += as_json(*t);
  const auto starts_apart = std::ranges::adjacent_find(history, {}, &Told::start) == history.end();
  if (starts_apart) RC_ASSERT(read_back(backwards, Format::json_lines) == expected(history));
}

RC_GTEST_PROP(RoundTrip, Csv, ()) {
  const auto history = random_history();
  std::string text = "client,op,key,value,from,start,end,outcome\n";
  for (const auto& t : history) text += as_csv(t);
  RC_ASSERT(read_back(text, Format::csv) == expected(history));
}

// Both ends of every operation, in the order of their times.
struct End {
  Nanos at;
  bool invocation;
  std::size_t operation;
};
std::vector<End> ends_of(const std::vector<Told>& history) {
  std::vector<End> ends;
  for (std::size_t i = 0; i < history.size(); ++i) {
    ends.push_back({history[i].start, true, i});
    // An outcome that is not known is told before its client goes on.
    const auto& t = history[i];
    ends.push_back({t.end == never ? t.start : t.end, false, i});
  }
  std::ranges::stable_sort(ends, {}, &End::at);
  return ends;
}

std::string as_edn(const Told& t, const End& end) {
  const bool nothing = t.kind == OperationKind::read && end.invocation;
  std::string value = nothing ? "nil" : t.value;
  if (t.kind == OperationKind::cas) value = "[" + t.from + " " + t.value + "]";
  const std::string type = end.invocation                  ? "invoke"
                           : t.outcome == Outcome::unknown ? "info"
                                                           : std::string(name(t.outcome));
  return "{:process " + std::to_string(t.client) + ", :type :" + type + ", :f :" + std::string(name(t.kind)) +
         ", :value [" + escaped(t.key) + " " + value + "], :time " + std::to_string(end.at) + "}\n";
}

RC_GTEST_PROP(RoundTrip, EdnByTime, ()) {
  const auto history = random_history();
  std::string text = "[";
  for (const auto& end : ends_of(history)) text += as_edn(history[end.operation], end);
  RC_ASSERT(read_back(text + "]", Format::edn) == expected(history));
}

RC_GTEST_PROP(RoundTrip, EdnByPlaceAndLogsAgree, ()) {
  auto history = random_history();
  for (auto& t : history) t.key = "";
  std::string edn, log;
  for (const auto& end : ends_of(history)) {
    const auto& t = history[end.operation];
    const bool nothing = t.kind == OperationKind::read && end.invocation;
    std::string value = nothing ? "nil" : t.value;
    if (t.kind == OperationKind::cas) value = "[" + t.from + " " + t.value + "]";
    const std::string type = end.invocation                  ? "invoke"
                             : t.outcome == Outcome::unknown ? "info"
                                                             : std::string(name(t.outcome));
    edn += "{:f :" + std::string(name(t.kind)) + " :type :" + type + " :value " + value + " :process " +
           std::to_string(t.client) + "}";
    log += "INFO  jepsen.util - " + std::to_string(t.client) + "\t:" + type +
           "\t:" + std::string(name(t.kind)) + "\t" + value + "\n";
  }
  if (history.empty()) return;
  const std::string from_edn = read_back(edn, Format::edn, Order::index);
  RC_ASSERT(from_edn == read_back(log, Format::jepsen_log, Order::index));
  RC_ASSERT(static_cast<std::size_t>(std::ranges::count(from_edn, '\n')) == history.size());
}

RC_GTEST_PROP(RoundTrip, Porcupine, ()) {
  const auto texts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::container<std::string>(rc::gen::element('a', '"', '\\', ' ', '\n', ';')));
  std::string text, should;
  Nanos place = 0;
  for (const auto& value : texts) {
    const std::string rest = ", :f :append, :key \"k\", :value " + escaped(value) + "}\n";
    text += "{:process 1, :type :invoke" + rest + "{:process 1, :type :ok" + rest;
    should += "append k = " + value + " by 1 " + std::to_string(place + 1) + "-" + std::to_string(place + 2) +
              " ok\n";
    place += 2;
  }
  RC_ASSERT(read_back(text, Format::porcupine, Order::index) == should);
}

}  // namespace
}  // namespace cacherace::verify::formats
