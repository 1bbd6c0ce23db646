#include "reports/risk.hpp"

namespace cacherace::reports {

std::string_view tune_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace tune --format json`",
  "type": "object",
  "required": ["cacherace", "command", "scenario", "complete", "strategy", "parameters", "parameter",
   "method",
               "property", "range", "safe_ns", "unsafe_ns", "resolution_ns", "monotone",
                "unsafe_intervals", "covers",
               "witness", "certificate", "points", "expectations", "verdict"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "tune"},
    "scenario": {"type": "string"},
    "complete": {"type": "boolean",
     "description": "false: a limit or an interruption came before the answer"},
    "strategy": {"type": "string"},
    "parameters": {"type": "object"},
    "parameter": {"type": "string"},
    "method": {"enum": ["exact", "risk"]},
    "property": {"enum": ["stuck", "stale_read", "inversion", "nonlinearizable", "dirty_read", "cache_ahead",
                          "lost_write", "deadlock"]},
    "range": {"$ref": "#/$defs/range"},
    "safe_ns": {"$ref": "#/$defs/ns_or_null", "description": "the smallest safe value; null: none was found"},
    "unsafe_ns": {"$ref": "#/$defs/ns_or_null",
     "description": "the greatest unsafe value; null: none was found"},
    "resolution_ns": {"$ref": "#/$defs/ns"},
    "monotone": {"type": ["boolean", "null"],
     "description": "larger is safer throughout; risk: nothing measured says otherwise"},
    "unsafe_intervals": {"type": "array", "items": {"$ref": "#/$defs/range"},
     "description": "risk: of values whose own interval is above the bound"},
    "reason": {"type": "string", "description": "why there is no safe, or no unsafe value"},
    "expectations": {"type": "array", "items": {"type": "object", "required": ["figure", "observed",
     "verdict"]}},
    "verdict": {"enum": ["held", "failed", "unknown"]}
  },
  "if": {"properties": {"method": {"const": "exact"}}},
  "then": {
    "properties": {
      "covers": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["leg", "bound", "ns"],
          "properties": {"leg": {"type": "string"}, "bound": {"enum": ["at most", "at least"]},
           "ns": {"type": "integer"}}
        }
      },
      "witness": {"type": ["object", "null"]},
      "certificate": {"type": ["object", "null"]},
      "points": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["value_ns", "safe"],
          "properties": {"value_ns": {"$ref": "#/$defs/ns"}, "safe": {"type": "boolean"}}
        }
      }
    }
  },
  "else": {
    "required": ["risk", "seed", "safe_is_exact", "impossible_from_ns", "confidence", "sample", "instead",
     "answer"],
    "properties": {
      "risk": {"$ref": "#/$defs/share", "description": "the share of runs that may be bad"},
      "seed": {"type": "integer", "minimum": 0},
      "safe_is_exact": {"type": "boolean", "description": "the safe value is that of --exact"},
      "impossible_from_ns": {"$ref": "#/$defs/ns_or_null",
       "description": "the threshold of --exact; null: not known"},
      "stopped_at_ns": {"$ref": "#/$defs/ns_or_null",
       "description": "where a search that was stopped had come to: nothing is known from it"},
      "confidence": {
        "type": "object",
        "additionalProperties": false,
        "required": ["joint", "safe_error", "unsafe_error"],
        "description": "the error of each answer, and with what both hold",
        "properties": {
          "joint": {"type": "number"}, "safe_error": {"type": "number"}, "unsafe_error": {"type": "number"}
        }
      },
      "sample": {
        "type": "object",
        "required": ["kind", "incomplete_runs"],
        "properties": {
          "kind": {"enum": ["plain", "importance", "splitting"],
           "description": "how the reported runs were drawn; splitting is multilevel splitting"},
          "runs_of_each_value": {"type": "integer", "minimum": 0},
          "replications": {"type": "integer", "minimum": 0},
          "incomplete_runs": {"type": "integer", "minimum": 0}
        }
      },
      "covers": {
        "type": "object",
        "additionalProperties": false,
        "required": ["runs", "median_ns", "terms"],
        "properties": {
          "runs": {"type": "integer", "minimum": 0, "description": "bad ones that were looked at"},
          "median_ns": {"$ref": "#/$defs/ns", "description": "of the sum: so long a sleep would not do"},
          "terms": {
            "type": "array",
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["leg", "median_ns"],
              "properties": {"leg": {"type": "string"},
                             "median_ns": {"type": "integer", "description": "less than 0: taken off"}}
            }
          }
        }
      },
      "witness": {"type": "null"},
      "certificate": {"type": "null"},
      "points": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["value_ns", "risk", "risk_from_here_on", "latency", "state_time_share"],
          "properties": {
            "value_ns": {"$ref": "#/$defs/ns"},
            "risk": {"$ref": "#/$defs/estimate", "description": "that a run is bad at the value"},
            "risk_from_here_on": {"$ref": "#/$defs/estimate",
             "description": "that a run is bad at the value or, with the same draws, at a later point"},
            "latency": {"anyOf": [{"$ref": "#/$defs/latency"}, {"type": "null"}]},
            "state_time_share": {"type": ["number", "null"], "minimum": 0, "maximum": 1}
          }
        }
      },
      "instead": {
        "type": "array",
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["strategy", "parameters", "runs", "stuck", "stale_share", "heals_after_max_ns",
           "latency",
                       "state_time_share"],
          "properties": {
            "strategy": {"type": "string"},
            "parameters": {"type": "object"},
            "runs": {"type": "integer", "minimum": 0},
            "stuck": {"$ref": "#/$defs/estimate"},
            "stale_share": {"$ref": "#/$defs/estimate"},
            "heals_after_max_ns": {"$ref": "#/$defs/ns_or_null"},
            "latency": {"$ref": "#/$defs/latency"},
            "state_time_share": {"type": ["number", "null"], "minimum": 0, "maximum": 1}
          }
        }
      },
      "answer": {"type": "array", "items": {"type": "string"}}
    }
  },
  "$defs": {
    "ns": {"type": "integer", "minimum": 0},
    "ns_or_null": {"type": ["integer", "null"], "minimum": 0},
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "range": {
      "type": "object",
      "additionalProperties": false,
      "required": ["from_ns", "to_ns"],
      "properties": {"from_ns": {"$ref": "#/$defs/ns"}, "to_ns": {"$ref": "#/$defs/ns"}}
    },
    "latency": {
      "type": "object",
      "required": ["write"],
      "properties": {
        "write": {
          "type": "object",
          "required": ["p50_ns", "p99_ns"],
          "properties": {"p50_ns": {"$ref": "#/$defs/ns_or_null"}, "p99_ns": {"$ref": "#/$defs/ns_or_null"}}
        }
      }
    },
    "estimate": {
      "type": "object",
      "required": ["estimate", "low", "high", "confidence", "method"],
      "properties": {
        "estimate": {"type": ["number", "null"], "minimum": 0},
        "low": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "high": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "confidence": {"type": "number"},
        "method": {"type": "string"},
        "settled": {"type": "boolean", "description": "the upper end is to be relied on"}
      }
    }
  }
})json";
}

}  // namespace cacherace::reports
