#include "scenarios/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "scenarios/durations.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::scenarios {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 2;

// FNV-1a (Fowler, Noll, Vo) over numbers, byte by byte.
class Digest {
 public:
  void add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) {
      value_ = (value_ ^ ((number >> (8 * byte)) & 0xffU)) * 0x100000001b3U;
    }
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t raw(std::int64_t number) {
  return static_cast<std::uint64_t>(number);
}

Json parameters_of(const StrategyChoice& strategy) {
  Json parameters = Json::object();
  for (const auto& declared : strategy.parameters.declared()) {
    parameters[std::string(declared.name)] = strategy.parameters.raw(declared.name);
  }
  return parameters;
}

Json json_of(const RecordedRun& run) {
  return {{"run", run.run}, {"digest", fmt::format("{:016x}", run.digest)}};
}

Json json_of(const RecordedOrder& order) {
  return {{"property", order.property}, {"schedule", order.schedule}};
}

Json json_of(const Certificate& certificate) {
  const auto nanos_or_null = [](const std::optional<sim::Duration>& duration) {
    return duration ? Json(sim::nanos(*duration)) : Json();
  };
  return {{"parameter", certificate.parameter},
          {"property", certificate.property},
          {"from_ns", sim::nanos(certificate.from)},
          {"to_ns", sim::nanos(certificate.to)},
          {"safe_ns", nanos_or_null(certificate.safe)},
          {"unsafe_ns", nanos_or_null(certificate.unsafe)},
          {"states", certificate.states},
          {"classes", certificate.classes},
          {"digest", certificate.digest},
          {"schedule", certificate.schedule}};
}

// By the index of Recording::content.
constexpr std::array<const char*, 3> content_names = {"run", "order", "certificate"};

// A recording is written by this program alone; a hand in it is told where it went wrong, not how to mend it.
class Reader {
 public:
  Reader(const Json& document, std::string file) : document_(document), file_(std::move(file)) {}

  std::variant<Recording, std::vector<Fault>> read() {
    if (!document_.is_object() || !document_.contains("recording")) return fault("", "this is no recording");
    if (document_["recording"] != format_version) {
      return fault("/recording", "this recording is of another version of the format; record it again");
    }
    const auto content = std::ranges::find_if(
        content_names, [this](const char* name) { return has(document_, name, Json::value_t::object); });
    if (content == content_names.end()) return fault("", "it holds no run, order or certificate");
    std::optional<Recording> read = read_scenario_and_strategy();
    if (!read) return faults_;
    Recording& recording = *read;
    const Json& inner = document_[*content];
    pointer_ = std::string("/") + *content;
    switch (content - content_names.begin()) {
      case 0:
        recording.content = RecordedRun{count(inner, "run"), hexadecimal(inner, "digest")};
        break;
      case 1:
        recording.content = RecordedOrder{text(inner, "property"), text(inner, "schedule")};
        break;
      default:
        recording.content = read_certificate(inner);
    }
    if (!faults_.empty()) return faults_;
    return std::move(recording);
  }

 private:
  static bool has(const Json& object, const char* name, Json::value_t type) {
    return object.contains(name) && object[name].type() == type;
  }

  std::vector<Fault> fault(std::string pointer, std::string message) const {
    return {{.file = file_, .pointer = std::move(pointer), .message = std::move(message)}};
  }
  std::nullopt_t complain(const std::string& pointer, std::string message) {
    faults_.push_back({.file = file_, .pointer = pointer, .message = std::move(message)});
    return std::nullopt;
  }

  std::string text(const Json& object, const char* name) {
    if (has(object, name, Json::value_t::string)) return object[name].get<std::string>();
    complain(pointer_ + "/" + name, "expected a text");
    return {};
  }
  std::uint64_t count(const Json& object, const char* name) {
    if (has(object, name, Json::value_t::number_unsigned)) return object[name].get<std::uint64_t>();
    complain(pointer_ + "/" + name, "expected a count");
    return 0;
  }
  std::uint64_t hexadecimal(const Json& object, const char* name) {
    const std::string digits = text(object, name);
    std::uint64_t value = 0;
    const auto* const end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end) {
      complain(pointer_ + "/" + name, "expected a hexadecimal number");
    }
    return value;
  }
  sim::Duration duration(const Json& object, const char* name) {
    const std::uint64_t ns = count(object, name);
    if (ns > static_cast<std::uint64_t>(sim::nanos(longest_duration))) {
      complain(pointer_ + "/" + name, "expected nanoseconds, up to 100,000 h");
      return {};
    }
    return sim::Duration(static_cast<std::int64_t>(ns));
  }
  std::optional<sim::Duration> duration_or_null(const Json& object, const char* name) {
    if (object.contains(name) && object[name].is_null()) return std::nullopt;
    return duration(object, name);
  }

  Certificate read_certificate(const Json& inner) {
    Certificate certificate{text(inner, "parameter"), text(inner, "property")};
    certificate.from = duration(inner, "from_ns");
    certificate.to = duration(inner, "to_ns");
    certificate.safe = duration_or_null(inner, "safe_ns");
    certificate.unsafe = duration_or_null(inner, "unsafe_ns");
    certificate.states = count(inner, "states");
    certificate.classes = count(inner, "classes");
    certificate.digest = text(inner, "digest");
    certificate.schedule = text(inner, "schedule");
    return certificate;
  }

  // With a content that is still to be read.
  std::optional<Recording> read_scenario_and_strategy() {
    for (const char* name : {"files", "parameters"}) {
      if (!has(document_, name, Json::value_t::object)) {
        return complain(std::string("/") + name, "expected an object");
      }
    }
    for (const auto& [name, held] : document_["files"].items()) {
      if (!held.is_string()) return complain("/files/" + name, "expected a text");
    }
    const std::string scenario_text = text(document_, "scenario"), strategy = text(document_, "strategy");
    std::string clients = text(document_, "clients");
    const std::uint64_t seed = count(document_, "seed");
    if (!faults_.empty()) return std::nullopt;
    auto scenario = read_scenario(scenario_text, file_ + " (its scenario)", kept_files(document_["files"]));
    if (auto* faults = std::get_if<std::vector<Fault>>(&scenario)) {
      faults_ = std::move(*faults);
      return std::nullopt;
    }
    auto choice = choose_strategy(strategy, std::get<Scenario>(scenario).own_strategies);
    if (!choice) return complain("/strategy", "there is no strategy of this name");
    Recording recording{std::move(std::get<Scenario>(scenario)), std::move(*choice), std::move(clients),
                        RecordedRun{}};
    recording.scenario.seed = seed;
    if (const auto wrong = read_parameters(recording.strategy)) {
      return complain("/parameters/" + *wrong, "no such value");
    }
    return recording;
  }

  // The name of a parameter that is wrong or missing, if there is one.
  std::optional<std::string> read_parameters(StrategyChoice& strategy) const {
    const Json& parameters = document_["parameters"];
    for (const auto& declared : strategy.info->parameters) {
      const std::string name(declared.name);
      if (!parameters.contains(name) || !parameters[name].is_number_unsigned()) return name;
      const auto value = parameters[name].get<std::uint64_t>();
      if (!strategies::is_allowed(declared, value)) return name;
      strategy.parameters.set_raw(name, static_cast<std::int64_t>(value));
    }
    return std::nullopt;
  }

  const Json& document_;
  std::string file_;
  std::string pointer_;  // of the object that is being read
  std::vector<Fault> faults_;
};

}  // namespace

std::uint64_t digest_of_run(const Scenario& scenario, const StrategyChoice& strategy, std::uint64_t run) {
  Simulation simulation(scenario, strategy);
  const sim::RunEnd end = simulation.run(run);
  Digest digest;
  digest.add(raw(sim::nanos(end.at)));
  for (const models::Record& record : simulation.records()) {
    digest.add(raw(sim::nanos(record.at)));
    digest.add(raw(sim::nanos(record.until)));
    digest.add((std::uint64_t{record.client} << 32U) | record.operation);
    digest.add((std::uint64_t{models::index_of(record.key)} << 32U) | models::number_of(record.row.value));
    digest.add((std::uint64_t{record.row.version} << 8U) | static_cast<std::uint64_t>(record.fact));
  }
  return digest.value();
}

std::string write_recording(const Recording& recording) {
  Json document;
  document["recording"] = format_version;
  document["strategy"] = recording.strategy.info->name;
  document["parameters"] = parameters_of(recording.strategy);
  document["seed"] = recording.scenario.seed;
  document["clients"] = recording.clients;
  document[content_names[recording.content.index()]] =
      std::visit([](const auto& content) { return json_of(content); }, recording.content);
  document["scenario"] = recording.scenario.text;
  document["files"] = recording.scenario.files;
  return document.dump(2) + "\n";
}

std::variant<Recording, std::vector<Fault>> read_recording(std::string_view text, const std::string& file) {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    return std::vector<Fault>{{.file = file, .message = "this is no JSON document, so no recording"}};
  }
  return Reader(document, file).read();
}

}  // namespace cacherace::scenarios
