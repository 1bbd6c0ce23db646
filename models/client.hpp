// A simulated client: the ports of ports.hpp on a fiber of the world. Each command has a request leg, an
// effect at the server and a response leg, and meets the scenario's faults on the way.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/ports.hpp"
#include "models/record.hpp"
#include "models/servers.hpp"
#include "sim/random.hpp"

namespace cacherace::models {

// What a client's commands are sent for, at present.
struct Occupation {
  OperationKind kind = OperationKind::read;
  Origin origin = Origin::fill;
  std::uint32_t operation = 0;
  WriteId serves{0};  // the write, where it is one or follows from one
  Key key{0};
};

// What the client knows of the UPDATE of the present write.
enum class WriteState : std::uint8_t { not_sent, failed, unknown, committed };

class Client final : public CachePort, public DatabasePort, public RuntimePort {
 public:
  // `number` tells clients of a run apart, `group` is the name that faults use.
  Client(Servers& servers, std::uint32_t number, std::string_view group);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  void begin_run(std::uint64_t seed, std::uint64_t run);

  // The commands that follow belong to this, until it is finished.
  void occupy(const Occupation& occupation);
  void finish();

  // Waits; whether the client is still alive then.
  bool pass(sim::Delay delay, sim::Part part = sim::Part::rest);

  [[nodiscard]] Session& session() { return session_; }
  [[nodiscard]] WriteState write_state() const { return write_state_; }
  // The strategy's word that the write is done, whatever the database knows.
  [[nodiscard]] bool acknowledged() const { return acknowledged_; }
  [[nodiscard]] bool crashed() const { return life_->crashed; }
  // Another takes its place, after the time that the fault says. Of a consumer, whose work is all its own.
  void revive();
  [[nodiscard]] std::uint32_t number() const { return number_; }

  std::optional<Row> get(Key key) override;
  bool set(Key key, Row row, SetOptions options) override;
  bool del(Key key, std::optional<Slot> also) override;
  ScriptReply eval(const Script& script, Key key, const ScriptArguments& sent) override;
  bool take(Key key, Slot slot, Token token, sim::Duration ttl) override;
  std::optional<Row> get_tracked(Key key) override;
  bool wait(sim::Duration patience) override;
  Token new_token() override { return servers_.new_token(); }
  [[nodiscard]] std::optional<sim::Duration> ttl() const override { return servers_.setup().redis.ttl; }

  std::optional<Row> select(Key key, RowLock lock, ReadsFrom from) override;
  std::optional<Row> update(Key key, WriteId value) override;
  void begin() override;
  bool commit() override;
  void rollback() override;

  void sleep(sim::Duration duration) override;
  void background(BackgroundWork work) override;
  void start_over(sim::Duration pause, std::uint32_t place) override;
  void acknowledge() override;
  void enqueue(Key key, sim::Duration delay) override;
  void enter(Key key) override;
  void leave(Key key) override;
  void pin(Key key, sim::Duration duration) override;
  bool is_pinned(Key key) override;
  std::optional<Row> copy(Key key) override;
  void expect_copy(Key key) override;
  void keep_copy(Key key, Row row, bool if_undisturbed) override;
  [[nodiscard]] bool alive() const override;

 private:
  // The streams of a connection: background work has its own.
  struct Streams {
    sim::Stream redis_legs, redis_service, mysql_legs, mysql_service, replica_choice;
  };
  class Pin;
  // What is open on its connection to MySQL, as the client knows it.
  // It failed: still to be rolled back. Gone: undone by the server.
  enum class Transaction : std::uint8_t { none, to_begin, open, failed, gone };
  // What background work shares with its client.
  struct Life {
    bool crashed = false;
    sim::Delay down_for;                       // of the crash
    std::optional<std::uint32_t> replica;      // kept by the session
    std::vector<std::uint32_t> fault_matches;  // of each fault so far
    std::uint32_t backgrounds = 0;             // begun in this run, and
    std::uint32_t late_commands = 0;           // sent in this run
    std::vector<std::unique_ptr<Pin>> pins;    // as far as they were needed
  };
  // How a command went, seen by its client.
  struct Answer {
    Reply reply = {};
    bool acknowledged = false;
    bool surely_not_done = false;
  };
  struct Way {
    sim::Delay to_effect, back;
  };

  explicit Client(Client& owner);  // for background work

  Answer ask(Request& request);
  std::optional<Row> look_up(Key key, bool tracked);
  Answer state(Request& request);
  void hang_up();
  void tell(Fact fact, Key key, std::uint32_t number = 0);
  [[nodiscard]] std::uint32_t known() const;

  bool ready();
  [[nodiscard]] Request request(Command command, Key key) const;
  [[nodiscard]] Way draw_way(Command command);
  [[nodiscard]] sim::Delay draw_service(Command command);
  std::uint32_t choose_replica();
  [[nodiscard]] sim::Part way_of(Command command) const;
  [[nodiscard]] sim::Part reply_of(const Request& request) const;
  [[nodiscard]] bool strikes_a_store(Moment moment) const;
  Answer send(const Request& request);
  void note_met(const Request& request);
  void meet(Moment moment);
  Answer meet_fate(const Request& request, const Way& way);
  Answer complete(const Request& request, const Way& way);
  Answer cross(const Request& request, const Way& way, bool refuses = false);
  Answer answer_of(const Request& request, const Reply& reply);
  Answer give_up(const Request& request, bool takes_effect);
  void lose_session();
  Answer refused(const Request& request, const Way& way);
  Answer learn_refusal(const Request& request);
  Answer timed_out(const Request& request, const Way& way, const Fault& fault, double draw);
  void depart(const Request& request);
  void abandon(Request request, sim::Delay delay);
  void end_load();
  [[nodiscard]] bool is_not_cached(Key key, const Row& row) const;
  void stand_still(sim::Delay delay, Fact why);
  void crash(sim::Delay down_for);
  void note_crash();
  void note(const Request& request, Fact fact);
  void note_always(const Request& request, Fact fact);
  void note_failure(const Request& request, Fact why);
  Client& borrow_background();

  Servers& servers_;
  std::uint32_t number_;
  std::string_view group_;
  Client* owner_ = nullptr;  // of background work: its client
  Session session_;
  Life own_life_;
  Life* life_;
  Streams own_streams_;
  Streams background_streams_;
  Streams* streams_;
  Occupation occupation_;
  WriteState write_state_ = WriteState::not_sent;
  std::uint16_t transactions_ = 0;  // so many were begun
  bool source_outdated_ = false;    // of the last SELECT
  bool acknowledged_ = false;       // of the present write: see Session::acknowledge
  Connection connection_;
  Transaction transaction_ = Transaction::none;
  bool changed_ = false;     // in the transaction
  std::optional<Key> load_;  // of the SELECT under way
  bool at_work_ = false;
  std::vector<MetFault> met_;  // by the present command
  std::vector<std::unique_ptr<Client>> background_;
  std::vector<Client*> background_idle_;
};

}  // namespace cacherace::models
