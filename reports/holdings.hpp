// What the stores hold while a run is told, record by record.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/record.hpp"
#include "models/setup.hpp"

namespace cacherace::reports {

// Of one key: the versions, by the id of their write.
struct Holding {
  std::optional<std::uint32_t> cached;
  sim::Time expires = sim::time_never;
  bool is_first = true;  // the entry, if any, is there since time 0
  std::uint32_t primary = 0;
  std::vector<std::uint32_t> replicas;
  std::vector<std::uint32_t> queue;  // whose messages are on their way
};

// The same in words: "v1"; empty: nothing.
struct Contents {
  std::string key;
  std::string redis, primary;
  std::vector<std::string> replicas;
  std::string queue;     // "v1 v2"
  bool differs = false;  // Redis holds another version than the primary
  friend bool operator==(const Contents&, const Contents&) = default;
};

struct Expiry {
  sim::Time at;
  models::Key key;
};

class Holdings {
 public:
  // `setup` must outlive it. `has_queue`: commits go through a queue, too.
  Holdings(const models::Setup& setup, bool has_queue) : setup_(setup), has_queue_(has_queue) {}

  // As it is after the last record.
  Holding& of(models::Key key);

  Contents contents(models::Key key);

  // Of the keys met so far: the first entry to expire at or before `until`, which is missing from then on.
  std::optional<Expiry> expire_one(sim::Time until);

  // Whether the primary holds another version than the one that the record is about.
  bool is_overtaken(const models::Record& record);

  // Whether the record changes what Redis or MySQL hold.
  bool apply(const models::Record& record);

 private:
  void apply_to_queue(const models::Record& record);
  [[nodiscard]] bool is_jittered() const {
    return setup_.redis.ttl && setup_.redis.ttl_jitter > sim::Duration{0};
  }

  const models::Setup& setup_;
  bool has_queue_;
  std::map<models::Key, Holding> keys_;
  sim::Time now_{};
  sim::Time next_expiry_ = sim::time_never;  // none is before it
};

}  // namespace cacherace::reports
