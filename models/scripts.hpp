// The Lua scripts that strategies send: each with what it is at a Redis server, and what it does in the
// model. At a server the keys are KEYS[1] (the value: a hash with the fields value and version), and its
// slots in the order lock, lease, marker, tombstone, fresh, all with one hash tag; ARGV is value, version,
// token, ttl in ms.
#pragma once

#include <span>

#include "models/ports.hpp"

namespace cacherace::models {

// Sets the value only if its version is higher than the one cached, and not below a tombstone.
extern const Script set_if_newer;

// Deletes an older value and leaves a tombstone: until it expires, nothing older than the row sent is put
// into the cache by set_if_newer.
extern const Script bury;

// The value; where it is missing the lease, if nobody has it (`done`), or `busy`.
extern const Script get_or_lease;
// Sets the value only if the lease is still the caller's, and gives it back.
extern const Script set_with_lease;

// Gives the lock back if it is still the caller's.
extern const Script unlock;
// Sets the value only if the lock is still the caller's.
extern const Script set_if_locked;

// Deletes the value, voids the lease, and marks the key as being written; `_counted`: once more.
extern const Script mark;
extern const Script mark_counted;
// Takes the mark away; `_counted`: one of them.
extern const Script clear_mark;
extern const Script clear_mark_counted;
// The value, or `busy` where the key is marked. `_or_lease`: where it is missing and unmarked the lease, if
// nobody has it (`done`).
extern const Script get_unless_marked;
extern const Script get_unless_marked_or_lease;

// The value, tagged as deleted or not. `busy`: somebody else is loading the key. `done`: it was missing or
// tagged, and the caller is the one to load it.
extern const Script get_tagged;
// Sets the value and removes the tag, only if the caller is still the one to load it.
extern const Script set_tagged;
// Tags the value as deleted; whoever was loading it is not the one any more.
extern const Script tag_deleted;

// The value; `done`: it is due to be rebuilt, and the caller is the one to do it.
extern const Script get_or_rebuild;
// Sets the value, fresh for the ttl sent (0: for ever), and gives the caller's lock back.
extern const Script set_rebuilt;

// By number, from 1 on.
std::span<const Script* const> all_scripts();

}  // namespace cacherace::models
