// What sorts of commands there are.
#pragma once

#include "models/servers.hpp"

namespace cacherace::models {

inline bool is_redis(Command command) {
  return command == Command::get || command == Command::set || command == Command::del ||
         command == Command::script || command == Command::wait;
}

inline bool changes_something(Command command) {
  return command != Command::get && command != Command::select && command != Command::wait;
}

// Whether the value, or a commit, is not what it should be where the request fails. A SELECT that fails makes
// its read fail, which says all.
inline bool fails_telling(const Request& request) {
  switch (request.command) {
    case Command::select:
    case Command::rollback:
    case Command::wait:
      return false;
    case Command::set:
      return !request.slot;
    case Command::script:
      return request.script->touches_value;
    default:
      return true;
  }
}

}  // namespace cacherace::models
