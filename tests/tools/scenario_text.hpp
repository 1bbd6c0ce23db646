// A scenario in which two strategies behave differently, quick to run.
#pragma once

#include <string>

namespace cacherace::tools {

inline const std::string late_fill = R"({
  "name": "late fill",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}},
  "mysql": {"latency": {"uniform": ["2ms", "10ms"]}},
  "clients": [
    {"name": "writer", "do": ["write"], "start": {"uniform": ["0ms", "10ms"]}},
    {"name": "reader", "count": 2, "do": ["read"], "start": {"uniform": ["0ms", "20ms"]}, "repeat": 2}
  ],
  "strategies": ["ttl-only", {"name": "delayed-double-delete", "sleep": "50ms"}],
  "runs": 50,
  "seed": 3
})";

// The same with one more key: an expectation, say.
inline std::string late_fill_with(const std::string& key_and_value) {
  return late_fill.substr(0, late_fill.rfind('\n')) + ",\n  " + key_and_value + "\n}";
}

}  // namespace cacherace::tools
