#include "reports/compare.hpp"

namespace cacherace::reports {

std::string_view compare_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace compare --format json`",
  "type": "object",
  "additionalProperties": false,
  "required": ["cacherace", "command", "scenario", "complete", "a", "b", "remarks", "strategies", "verdict"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "compare"},
    "scenario": {"type": ["string", "null"], "description": "null: the sides are of different scenarios"},
    "complete": {"type": "boolean", "description": "false: a side, or this comparison, was not finished"},
    "a": {"$ref": "#/$defs/side"},
    "b": {"$ref": "#/$defs/side"},
    "remarks": {"type": "array", "items": {"type": "string"}},
    "strategies": {"type": "array", "items": {"$ref": "#/$defs/strategy"}},
    "verdict": {"enum": ["held", "failed", "unknown"], "description": "of all conditions of --fail-on"}
  },
  "$defs": {
    "number": {"type": ["number", "null"]},
    "side": {
      "type": "object",
      "additionalProperties": false,
      "required": ["file", "cacherace", "scenario", "seed"],
      "properties": {
        "file": {"type": "string"},
        "cacherace": {"type": "string", "description": "the version that made it"},
        "scenario": {"type": "string"},
        "seed": {"type": "integer", "minimum": 0}
      }
    },
    "strategy": {
      "type": "object",
      "additionalProperties": false,
      "required": ["a", "b", "pairing", "pairs", "differences", "conditions"],
      "properties": {
        "a": {"type": "string"},
        "b": {"type": "string"},
        "pairing": {"enum": ["apart", "paired", "identical"],
         "description": "apart: by the figures alone; paired: run by run; identical: the same strategy, too"},
        "pairs": {"type": "integer", "minimum": 0, "description": "of runs; 0 where apart"},
        "differences": {"type": "array", "items": {"$ref": "#/$defs/difference"}},
        "conditions": {"type": "array", "items": {"$ref": "#/$defs/condition"}}
      }
    },
    "difference": {
      "type": "object",
      "additionalProperties": false,
      "required": ["figure", "a", "b", "difference", "low", "high", "confidence", "method"],
      "properties": {
        "figure": {"type": "string", "description": "a path into a strategy's result of `run`"},
        "a": {"$ref": "#/$defs/number"},
        "b": {"$ref": "#/$defs/number"},
        "difference": {"$ref": "#/$defs/number", "description": "b - a; null where a side has no value"},
        "low": {"$ref": "#/$defs/number", "description": "null: there is no interval"},
        "high": {"$ref": "#/$defs/number"},
        "confidence": {"$ref": "#/$defs/number"},
        "method": {"type": ["string", "null"]}
      }
    },
    "condition": {
      "type": "object",
      "additionalProperties": false,
      "required": ["fail_on", "figure", "observed", "relative", "verdict", "remark"],
      "properties": {
        "fail_on": {"type": "string", "description": "as typed"},
        "figure": {"type": "string"},
        "observed": {"$ref": "#/$defs/number",
         "description": "the change; relative: as a share of a, null where that is 0"},
        "relative": {"type": "boolean"},
        "verdict": {"enum": ["held", "failed", "undecided"]},
        "remark": {"type": "string", "description": "of undecided: what would decide"}
      }
    }
  }
}
)json";
}

}  // namespace cacherace::reports
