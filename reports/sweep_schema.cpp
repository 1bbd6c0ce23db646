#include "reports/sweep.hpp"

namespace cacherace::reports {

std::string_view sweep_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace run --sweep … --format json`",
  "type": "object",
  "additionalProperties": false,
  "required": ["cacherace", "command", "scenario", "complete", "seed", "runs", "axes", "points", "verdict"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "sweep"},
    "scenario": {"type": "string"},
    "complete": {"type": "boolean", "description": "false: interrupted, or a point met a limit"},
    "seed": {"type": "integer", "minimum": 0},
    "runs": {"type": "integer", "minimum": 1, "description": "of each strategy at each point"},
    "axes": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["field", "values"],
        "properties": {
          "field": {"type": "string", "description": "a path into the scenario"},
          "values": {"type": "array", "minItems": 1, "items": {"type": "string"}}
        }
      }
    },
    "points": {
      "type": "array",
      "description": "every combination, the last axis fastest",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["settings", "result"],
        "properties": {
          "settings": {"type": "object", "additionalProperties": {"type": "string"}},
          "result": {"type": "object", "properties": {"command": {"const": "run"}},
           "description": "the document of `cacherace run --format json`"}
        }
      }
    },
    "verdict": {"enum": ["held", "failed", "unknown"]}
  }
}
)json";
}

}  // namespace cacherace::reports
