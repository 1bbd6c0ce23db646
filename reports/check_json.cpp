#include "reports/check_json.hpp"

#include <algorithm>
#include <charconv>

#include "reports/check_words.hpp"
#include "reports/json_parts.hpp"
#include "verify/formats/written.hpp"

namespace cacherace::reports {
namespace {

using verify::History;
using verify::OperationIndex;

template <class Number>
Json json_of(const std::optional<Number>& value) {
  return value ? Json(*value) : Json(nullptr);
}

// The number, if `text` is one as JSON writes it and fits into 64 bits; else the text.
Json json_of_digits(std::string_view text) {
  const auto number = [text]<class Number>(Number value) -> std::optional<Json> {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    const bool plain = error == std::errc() && rest == end && std::to_string(value) == text;
    return plain ? std::optional(Json(value)) : std::nullopt;
  };
  if (const auto json = number(std::int64_t{0})) return *json;
  return number(std::uint64_t{0}).value_or(Json(text));
}

Json json_of_value(const History& history, verify::Value value) {
  if (value == History::nothing) return nullptr;
  if (value < History::first_text) return value;
  const auto written = verify::formats::as_written(history, value);
  return written.number ? json_of_digits(written.text) : Json(written.text);
}

// A client's number where it has one, else its name.
Json json_of_client(const std::string& name) {
  return json_of_digits(name);
}

Json json_of_time(bool timed, verify::Nanos time) {
  return timed && time != verify::never ? Json(time) : Json(nullptr);
}

// As a line of a history has it; where the order is that of the log, its places there as well.
Json json_of_operation(const History& history, OperationIndex at) {
  constexpr std::string_view kinds[] = {"read", "write", "cas", "append"};
  constexpr std::string_view outcomes[] = {"ok", "fail", "unknown"};
  const auto& o = history.operations[at];
  const bool has_places = !history.timed || !history.clock.empty();
  Json json;
  json["client"] = json_of_client(history.clients.at(o.client));
  json["op"] = kinds[static_cast<std::size_t>(o.kind)];
  json["key"] = history.keys.at(o.key);
  json["value"] = json_of_value(history, o.value);
  if (o.kind == verify::OperationKind::cas) json["from"] = json_of_value(history, o.from);
  const auto [start, end] = history.times_of(at);
  json["start"] = json_of_time(history.timed, start);
  json["end"] = json_of_time(history.timed, end);
  json["outcome"] = outcomes[static_cast<std::size_t>(o.outcome)];
  if (has_places) json["events"] = {o.start, o.end == verify::never ? Json(nullptr) : Json(o.end)};
  return json;
}

Json json_of_operations(const History& history, const std::vector<OperationIndex>& operations) {
  Json json = Json::array();
  for (const auto at : operations) json.push_back(json_of_operation(history, at));
  return json;
}

Json json_of_violation(const History& history, verify::KeyIndex key, verify::ViolationKind kind,
                       const std::vector<OperationIndex>& operations) {
  return {{"key", history.keys.at(key)},
          {"kind", verify::violation_names[static_cast<std::size_t>(kind)]},
          {"operations", json_of_operations(history, operations)}};
}

// Whether it says of its key what the verdict says already.
bool is_told(const verify::KeyVerdict& key, const verify::ReadViolation& violation) {
  if (key.linearizable.value_or(true) || key.kind != violation.kind) return false;
  const bool pair = violation.against != verify::no_operation;
  return key.witness.size() == (pair ? 2U : 1U) &&
         std::ranges::find(key.witness, violation.read) != key.witness.end() &&
         (!pair || std::ranges::find(key.witness, violation.against) != key.witness.end());
}

// Of each key that is not linearizable its witness, then every read that cannot be right; each once.
Json json_of_violations(const CheckedHistory& checked, std::uint64_t& total) {
  const auto& history = checked.history;
  Json json = Json::array();
  total = 0;
  for (const auto& key : checked.verdict.keys) {
    if (key.linearizable.value_or(true)) continue;
    if (total++ >= told_of_history_max) continue;
    Json violation = json_of_violation(history, key.key, key.kind, key.witness);
    violation["first_bad"] =
        key.first_bad == verify::no_operation ? Json(nullptr) : json_of_operation(history, key.first_bad);
    json.push_back(std::move(violation));
  }
  auto key = checked.verdict.keys.begin();
  for (const auto& violation : checked.verdict.violations) {
    while (key->key != history.operations[violation.read].key) ++key;
    if (is_told(*key, violation)) continue;
    if (total++ >= told_of_history_max) continue;
    std::vector<OperationIndex> operations;
    if (violation.against != verify::no_operation) operations.push_back(violation.against);
    operations.push_back(violation.read);
    json.push_back(
        json_of_violation(history, history.operations[violation.read].key, violation.kind, operations));
  }
  return json;
}

Json json_of_k(const std::optional<verify::VersionsBehind>& k) {
  if (!k) return {{"low", nullptr}, {"high", nullptr}};
  return {{"low", k->low}, {"high", json_of(k->high)}};
}

Json json_of_quantiles(const verify::Quantiles& q, const std::string& unit) {
  const auto value = [&q](verify::Nanos v) { return q.count == 0 ? Json(nullptr) : Json(v); };
  return {{"count", q.count},           {"mean" + unit, value(q.mean)}, {"p50" + unit, value(q.p50)},
          {"p90" + unit, value(q.p90)}, {"p99" + unit, value(q.p99)},   {"p999" + unit, value(q.p999)},
          {"max" + unit, value(q.max)}};
}

Json json_of_session(const History& history, const verify::Session& session) {
  return {{"holds", json_of(session.holds)}, {"cycle", json_of_operations(history, session.cycle)}};
}

// Where no key was measured: nothing of it is known.
Json json_of_unmeasured_reads() {
  Json json;
  for (const auto* name : {"total", "stale", "certainly_old", "max_age_ns", "max_lag", "inversions", "age",
                           "lag", "stale_after", "behind_by"}) {
    json[name] = nullptr;
  }
  return json;
}

Json json_of_reads(const CheckedHistory& checked) {
  const auto& verdict = checked.verdict;
  if (verdict.measured == 0 && !verdict.keys.empty()) return json_of_unmeasured_reads();
  const bool any_age = verdict.ages.count != 0;
  const auto count = [&verdict](verify::ViolationKind kind) {
    return std::ranges::count(verdict.violations, kind, &verify::ReadViolation::kind);
  };
  Json json;
  json["total"] = verdict.reads;
  json["stale"] = count(verify::ViolationKind::stale_read);
  json["certainly_old"] = verdict.old_reads.size();
  json["max_age_ns"] = any_age ? Json(verdict.ages.max) : Json(nullptr);
  json["max_lag"] = verdict.lags.count != 0 ? Json(verdict.lags.max)
                                            : Json(verdict.measured != 0 ? Json(0) : Json(nullptr));
  json["inversions"] = count(verify::ViolationKind::inversion);
  json["age"] = json_of_quantiles(verdict.ages, "_ns");
  json["lag"] = json_of_quantiles(verdict.lags, "");
  Json after = Json::array();
  for (const auto& point : verdict.stale_after) {
    after.push_back({{"from_ns", point.from}, {"reads", point.reads}, {"stale", point.stale}});
  }
  json["stale_after"] = std::move(after);
  Json behind = Json::array();
  for (const auto& point : verdict.behind_by) {
    behind.push_back({{"versions", point.versions}, {"reads", point.reads}});
  }
  json["behind_by"] = std::move(behind);
  return json;
}

// Of keys that were measured, by times that the history has.
bool has_windows(const CheckedHistory& checked) {
  return checked.history.timed && (checked.verdict.measured != 0 || checked.verdict.keys.empty());
}

Json json_of_windows(const CheckedHistory& checked) {
  if (!has_windows(checked)) return nullptr;
  Json json = Json::array();
  for (const auto& window : checked.verdict.windows) {
    if (json.size() == told_of_history_max) break;
    json.push_back({{"key", checked.history.keys.at(window.key)},
                    {"value", json_of_value(checked.history, window.value)},
                    {"from_ns", window.from},
                    {"to_ns", window.to}});
  }
  return json;
}

Json json_of_history(const CheckedHistory& checked) {
  const auto& history = checked.history;
  const auto& verdict = checked.verdict;
  Json json;
  json["file"] = checked.file;
  json["format"] = verify::formats::format_names[static_cast<std::size_t>(checked.format)];
  json["strategy"] = history.strategy.empty() ? Json(nullptr) : Json(history.strategy);
  json["run"] = history.run < 0 ? Json(nullptr) : Json(history.run);
  json["operations"] = verdict.operations;
  json["keys"] = verdict.keys.size();
  json["clients"] = history.clients.size();
  json["skipped"] = checked.skipped;
  json["cut_off"] = checked.cut_off.has_value();
  json["linearizable"] = json_of(verdict.linearizable);
  json["undecided"] = verdict.linearizable ? Json(nullptr) : Json(undecided_name(verdict.undecided));
  std::uint64_t violations = 0;
  json["violations"] = json_of_violations(checked, violations);
  json["violations_total"] = violations;
  json["measured_keys"] = verdict.measured;
  json["delta_ns"] = history.timed ? json_of(verdict.delta) : Json(nullptr);
  json["gamma_ns"] = history.timed ? json_of(verdict.gamma) : Json(nullptr);
  json["k"] = json_of_k(verdict.k);
  json["reads"] = json_of_reads(checked);
  for (const auto& [name, words, of] : verify::session_guarantees) {
    json["sessions"][name] = json_of_session(history, verdict.sessions.*of);
  }
  json["windows"] = json_of_windows(checked);
  json["windows_total"] = has_windows(checked) ? Json(verdict.windows.size()) : Json(nullptr);
  return json;
}

}  // namespace

std::string check_document(const CheckResult& result) {
  Json document;
  document["cacherace"] = result.version;
  document["command"] = "check";
  document["scenario"] = nullptr;
  document["complete"] = result.complete;
  document["histories"] = Json::array();
  for (const auto& checked : result.histories) document["histories"].push_back(json_of_history(checked));
  return text_of(document);
}

}  // namespace cacherace::reports
