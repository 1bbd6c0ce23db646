#include "scenarios/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "scenarios/simulation.hpp"

namespace cacherace::scenarios {
namespace {

using Json = nlohmann::ordered_json;

constexpr int format_version = 1;

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

// A recording is written by this program alone; a hand in it is told where it went wrong, not how to mend it.
class Reader {
 public:
  Reader(const Json& document, std::string file) : document_(document), file_(std::move(file)) {}

  std::variant<Recording, std::vector<Fault>> read() {
    if (!document_.is_object() || !document_.contains("recording")) return fault("", "this is no recording");
    if (document_["recording"] != format_version) {
      return fault("/recording", "this recording is of another version of the format; record it again");
    }
    for (const char* name : {"scenario", "digest", "strategy"}) {
      if (!has(name, Json::value_t::string)) return fault(std::string("/") + name, "expected a text");
    }
    for (const char* name : {"files", "parameters"}) {
      if (!has(name, Json::value_t::object)) return fault(std::string("/") + name, "expected an object");
    }
    for (const char* name : {"seed", "run"}) {
      if (!has(name, Json::value_t::number_unsigned))
        return fault(std::string("/") + name, "expected a count");
    }
    return read_parts();
  }

 private:
  bool has(const char* name, Json::value_t type) const {
    return document_.contains(name) && document_[name].type() == type;
  }

  std::vector<Fault> fault(std::string pointer, std::string message) const {
    return {{.file = file_, .pointer = std::move(pointer), .message = std::move(message)}};
  }

  std::variant<Recording, std::vector<Fault>> read_parts() {
    for (const auto& [name, text] : document_["files"].items()) {
      if (!text.is_string()) return fault("/files/" + name, "expected a text");
    }
    const auto load = [this](const std::string& path) -> std::variant<std::string, Fault> {
      const Json& files = document_["files"];
      if (files.contains(path)) return files[path].get<std::string>();
      return Fault{.file = path, .message = "the recording does not hold this file"};
    };
    auto scenario = read_scenario(document_["scenario"].get<std::string>(), file_ + " (its scenario)", load);
    if (auto* faults = std::get_if<std::vector<Fault>>(&scenario)) return std::move(*faults);
    const auto* info = strategies::find_strategy(document_["strategy"].get<std::string>());
    if (info == nullptr) return fault("/strategy", "there is no strategy of this name");
    Recording recording{std::move(std::get<Scenario>(scenario)),
                        {info, strategies::Parameters(info->parameters)},
                        document_["run"].get<std::uint64_t>(),
                        0};
    recording.scenario.seed = document_["seed"].get<std::uint64_t>();
    if (const auto wrong = read_parameters(recording.strategy))
      return fault("/parameters/" + *wrong, "no such value");
    const auto digest = document_["digest"].get<std::string>();
    const auto end = digest.data() + digest.size();
    const auto parsed = std::from_chars(digest.data(), end, recording.digest, 16);
    if (parsed.ec != std::errc() || parsed.ptr != end)
      return fault("/digest", "expected a hexadecimal number");
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
  document["run"] = recording.run;
  document["digest"] = fmt::format("{:016x}", recording.digest);
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
