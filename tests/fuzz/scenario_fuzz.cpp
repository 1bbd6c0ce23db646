// Any bytes as a scenario. The part behind the first NUL byte, if there is one, is the file that it names.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "scenarios/reader.hpp"

using namespace cacherace::scenarios;

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto text = input.substr(0, input.find('\0'));
  const auto file =
      text.size() < size ? input.substr(text.size() + 1) : std::string_view("upper_ns,count\n10,1\n");
  const auto result = read_scenario(
      text, "fuzz.json",
      [file](const std::string&) -> std::variant<std::string, Fault> { return std::string(file); });
  if (const auto* scenario = std::get_if<Scenario>(&result)) {
    demand(!scenario->strategies.empty() && !scenario->setup.clients.empty());
    for (const auto& latency : scenario->setup.service) {
      for (const double fraction : {0.0, 0.5, 0.999999})
        demand(latency.at(fraction) >= latency.support().min);
    }
    return 0;
  }
  const auto& faults = std::get<std::vector<Fault>>(result);
  demand(!faults.empty());
  for (const auto& fault : faults) demand(!to_text(fault).empty() && fault.line <= size + 1);
  return 0;
}
