// Short hand for tests of readers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "verify/formats/reader.hpp"

namespace cacherace::verify::formats {

inline std::vector<std::string> faults_of(const Reading& reading) {
  std::vector<std::string> texts;
  if (reading.error) texts.push_back(*reading.error);
  for (const auto& fault : reading.faults.first()) {
    texts.push_back(std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " + fault.message);
  }
  if (reading.cut_off) texts.push_back("cut off: " + *reading.cut_off);
  return texts;
}

// "read k0 = 7 by c 5-9 ok", a line each.
inline std::string told(const History& history) {
  constexpr std::string_view kinds[] = {"read", "write", "cas", "append"};
  constexpr std::string_view outcomes[] = {"ok", "fail", "unknown"};
  const auto value = [&history](Value v) {
    if (v == History::nothing) return std::string("nil");
    return v < History::first_text ? std::to_string(v) : history.texts.at(v - History::first_text);
  };
  const auto time = [](Nanos at) { return at == never ? std::string("…") : std::to_string(at); };
  std::string text;
  for (std::size_t i = 0; i < history.operations.size(); ++i) {
    const Operation& o = history.operations[i];
    text += std::string(kinds[static_cast<std::size_t>(o.kind)]) + " " + history.keys.at(o.key) + " = ";
    if (o.kind == OperationKind::cas) text += value(o.from) + " -> ";
    text += value(o.value) + " by " + history.clients.at(o.client) + " " + time(o.start) + "-" + time(o.end);
    if (!history.clock.empty()) {
      text += " (" + time(history.clock[i].start) + "-" + time(history.clock[i].end) + ")";
    }
    text += " " + std::string(outcomes[static_cast<std::size_t>(o.outcome)]) + "\n";
  }
  return text;
}

}  // namespace cacherace::verify::formats
