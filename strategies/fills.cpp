#include "strategies/fills.hpp"

#include "models/scripts.hpp"

namespace cacherace::strategies {

using models::Slot;
using models::Token;

namespace {

// Places of the code: see Session::start_over.
constexpr std::uint32_t at_the_beginning = 0;
constexpr std::uint32_t in_lock_line = 1;

}  // namespace

std::optional<Row> read_plain(Session& session, Key key) {
  if (const auto cached = session.cache().get(key)) return cached;
  const auto row = session.database().select(key);
  if (row) session.cache().set(key, *row);
  return row;
}

std::optional<Row> read_versioned(Session& session, Key key) {
  if (const auto cached = session.cache().get(key)) return cached;
  const auto row = session.database().select(key);
  if (row) session.cache().eval(models::set_if_newer, key, {.row = *row});
  return row;
}

std::optional<Row> LeasedFill::read(Session& session, Key key) const {
  while (session.alive()) {
    const Token token = session.cache().new_token();
    const auto found = session.cache().eval(models::get_or_lease, key, {.token = token, .ttl = ttl});
    if (found.row) return found.row;
    if (found.busy && losers == Losers::wait) {
      session.start_over(poll_pause, at_the_beginning);
      continue;
    }
    const auto row = session.database().select(key);
    if (!row) return row;
    // Everybody tries; the script knows whose the lease is.
    const auto filled = session.cache().eval(models::set_with_lease, key, {.row = *row, .token = token});
    if (filled.done || !found.done || !retry_rejected) return row;
    session.start_over(sim::Duration{0}, at_the_beginning);
  }
  return std::nullopt;
}

Token lock_key(Session& session, Key key, sim::Duration ttl) {
  while (session.alive()) {
    const Token token = session.cache().new_token();
    if (session.cache().take(key, Slot::lock, token, ttl)) return token;
    session.start_over(poll_pause, in_lock_line);
  }
  return Token{0};
}

void unlock_key(Session& session, Key key, Token token) {
  session.cache().eval(models::unlock, key, {.token = token});
}

std::optional<Row> LockedFill::read(Session& session, Key key) const {
  if (const auto cached = session.cache().get(key)) return cached;
  const Token token = lock_key(session, key, ttl);
  auto row = session.cache().get(key);
  if (!row) {
    row = session.database().select(key);
    if (row && fenced) session.cache().eval(models::set_if_locked, key, {.row = *row, .token = token});
    if (row && !fenced) session.cache().set(key, *row);
  }
  unlock_key(session, key, token);
  return row;
}

std::optional<Row> read_owned(Session& session, Key key) {
  if (const auto cached = session.cache().get(key)) return cached;
  session.enter(key);
  const auto row = read_plain(session, key);
  session.leave(key);
  return row;
}

}  // namespace cacherace::strategies
