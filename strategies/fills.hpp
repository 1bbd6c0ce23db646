// How a reader that missed puts what it read from the database into the cache: the guards of a fill, and the
// reads of which they are a part. Strategies combine them with their ways of writing.
#pragma once

#include <optional>

#include "strategies/strategy.hpp"

namespace cacherace::strategies {

// GET; a miss does SELECT and SET, which may come late: the cache-aside read.
std::optional<Row> read_plain(Session& session, Key key);

// GET; a miss does SELECT, and SET only if nothing newer is cached, nor buried under a tombstone.
std::optional<Row> read_versioned(Session& session, Key key);

// What a reader does that misses while another has the lease.
enum class Losers : std::uint8_t { wait, read_database };

// A miss takes the lease, one reader a key at a time; the SET needs it; a DEL must void it (Slot::lease).
// Source: Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1.
struct LeasedFill {
  sim::Duration ttl{0};
  Losers losers = Losers::wait;
  bool retry_rejected = true;  // a SET that was refused: read again from the beginning

  std::optional<Row> read(Session& session, Key key) const;
};

// A fill under the key's lock, with a second look once it is held.
struct LockedFill {
  sim::Duration ttl{0};
  bool fenced = false;  // the SET is refused once the lock is another's

  std::optional<Row> read(Session& session, Key key) const;
};

// A fill by the key's one owner inside the service, with a second look.
std::optional<Row> read_owned(Session& session, Key key);

// How long those wait who found somebody else at it, before they look again.
inline constexpr sim::Duration poll_pause = std::chrono::milliseconds(10);

// Takes the key's lock, however long it takes. 0: the client is not alive any more.
models::Token lock_key(Session& session, Key key, sim::Duration ttl);
void unlock_key(Session& session, Key key, models::Token token);

}  // namespace cacherace::strategies
