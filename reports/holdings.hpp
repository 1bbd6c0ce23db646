// What the stores hold while a run is told, record by record.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
};

struct Expiry {
  sim::Time at;
  models::Key key;
};

class Holdings {
 public:
  // `setup` must outlive it.
  explicit Holdings(const models::Setup& setup) : setup_(setup) {}

  // As it is after the last record.
  Holding& of(models::Key key);

  // Of the keys met so far: the first entry to expire at or before `until`, which is missing from then on.
  std::optional<Expiry> expire_one(sim::Time until);

  // Whether the record changes what a store holds.
  bool apply(const models::Record& record);

 private:
  [[nodiscard]] bool is_jittered() const {
    return setup_.redis.ttl && setup_.redis.ttl_jitter > sim::Duration{0};
  }

  const models::Setup& setup_;
  std::map<models::Key, Holding> keys_;
  sim::Time now_{};
  sim::Time next_expiry_ = sim::time_never;  // none is before it
};

}  // namespace cacherace::reports
