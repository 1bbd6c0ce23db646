// All that a strategy sees of the world. The simulated clients implement these ports (client.hpp); clients of
// real servers can as well, so that one source of a strategy serves both.
//
// Errors are values: a command that failed, timed out, or was never sent because the client has crashed says
// so in its result. After a crash every call returns at once and does nothing, so a strategy's code just runs
// out; a loop that waits for something must therefore also end when `alive()` is false.
#pragma once

#include <cstdint>
#include <optional>
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

// A Lua script of Redis: atomic. `model` is what it does to a key, here; `lua` is what it is, there.
// `model` gets the entry (empty: missing) and the row sent, and returns the script's reply.
struct Script {
  const char* name;
  const char* lua;
  bool (*model)(std::optional<Row>& entry, const Row& sent);
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
  // DEL: whether it is known to have been done.
  virtual bool del(Key key) = 0;
  // EVAL: the script's reply; false also where the command failed.
  virtual bool eval(const Script& script, Key key, Row row) = 0;

 protected:
  ~CachePort() = default;
};

class DatabasePort {
 public:
  // SELECT of one row; nothing where it failed. Where there is no row: Row{}, the key's version 0.
  virtual std::optional<Row> select(Key key) = 0;
  // An UPDATE that commits by itself: the row as it is now, nothing where it failed or its outcome is not
  // known.
  virtual std::optional<Row> update(Key key, WriteId value) = 0;

 protected:
  ~DatabasePort() = default;
};

class Session;
using BackgroundWork = sim::InplaceTask<void(Session&), 48>;

// What a client can do besides talking to stores.
class RuntimePort {
 public:
  virtual void sleep(sim::Duration duration) = 0;
  virtual void background(BackgroundWork work) = 0;
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
