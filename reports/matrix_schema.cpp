#include "reports/matrix.hpp"

namespace cacherace::reports {

std::string_view matrix_schema() {
  return R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "The document of `cacherace matrix --format json`",
  "type": "object",
  "additionalProperties": false,
  "required": ["cacherace", "command", "scenario", "complete", "clients", "mode", "faults", "strategies"],
  "properties": {
    "cacherace": {"type": "string", "description": "the version"},
    "command": {"const": "matrix"},
    "scenario": {"type": "string"},
    "complete": {"type": "boolean",
     "description": "false: a limit or an interruption came before the answer to a cell"},
    "clients": {"type": "string", "description": "how many write and read, one operation each"},
    "mode": {"const": "untimed"},
    "faults": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "meaning", "forms", "mode"],
        "properties": {
          "name": {"type": "string"},
          "meaning": {"type": "string"},
          "forms": {"type": "integer", "minimum": 1, "description": "each is tried alone"},
          "mode": {"enum": ["untimed", "runs"],
           "description": "runs: the fault is about instants, so runs by the scenario's latencies meet it"}
        }
      }
    },
    "strategies": {"type": "array", "items": {"$ref": "#/$defs/row"}}
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "start": {"enum": ["cold", "cached"], "description": "whether the key is cached at the start"},
    "form": {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1},
     "description": "the fault, as a scenario lists it, without times"},
    "row": {
      "type": "object",
      "additionalProperties": false,
      "required": ["strategy", "parameters", "cells"],
      "properties": {
        "strategy": {"type": "string"},
        "parameters": {"type": "object"},
        "cells": {"type": "array", "items": {"$ref": "#/$defs/cell"},
         "description": "in the order of the faults"}
      }
    },
    "cell": {
      "type": "object",
      "additionalProperties": false,
      "required": ["fault", "verdict", "complete", "states", "property", "length"],
      "properties": {
        "fault": {"type": "string"},
        "verdict": {
          "enum": [
            "not_applicable", "safe", "not_met", "unknown", "transient", "hangs", "lost_write", "stuck"
          ]
        },
        "complete": {"type": "boolean", "description": "all orders were explored, or all runs made"},
        "states": {"$ref": "#/$defs/count"},
        "property": {"type": ["string", "null"], "description": "what the witness shows"},
        "length": {"type": ["integer", "null"], "minimum": 0,
         "description": "steps of the shortest way to it"},
        "command": {"type": "string", "description": "makes this cell again, and shows what is wrong"},
        "start": {"$ref": "#/$defs/start"},
        "faults": {"$ref": "#/$defs/form"},
        "witness": {
          "type": "object",
          "required": ["steps", "schedule", "reason"],
          "properties": {
            "steps": {"type": "array", "items": {"type": "object", "required": ["step"]}},
            "schedule": {"type": "string"},
            "reason": {"type": "string"}
          }
        },
        "sampled": {
          "type": "object",
          "additionalProperties": false,
          "required": ["runs", "start", "faults", "linearizability", "stuck", "first_violation"],
          "properties": {
            "runs": {"$ref": "#/$defs/count"},
            "start": {"$ref": "#/$defs/start"},
            "faults": {"$ref": "#/$defs/form"},
            "linearizability": {"$ref": "#/$defs/estimate"},
            "stuck": {"$ref": "#/$defs/estimate"},
            "first_violation": {
              "description": "the first run where something is wrong, and its worst; null: none",
              "oneOf": [
                {"type": "null"},
                {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["run", "kind"],
                  "properties": {"run": {"$ref": "#/$defs/count"}, "kind": {"type": "string"}}
                }
              ]
            }
          }
        },
        "without_fault": {
          "type": "object",
          "additionalProperties": false,
          "required": ["linearizability", "stuck"],
          "description": "where sampled runs have the fault alone: the same runs without it",
          "properties": {
            "linearizability": {"$ref": "#/$defs/estimate"},
            "stuck": {"$ref": "#/$defs/estimate"}
          }
        }
      },
      "dependentRequired": {"witness": ["start", "faults"]}
    },
    "estimate": {
      "type": "object",
      "required": ["estimate", "low", "high", "confidence", "method"],
      "properties": {
        "estimate": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "low": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "high": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "confidence": {"type": "number"},
        "method": {"type": "string"}
      }
    }
  }
})json";
}

}  // namespace cacherace::reports
