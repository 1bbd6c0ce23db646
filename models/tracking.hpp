// CLIENT TRACKING: clients keep copies of keys in their own memory, and Redis tells them when a key has
// changed.
//
// Redis remembers who has read a key and tells each of them once, whatever changed it: a command of anybody
// (their own, too), an eviction, a Redis that came back with something else. What it tells travels as long as
// a reply does, in order, on a connection of its own: it may overtake the reply to the GET. A TTL that ends
// is noticed when somebody looks, as Redis notices it. Source: redis.io/docs/latest/develop/reference/client-
// side-caching ("avoiding race conditions").
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/outages.hpp"
#include "models/per_run.hpp"
#include "models/ports.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class Tracking {
 public:
  Tracking(sim::World& world, Recorder& recorder, const Setup& setup, const Outages& outages);
  ~Tracking();

  void begin_run(std::uint64_t seed, std::uint64_t run);

  // At the server: a client has read the key; the key has changed.
  void track(std::uint32_t client, std::string_view group, Key key);
  void change(Key key);

  // At the client: its copy; it is about to keep one; whether it keeps this one now. See Session.
  [[nodiscard]] std::optional<Row> copy(std::uint32_t client, Key key);
  void expect(std::uint32_t client, Key key);
  bool keep(std::uint32_t client, Key key, Row row, bool if_undisturbed);

 private:
  class Client;

  Client& client(std::uint32_t number);
  void tell(std::uint32_t client, Key key, Fact fact);

  sim::World& world_;
  Recorder& recorder_;
  const Setup& setup_;
  const Outages& outages_;
  std::uint64_t seed_ = 1;
  std::uint64_t run_ = 0;
  bool any_ = false;                              // somebody tracks in this run
  std::vector<std::unique_ptr<Client>> clients_;  // as far as they were needed
};

}  // namespace cacherace::models
