#include "reports/check_json.hpp"

namespace cacherace::reports {

std::string_view check_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace check --format json`",
  "type": "object",
  "additionalProperties": false,
  "required": ["cacherace", "command", "scenario", "complete", "histories"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "check"},
    "scenario": {"type": "null", "description": "there is none: a history may be of anything"},
    "complete": {"type": "boolean", "description": "false: a history is undecided, or was not reached"},
    "histories": {"type": "array", "items": {"$ref": "#/$defs/history"}}
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "count_or_null": {"type": ["integer", "null"], "minimum": 0},
    "value": {"type": ["integer", "string", "null"], "description": "null: nothing (nil)"},
    "operation": {
      "type": "object",
      "additionalProperties": false,
      "required": ["client", "op", "key", "value", "start", "end", "outcome"],
      "properties": {
        "client": {"type": ["integer", "string"]},
        "op": {"enum": ["read", "write", "cas", "append"]},
        "key": {"type": "string"},
        "value": {"$ref": "#/$defs/value"},
        "from": {"$ref": "#/$defs/value", "description": "of a cas: what must be there"},
        "start": {"$ref": "#/$defs/count_or_null", "description": "ns; null where the log has no times"},
        "end": {"$ref": "#/$defs/count_or_null", "description": "ns; null without times or without an end"},
        "outcome": {"enum": ["ok", "fail", "unknown"]},
        "events": {
          "type": "array", "items": {"$ref": "#/$defs/count_or_null"}, "minItems": 2, "maxItems": 2,
          "description": "places of invocation and return among the log's events, where these decide"
        }
      }
    },
    "operations": {"type": "array", "items": {"$ref": "#/$defs/operation"}},
    "session": {
      "type": "object",
      "additionalProperties": false,
      "required": ["holds", "cycle"],
      "properties": {
        "holds": {"type": ["boolean", "null"]},
        "cycle": {"$ref": "#/$defs/operations",
          "description": "a shortest chain that asks a version to be older than itself"}
      }
    },
    "ages": {
      "type": "object",
      "additionalProperties": false,
      "required": ["count", "mean_ns", "p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns"],
      "properties": {
        "count": {"$ref": "#/$defs/count"},
        "mean_ns": {"$ref": "#/$defs/count_or_null"}, "p50_ns": {"$ref": "#/$defs/count_or_null"},
        "p90_ns": {"$ref": "#/$defs/count_or_null"}, "p99_ns": {"$ref": "#/$defs/count_or_null"},
        "p999_ns": {"$ref": "#/$defs/count_or_null"}, "max_ns": {"$ref": "#/$defs/count_or_null"}
      }
    },
    "lags": {
      "type": "object",
      "additionalProperties": false,
      "required": ["count", "mean", "p50", "p90", "p99", "p999", "max"],
      "properties": {
        "count": {"$ref": "#/$defs/count"},
        "mean": {"$ref": "#/$defs/count_or_null"}, "p50": {"$ref": "#/$defs/count_or_null"},
        "p90": {"$ref": "#/$defs/count_or_null"}, "p99": {"$ref": "#/$defs/count_or_null"},
        "p999": {"$ref": "#/$defs/count_or_null"}, "max": {"$ref": "#/$defs/count_or_null"}
      }
    },
    "violation": {
      "type": "object",
      "additionalProperties": false,
      "required": ["key", "kind", "operations"],
      "properties": {
        "key": {"type": "string"},
        "kind": {"enum": ["nonlinearizable", "unwritten", "dirty_read", "early_read",
                          "stale_read", "inversion"]},
        "operations": {"$ref": "#/$defs/operations"},
        "first_bad": {
          "anyOf": [{"$ref": "#/$defs/operation"}, {"type": "null"}],
          "description": "of a witness: by returns, the first operation up to which nothing explains all"
        }
      }
    },
    "history": {
      "type": "object",
      "additionalProperties": false,
      "required": ["file", "format", "strategy", "run", "operations", "keys", "clients", "skipped", "cut_off",
                   "linearizable", "undecided", "violations", "violations_total", "measured_keys", "delta_ns",
                   "gamma_ns", "k", "reads", "sessions", "windows", "windows_total"],
      "properties": {
        "file": {"type": "string"},
        "format": {"enum": ["json-lines", "csv", "edn", "jepsen-log", "porcupine"]},
        "strategy": {"type": ["string", "null"]},
        "run": {"$ref": "#/$defs/count_or_null"},
        "operations": {"$ref": "#/$defs/count"},
        "keys": {"$ref": "#/$defs/count"},
        "clients": {"$ref": "#/$defs/count"},
        "skipped": {"$ref": "#/$defs/count",
          "description": "malformed entries of the file, left out by --skip-bad"},
        "cut_off": {"type": "boolean",
          "description": "the file ends in the middle of an entry, which was left out"},
        "linearizable": {"type": ["boolean", "null"], "description": "null: unknown"},
        "undecided": {"enum": [null, "steps", "memory", "stopped", "too_many_open", "left_out"],
          "description": "left_out: a read is of a value that only an entry left out can have written"},
        "violations": {
          "type": "array", "items": {"$ref": "#/$defs/violation"},
          "description": "the witness of each bad key, then every read that cannot be right"
        },
        "violations_total": {"$ref": "#/$defs/count", "description": "may be more than are told"},
        "measured_keys": {"$ref": "#/$defs/count",
          "description": "keys that reads, windows and sessions are of"},
        "delta_ns": {"$ref": "#/$defs/count_or_null"},
        "gamma_ns": {"$ref": "#/$defs/count_or_null"},
        "k": {
          "type": "object",
          "additionalProperties": false,
          "required": ["low", "high"],
          "properties": {"low": {"$ref": "#/$defs/count_or_null"}, "high": {"$ref": "#/$defs/count_or_null"}}
        },
        "reads": {
          "type": "object",
          "description": "of the keys that were measured; each null where no key was",
          "additionalProperties": false,
          "required": ["total", "stale", "certainly_old", "max_age_ns", "max_lag", "inversions",
                       "age", "lag", "stale_after", "behind_by"],
          "properties": {
            "total": {"$ref": "#/$defs/count_or_null"},
            "stale": {"$ref": "#/$defs/count_or_null",
              "description": "reads of a version older than one whose write had returned before"},
            "certainly_old": {"$ref": "#/$defs/count_or_null",
              "description": "reads of a value certainly overwritten, as writes or others' reads show"},
            "max_age_ns": {"$ref": "#/$defs/count_or_null",
              "description": "the greatest certain age: how long before a read its value was certainly old"},
            "max_lag": {"$ref": "#/$defs/count_or_null",
              "description": "by how many versions at most a read was certainly old"},
            "inversions": {"$ref": "#/$defs/count_or_null"},
            "age": {"anyOf": [{"$ref": "#/$defs/ages"}, {"type": "null"}]},
            "lag": {"anyOf": [{"$ref": "#/$defs/lags"}, {"type": "null"}]},
            "stale_after": {
              "type": ["array", "null"],
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["from_ns", "reads", "stale"],
                "properties": {
                  "from_ns": {"$ref": "#/$defs/count"}, "reads": {"$ref": "#/$defs/count"},
                  "stale": {"$ref": "#/$defs/count"}
                }
              },
              "description": "reads invoked so long after the latest write had returned; stale: certainly old"
            },
            "behind_by": {
              "type": ["array", "null"],
              "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["versions", "reads"],
                "properties": {"versions": {"$ref": "#/$defs/count"}, "reads": {"$ref": "#/$defs/count"}}
              },
              "description": "how many reads were certainly so many versions or more behind"
            }
          }
        },
        "sessions": {
          "type": "object",
          "additionalProperties": false,
          "required": ["read_your_writes", "monotonic_reads", "monotonic_writes", "writes_follow_reads"],
          "properties": {
            "read_your_writes": {"$ref": "#/$defs/session"},
            "monotonic_reads": {"$ref": "#/$defs/session"},
            "monotonic_writes": {"$ref": "#/$defs/session"},
            "writes_follow_reads": {"$ref": "#/$defs/session"}
          }
        },
        "windows": {
          "type": ["array", "null"],
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["key", "value", "from_ns", "to_ns"],
            "properties": {
              "key": {"type": "string"}, "value": {"$ref": "#/$defs/value"},
              "from_ns": {"type": "integer"}, "to_ns": {"type": "integer"}
            }
          },
          "description": "[from, to) in which a value was read though certainly overwritten; null: not known"
        },
        "windows_total": {"$ref": "#/$defs/count_or_null", "description": "may be more than are told"}
      }
    }
  }
}
)json";
}

}  // namespace cacherace::reports
