// All that a strategy sees of the world. The simulated clients implement these ports (client.hpp); clients of
// real servers can as well, so that one source of a strategy serves both.
//
// Errors are values: a command that failed, timed out, or was never sent because the client has crashed says
// so in its result. After a crash every call returns at once and does nothing, so a strategy's code just runs
// out; a loop that waits for something must therefore also end when `alive()` is false.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

#include "sim/task.hpp"
#include "sim/time.hpp"

namespace cacherace::models {

enum class Key : std::uint32_t {};
constexpr std::uint32_t index_of(Key key) {
  return static_cast<std::uint32_t>(key);
}

// The id of the write that made a value: 1, 2, 3 … in order of invocation; 0 is every key's initial value.
enum class WriteId : std::uint32_t {};
constexpr std::uint32_t number_of(WriteId id) {
  return static_cast<std::uint32_t>(id);
}

// What a row holds, and what is cached of it. `version` is the row's counter, 0 at first, raised by each
// UPDATE; a value that is cached ahead of its UPDATE has none yet.
struct Row {
  WriteId value{0};
  std::uint32_t version = 0;
  friend bool operator==(const Row&, const Row&) = default;
};

// What Redis keeps for a key beside its value: keys of their own there (k0:lock, …), each with its own
// expiry.
enum class Slot : std::uint8_t {
  lock,       // who may work on the key
  lease,      // who may fill it
  marker,     // how many writes are under way; or that the value is tagged as deleted
  tombstone,  // the version below which nothing may be put into the cache
  fresh,      // there until the value is due to be rebuilt
};
inline constexpr std::size_t slot_count = 5;
inline constexpr std::array<std::string_view, slot_count> slot_names = {"lock", "lease", "marker",
                                                                        "tombstone", "fresh"};
constexpr std::size_t index_of(Slot slot) {
  return static_cast<std::size_t>(slot);
}

// Proves who took a lock or a lease: one that nobody else has, now or ever. 0: none.
enum class Token : std::uint32_t {};
constexpr std::uint32_t number_of(Token token) {
  return static_cast<std::uint32_t>(token);
}

// What a script sees and changes of one key: its value and its slots.
class CacheView {
 public:
  virtual const std::optional<Row>& value() = 0;
  // With the cache's TTL, or one of its own.
  virtual void set_value(Row row, std::optional<sim::Duration> expires_after = std::nullopt) = 0;
  virtual void erase_value() = 0;
  // It counts as deleted, but value() still finds it.
  virtual void retire_value() = 0;
  // The number that the slot holds: a token, a count, a version.
  virtual std::optional<std::uint32_t> slot(Slot slot) = 0;
  virtual void set_slot(Slot slot, std::uint32_t number, std::optional<sim::Duration> expires_after) = 0;
  virtual void erase_slot(Slot slot) = 0;

 protected:
  ~CacheView() = default;
};

// What is sent with a script; each script uses what it needs.
struct ScriptArguments {
  Row row = {};
  Token token{0};
  sim::Duration ttl{0};  // of the slot that the script sets
};

struct ScriptReply {
  bool done = false;  // what the script is for was done; false also where the command failed
  bool busy = false;  // it was not, as somebody else is at it
  std::optional<Row> row = std::nullopt;
  friend bool operator==(const ScriptReply&, const ScriptReply&) = default;
};

// A Lua script of Redis: atomic. `model` is what it does to a key, here; `lua` is what it is, there.
struct Script {
  const char* name;
  std::uint8_t number;  // its place among all_scripts() (scripts.hpp), from 1 on; 0: it is none of them
  const char* lua;
  ScriptReply (*model)(CacheView& key, const ScriptArguments& sent);
  bool reads = false;         // it looks the value up for its caller
  bool touches_value = true;  // where it fails, the value is not what it should be
  bool fills = false;         // it puts the row sent into the cache
};

struct SetOptions {
  std::optional<sim::Duration> expires_after = std::nullopt;  // PX; none: the cache's own TTL
  bool only_if_absent = false;                                // NX
};

class CachePort {
 public:
  // GET: the entry; nothing where it is missing or the command failed.
  virtual std::optional<Row> get(Key key) = 0;
  // SET: whether it is known to have been done. (With NX also: whether it was absent.) That there is no row
  // is stored where the scenario has negative caching; otherwise nothing is sent.
  virtual bool set(Key key, Row row, SetOptions options = {}) = 0;
  // DEL, of one of the key's slots, too, if asked: whether it is known to have been done.
  virtual bool del(Key key, std::optional<Slot> also = std::nullopt) = 0;
  // EVAL: the script's reply.
  virtual ScriptReply eval(const Script& script, Key key, const ScriptArguments& sent) = 0;
  // SET key:slot token PX ttl NX: whether it is known to have been absent.
  virtual bool take(Key key, Slot slot, Token token, sim::Duration ttl) = 0;
  // GET with CLIENT TRACKING on: Redis will tell this client, once, when the key has changed.
  virtual std::optional<Row> get_tracked(Key key) = 0;
  // WAIT 1: whether a replica has all that this connection has changed, within `patience`.
  virtual bool wait(sim::Duration patience) = 0;
  // A token that nobody had before.
  virtual Token new_token() = 0;
  // How long every entry lives; nothing: for ever.
  [[nodiscard]] virtual std::optional<sim::Duration> ttl() const = 0;

 protected:
  ~CachePort() = default;
};

// What a SELECT locks, until its transaction ends.
enum class RowLock : std::uint8_t { none, share, update };

enum class ReadsFrom : std::uint8_t { as_configured, primary };

class DatabasePort {
 public:
  // SELECT of one row; nothing where it failed. Where there is no row: Row{}, the key's version 0. In a
  // transaction it reads the primary. FOR SHARE and FOR UPDATE wait for the row, read its newest version and
  // hold it until the transaction ends.
  virtual std::optional<Row> select(Key key, RowLock lock = RowLock::none,
                                    ReadsFrom from = ReadsFrom::as_configured) = 0;
  // UPDATE: the row as it is now, nothing where it failed or its outcome is not known. Outside a transaction
  // it commits by itself.
  virtual std::optional<Row> update(Key key, WriteId value) = 0;
  // Opens a transaction; sent with the next statement. A statement that fails for a deadlock or a lost
  // session ends it: what follows fails until rollback().
  virtual void begin() = 0;
  // COMMIT: whether it is known to have been done.
  virtual bool commit() = 0;
  // ROLLBACK of what is open; nothing is sent where nothing is.
  virtual void rollback() = 0;

 protected:
  ~DatabasePort() = default;
};

class Session;
using BackgroundWork = sim::InplaceTask<void(Session&), 64>;

// What a client can do besides talking to stores.
class RuntimePort {
 public:
  virtual void sleep(sim::Duration duration) = 0;
  virtual void background(BackgroundWork work) = 0;
  virtual void start_over(sim::Duration pause, std::uint32_t place) = 0;
  virtual void acknowledge() = 0;
  virtual void enqueue(Key key, sim::Duration delay) = 0;
  virtual void enter(Key key) = 0;
  virtual void leave(Key key) = 0;
  virtual void pin(Key key, sim::Duration duration) = 0;
  virtual bool is_pinned(Key key) = 0;
  virtual std::optional<Row> copy(Key key) = 0;
  virtual void expect_copy(Key key) = 0;
  virtual void keep_copy(Key key, Row row, bool if_undisturbed) = 0;
  [[nodiscard]] virtual bool alive() const = 0;

 protected:
  ~RuntimePort() = default;
};

// The ports of one client, as a strategy uses them.
class Session {
 public:
  Session(CachePort& cache, DatabasePort& database, RuntimePort& runtime)
      : cache_(&cache), database_(&database), runtime_(&runtime) {}

  [[nodiscard]] CachePort& cache() const { return *cache_; }
  [[nodiscard]] DatabasePort& database() const { return *database_; }
  void sleep(sim::Duration duration) const { runtime_->sleep(duration); }
  // Work that goes on after the operation has returned, on connections of its own: work(Session&).
  template <class Work>
  void background(Work work) const {
    runtime_->background(BackgroundWork(std::move(work)));
  }
  // A pause, and then again from a place of the code (a strategy numbers those it has, below 65,536): what
  // the code saw of this operation so far is forgotten, and must not be used any more.
  void start_over(sim::Duration pause, std::uint32_t place = 0) const { runtime_->start_over(pause, place); }
  // The write counts as done for its caller from its return on, though the database does not have it yet.
  void acknowledge() const { runtime_->acknowledge(); }
  // Puts the key into the queue of the strategy's consumers, who get it `delay` (and the queue's latency)
  // later. Nobody waits for it.
  void enqueue(Key key, sim::Duration delay) const { runtime_->enqueue(key, delay); }
  // Waits until no other client is inside for this key, and goes inside: the one owner of a key in the
  // service.
  void enter(Key key) const { runtime_->enter(key); }
  void leave(Key key) const { runtime_->leave(key); }
  // Remembers in the user's session (a cookie, say) that something was done to the key; for `duration`.
  void pin(Key key, sim::Duration duration) const { runtime_->pin(key, duration); }
  [[nodiscard]] bool is_pinned(Key key) const { return runtime_->is_pinned(key); }
  // The copy of a key in the client's own memory, where Redis has not told it yet that the key has changed.
  [[nodiscard]] std::optional<Row> copy(Key key) const { return runtime_->copy(key); }
  // A copy will be kept: changes that Redis tells of are noticed from now on.
  void expect_copy(Key key) const { runtime_->expect_copy(key); }
  // Keeps a copy; `if_undisturbed`: unless the key has changed since expect_copy().
  void keep_copy(Key key, Row row, bool if_undisturbed) const {
    runtime_->keep_copy(key, row, if_undisturbed);
  }
  [[nodiscard]] bool alive() const { return runtime_->alive(); }

 private:
  CachePort* cache_;
  DatabasePort* database_;
  RuntimePort* runtime_;
};

// One event of the binlog, as a consumer gets it.
struct BinlogEvent {
  Key key{0};
  Row row;
};

}  // namespace cacherace::models
