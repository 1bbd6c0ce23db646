// The servers of one simulated world, and what a command does when it takes effect at one of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "models/faults.hpp"
#include "models/loads.hpp"
#include "models/memory.hpp"
#include "models/mysql.hpp"
#include "models/outages.hpp"
#include "models/owners.hpp"
#include "models/ports.hpp"
#include "models/queue.hpp"
#include "models/record.hpp"
#include "models/redis.hpp"
#include "models/redis_copies.hpp"
#include "models/setup.hpp"
#include "models/store_faults.hpp"
#include "models/tracking.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

// A command under way. It is whole in itself: it may take effect after its client gave up or crashed.
struct Request {
  Command command = Command::get;
  Key key{0};
  Row row = {};  // what SET, a script or UPDATE sends
  SetOptions options = {};
  const Script* script = nullptr;
  Token token{0};            // sent with a script, or to be put into a slot
  sim::Duration ttl{0};      // of the slot; of WAIT: how long
  bool tracked = false;      // of a GET: the client keeps a copy, and is to be told of changes
  std::optional<Slot> slot;  // of a SET: the slot, not the value; of a DEL: the slot, too
  RowLock lock = RowLock::none;
  bool begins = false;        // of a statement: BEGIN is sent with it
  bool ends_session = false;  // nobody will ask anything on its connection any more
  Connection connection = 0;
  std::uint32_t client = no_client;
  std::uint32_t operation = 0;
  WriteId for_write{0};
  std::uint32_t replica = 0;
  bool from_replica = false;
  Origin origin = Origin::fill;
  bool source_outdated = false;  // of a fill: the row was not the newest when it was SELECTed
  bool background = false;
  bool abandoned = false;         // nobody will get the reply
  std::uint16_t transaction = 0;  // of a statement: see Caller
};

// What the server answers. `row`: found, selected, or as updated; `done`: set, deleted, or the script's
// reply.
struct Reply {
  std::optional<Row> row = std::nullopt;
  bool done = false;
  bool busy = false;        // of a script
  bool outdated = false;    // of a SELECT: the row is not the primary's newest
  bool error = false;       // the command was refused: nothing was done
  bool still_open = false;  // of such a statement: its transaction is not undone
  bool unknown = false;     // nobody can say what became of it: the server is gone
};

class Servers final : private StoreFaults::Target {
 public:
  Servers(sim::World& world, Recorder& recorder, const Setup& setup);
  ~Servers();

  void begin_run(std::uint64_t seed, std::uint64_t run, const ServiceSetup& service);

  // The effect of a command, now; on the calling fiber, which waits as long as the server makes it wait.
  Reply apply(const Request& request);
  // Of a client: a connection to MySQL of its own, for good.
  Connection connect(std::string_view group, std::uint32_t client);
  // The server notices that the session's client is gone.
  void disconnect(Connection connection) { mysql_.disconnect(connection); }
  // A fault about stores befalls a command: its key, or its client's session.
  void strike(const Fault& fault, Key key, Connection connection);
  Token new_token() { return Token{++tokens_}; }

  [[nodiscard]] sim::World& world() const { return world_; }
  [[nodiscard]] Recorder& recorder() const { return recorder_; }
  [[nodiscard]] const Setup& setup() const { return setup_; }
  [[nodiscard]] Queue& queue() { return queue_; }
  [[nodiscard]] Tracking& tracking() { return tracking_; }
  [[nodiscard]] const Outages& outages() const { return outages_; }
  [[nodiscard]] CommandFaults& faults() { return faults_; }
  [[nodiscard]] Owners& owners() { return owners_; }
  [[nodiscard]] Loads& loads() { return loads_; }
  // See Redis.
  [[nodiscard]] sim::Time initial_expiry(Key key) const { return redis_.initial_expiry(key); }

 private:
  class Expiry;

  std::size_t victims(const Fault& fault) override;
  void strike(const Fault& fault, std::size_t victim) override;
  [[nodiscard]] bool holds(Key key, Thing thing);
  void begin_with_entries(const ServiceSetup& service);
  void take_snapshot() override;
  // `of_value`: what is told of it where the thing is the value.
  void drop(Key key, Thing thing, Fact of_value);
  void put_back(const Fault& fault);
  void jump(sim::Duration by);
  void promote();
  void note_difference(Key key, const RedisCell& before);
  // What the key holds has changed; by a request, where one did it.
  void follow(Key key, const Request* by = nullptr);
  void kill(Connection connection);
  [[nodiscard]] bool may_be_killed(Connection connection, const Fault& fault) const;

  // Where orders are chosen, an expiry is an event like others. `what`: 0 the value, else 1 + the slot.
  void watch(Key key, std::size_t what, sim::Time expires);
  Reply get(const Request& request);
  Reply set(const Request& request);
  Reply del(const Request& request);
  Reply take(const Request& request);
  Reply script(const Request& request);
  Reply wait(const Request& request);
  // Whether there is room for one key more, or for those that there are; or there will be, once the victim
  // has gone.
  enum class Room : std::uint8_t { there, once_victim_goes, none };
  Room look_for_room(bool is_new, Memory::Victim& victim);
  // Makes room where it can.
  bool make_room(bool is_new);
  bool fits(Key key);
  Reply refuse(const Request& request);
  [[nodiscard]] bool comes_too_late(const Request& request) const;
  Reply refuse_statement(const Request& request);
  void note_effects(const Request& request, const ScriptEffects& effects);
  void note_slot(const Request& request, Slot slot);
  void note_answer(const Request& request, const ScriptReply& reply);
  Reply statement(const Request& request);
  Reply select(const Request& request);
  Reply update(const Request& request);
  Reply commit(const Request& request);
  void await_acknowledgement();
  void make_visible(const Request& request, std::size_t first, bool publish = true);
  void record(const Request& request, Fact fact, Row row, sim::Time until = {});
  void record_detail(const Request& request, Fact fact, std::optional<Row> row);

  sim::World& world_;
  Recorder& recorder_;
  const Setup& setup_;
  Outages outages_;
  Redis redis_;
  Memory memory_;
  RedisCopies copies_;
  Tracking tracking_;
  Mysql mysql_;
  Queue queue_;
  CommandFaults faults_;
  Owners owners_;
  StoreFaults store_faults_;
  Loads loads_;
  std::vector<std::string_view> group_of_;         // by connection
  std::vector<std::size_t> last_change_;           // by connection: the changes of Redis up to its last one
  std::vector<Key> lost_, changed_;                // scratch
  std::vector<RedisCell> before_;                  // scratch
  std::vector<std::unique_ptr<Expiry>> expiries_;  // by key and what of it, as far as they were needed
  bool follows_binlog_ = false, reads_outbox_ = false;
  std::uint32_t tokens_ = 0;
  sim::Stream acknowledgements_;
};

}  // namespace cacherace::models
