// The servers of one simulated world, and what a command does when it takes effect at one of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "models/faults.hpp"
#include "models/loads.hpp"
#include "models/mysql.hpp"
#include "models/ports.hpp"
#include "models/queue.hpp"
#include "models/record.hpp"
#include "models/redis.hpp"
#include "models/setup.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

// A command under way. It is whole in itself: it may take effect after its client gave up or crashed.
struct Request {
  Command command = Command::get;
  Key key{0};
  Row row = {};  // what SET, a script or UPDATE sends
  SetOptions options = {};
  const Script* script = nullptr;
  std::uint32_t client = no_client;
  std::uint32_t operation = 0;
  WriteId for_write{0};
  std::uint32_t replica = 0;
  bool from_replica = false;
  Origin origin = Origin::fill;
  bool source_outdated = false;  // of a fill: the row was not the newest when it was SELECTed
  bool background = false;
  bool abandoned = false;  // nobody will get the reply
};

// What the server answers. `row`: found, selected, or as updated; `done`: set, deleted, or the script's
// reply.
struct Reply {
  std::optional<Row> row = std::nullopt;
  bool done = false;
  bool outdated = false;  // of a SELECT: the row is not the primary's newest
};

class Servers {
 public:
  Servers(sim::World& world, Recorder& recorder, const Setup& setup);
  ~Servers();

  void begin_run(std::uint64_t seed, std::uint64_t run, std::uint32_t consumers);

  // The effect of a command, now.
  Reply apply(const Request& request);

  [[nodiscard]] sim::World& world() const { return world_; }
  [[nodiscard]] Recorder& recorder() const { return recorder_; }
  [[nodiscard]] const Setup& setup() const { return setup_; }
  [[nodiscard]] Queue& queue() { return queue_; }
  [[nodiscard]] CommandFaults& faults() { return faults_; }
  [[nodiscard]] Loads& loads() { return loads_; }
  // See Redis.
  [[nodiscard]] sim::Time initial_expiry(Key key) const { return redis_.initial_expiry(key); }

 private:
  class Expiry;

  // Where orders are chosen, an expiry is an event like others.
  void watch(Key key, sim::Time expires);
  void expire(Key key);
  Reply get(const Request& request);
  Reply set(const Request& request);
  Reply del(const Request& request);
  Reply script(const Request& request);
  Reply select(const Request& request);
  Reply update(const Request& request);
  void record(const Request& request, Fact fact, Row row, sim::Time until = {});
  void record_detail(const Request& request, Fact fact, std::optional<Row> row);

  sim::World& world_;
  Recorder& recorder_;
  const Setup& setup_;
  Redis redis_;
  Mysql mysql_;
  Queue queue_;
  CommandFaults faults_;
  Loads loads_;
  std::vector<std::unique_ptr<Expiry>> expiries_;  // by key, as far as they were needed
};

}  // namespace cacherace::models
