#include "reports/replay.hpp"

namespace cacherace::reports {

std::string_view replay_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace replay --format json`",
  "type": "object",
  "additionalProperties": false,
  "required": ["cacherace", "command", "scenario", "complete", "strategy", "parameters", "mode", "at_first",
               "steps", "violations"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "replay"},
    "scenario": {"type": "string"},
    "complete": {"type": "boolean", "description": "false: the run met a limit, and is not judged"},
    "strategy": {"type": "string"},
    "parameters": {"type": "object", "description": "the values of all, durations as …_ns"},
    "mode": {"enum": ["timed", "untimed"]},
    "at_first": {"type": "array", "items": {"$ref": "#/$defs/holds"},
     "description": "of each key that is met"},
    "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}},
    "windows": {"type": "array", "items": {"$ref": "#/$defs/window"}, "description": "of a timed execution"},
    "violations": {
      "type": ["object", "null"],
      "description": "by property, only those that there are; null: it is not judged",
      "additionalProperties": {
        "type": ["object", "null"],
        "description": "what led to it, as a witness of `explore`; null: it is too long to find out",
        "required": ["steps", "deciding_step", "cause", "reason"]
      }
    }
  },
  "$defs": {
    "version": {"type": ["string", "null"], "description": "v0 at first, v1 after write 1; null: nothing"},
    "holds": {
      "type": "object",
      "additionalProperties": false,
      "required": ["key", "redis", "mysql", "replicas"],
      "properties": {
        "key": {"type": "string"},
        "redis": {"$ref": "#/$defs/version"},
        "mysql": {"$ref": "#/$defs/version"},
        "replicas": {"type": "array", "items": {"$ref": "#/$defs/version"}},
        "queue": {"type": "string", "description": "the versions whose messages are on their way"}
      }
    },
    "step": {
      "type": "object",
      "additionalProperties": false,
      "required": ["who", "step"],
      "properties": {
        "at_ns": {"type": "integer", "minimum": 0},
        "step_number": {"type": "integer", "minimum": 0, "description": "instead, in an untimed order"},
        "who": {"type": "string", "description": "a client, or redis, mysql, queue"},
        "step": {"type": "string"},
        "holds": {"$ref": "#/$defs/holds", "description": "after it, where it changes what is held"},
        "violates": {"const": true, "description": "a read returned here what it must not"}
      }
    },
    "window": {
      "type": "object",
      "additionalProperties": false,
      "required": ["key", "from_ns", "to_ns", "open_at_end", "cause"],
      "properties": {
        "key": {"type": "string"},
        "from_ns": {"type": "integer"},
        "to_ns": {"type": "integer"},
        "open_at_end": {"type": "boolean"},
        "cause": {"type": "string"}
      }
    }
  }
})json";
}

}  // namespace cacherace::reports
