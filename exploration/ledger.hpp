// What of an execution so far can still matter: the stores, where each client is and what it has seen, and
// the monitors. Kept up to date from the facts of the run; its digest is what an exploration remembers of a
// state.
//
// What belongs to a state:
// - cache entries; rows and commit order; how far each replica is; what the queue holds and has delivered;
// - of each client: its operations with outcomes and results (so that no outcome is lost by merging), and of
//   an operation that is open, or has work in the background, what its code has seen: every reply so far,
//   what it waits for without a reply (a pause, the end of its patience), and the faults that it has met but
//   that may strike only later. A strategy has no other memory, so this says where its code is;
// - the commands under way that nobody waits for: their client gave up, will give up, or crashed;
// - of each open operation what had returned before its invocation, and for each key KeyMonitor;
// - how many commands each fault with an occurrence has met, up to that occurrence;
// - how many events are pending: those that wake a dead client do nothing, and say so nowhere else.
//
// What changes in a store and is not told by a fact of a run is not in here: whoever adds such state to a
// model adds it here, too.
//
// Versions are named so that equal states get equal digests: a committed one by its rank in the commit order
// of its key; another one by the client that writes it and the place of the operation in that client's
// program. Clients of one group are interchangeable: the digest takes them in the order of the digests of
// their parts. Where clients whose parts are equal have versions without a rank, which others may have seen,
// it is the least over all orders of these clients: states that are the same but for the names of their
// clients must share a digest, as the explorer looks for the steps of a way by digest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "exploration/monitor.hpp"
#include "models/record.hpp"
#include "sim/class_explorer.hpp"
#include "sim/digest.hpp"

namespace cacherace::exploration {

// What a step did: bits.
namespace marks {
inline constexpr std::uint32_t stale_read = 1U << 0U;
inline constexpr std::uint32_t inversion = 1U << 1U;
inline constexpr std::uint32_t nonlinearizable = 1U << 2U;
inline constexpr std::uint32_t dirty_read = 1U << 3U;
inline constexpr std::uint32_t cache_ahead = 1U << 4U;
inline constexpr std::uint32_t stuck = 1U << 5U;       // of a final state
inline constexpr std::uint32_t lost_write = 1U << 6U;  // of a final state
inline constexpr std::uint32_t hangs = 1U << 8U;       // of a final state: an operation waits for ever
inline constexpr std::uint32_t stores =
    1U << 7U;  // the cache or the primary holds something else now, or a fault struck
}  // namespace marks

// How others see that an operation returned: together with its last command; by an announcement of its own,
// which comes at the next instant; or not at all, as nobody asks about anything but the stores.
enum class Returns : std::uint8_t { at_once, announced, unseen };

class Ledger {
 public:
  // `group_of`: by number of client, consumers last; clients of one group are interchangeable and stand side
  // by side. `actors`: how many are not consumers. `waits_for_copies`: somebody may ask how far its changes
  // have come to Redis's replica.
  Ledger(const models::Setup& setup, const std::vector<std::uint32_t>& group_of, std::uint32_t actors,
         Returns returns = Returns::at_once, bool waits_for_copies = false);

  void begin();
  // Returns marks.
  std::uint32_t take(std::span<const models::Record> records);
  // Crashes so far: they count in the length of a witness.
  [[nodiscard]] std::uint32_t crashes() const { return crashes_; }
  [[nodiscard]] std::uint32_t marks_of_final_state() const;

  // `pending`: how many events are.
  [[nodiscard]] sim::Digest digest(std::size_t pending);

  // After digest(): puts pending events into an order that equal states share, with the blocks of clients
  // that are interchangeable, and adds to the digest what waits.
  void arrange(std::span<const sim::Pending> pending, sim::TimedSight& sight) const;

  // The outcome of a final state, and those that interchangeable clients can have instead.
  void add_outcomes(std::set<sim::Digest>& outcomes) const;

 private:
  // What is open on a connection to MySQL.
  struct Transaction {
    bool open = false, broken = false;
    std::uint32_t snapshot = 0;  // the commits it sees, from 1 on; 0: not yet known
    std::vector<models::Record> changes;
  };
  // Of a row's lock, or of the owner of a key in the service.
  struct Wait {
    std::uint32_t client, operation;
    bool background;
    std::uint32_t lock;
    bool granted;
  };
  struct Operation {
    std::uint32_t client, place, key;
    models::OperationKind kind;
    models::Fact outcome;     // `invoked`: open
    bool announced = true;    // others see that it returned
    std::uint32_t value = 0;  // of a write; of a read once it returned
    Before before;
    std::vector<models::Record> replies, background;  // what its code has seen
    std::vector<models::Record> under_way;            // commands that nobody waits for
    Transaction transaction, background_transaction;
  };
  // What a client has of a key in its own memory, and Redis knows of that.
  struct Copy {
    std::optional<models::Row> row;
    bool expected = false, tracked = false;
  };
  struct Client {
    std::uint32_t group = 0;
    bool crashed = false;
    std::uint32_t replica = 0;              // the last one, from 1; 0: none yet
    std::uint32_t asked = 0;                // the one that a SELECT is on its way to, from 1
    std::vector<std::uint32_t> operations;  // in operations_
    std::vector<models::Record> replies;    // of a consumer
    std::vector<models::Record> under_way;  // of a consumer
    std::size_t last_commit = 0;            // the commits up to its last one
    ValueSet pins = 0;                      // keys that its session remembers
    std::vector<Copy> copies;               // by key, as far as there are any
    std::vector<std::uint32_t> told;        // keys that Redis tells it of, under way
  };
  // What Redis holds of a key.
  struct Cell {
    std::optional<models::Row> cached;
    std::optional<models::Row> retired;                     // counts as deleted, and may still be found
    std::array<std::uint32_t, models::slot_count> slots{};  // 0: nothing
  };
  struct Change {
    std::uint32_t key;
    Cell cell;
    std::uint32_t client;  // who did it, or models::no_client
    bool background;
  };
  struct KeyState : Cell {
    models::Row primary;
    Cell replica, snapshot;        // at Redis's replica, and as Redis would start again
    std::vector<Wait> row, owner;  // in order
    KeyMonitor monitor;
  };
  // Of the queue: the event about `value`, to be delivered.
  struct Message {
    std::uint32_t value;
    bool again;  // it will come again
  };
  using Names = std::vector<std::uint32_t>;                          // by value
  using Order = std::vector<std::pair<sim::Digest, std::uint32_t>>;  // part and number of each client

  void invoke(const models::Record& record);
  std::uint32_t close(const models::Record& record);
  std::uint32_t announce(Operation& operation);
  [[nodiscard]] Before before_next(const Client& client, std::uint32_t key) const;
  void commit(const models::Record& record);
  void promote(const models::Record& record);
  std::uint32_t roll_back(const models::Record& record);
  std::uint32_t set_cache(const models::Record& record);
  void log(const models::Record& record);
  void issue(const models::Record& record);
  void land(const models::Record& record);
  void crash(std::uint32_t client);
  void set_slot(const models::Record& record);
  void wait(std::vector<Wait>& line, const models::Record& record, bool granted);
  static void leave(std::vector<Wait>& line, const models::Record& record);
  static void give_up(std::vector<Wait>& line, const models::Record& record);
  [[nodiscard]] static bool is_of(const Wait& wait, const models::Record& record) {
    return wait.client == record.client && wait.operation == record.operation &&
           wait.background == record.background;
  }
  void end_transaction(const models::Record& record);
  void fork(const models::Record& record);
  void publish(const models::Record& record);
  [[nodiscard]] Transaction& transaction_of(const models::Record& record);
  void deliver(const models::Record& record);
  void send_again(const models::Record& record);
  std::vector<std::uint32_t>& inbox_of(std::uint32_t partition);
  void take_event(const models::Record& record);
  void take_over(std::uint32_t consumer);
  void rebalance();
  Copy& copy_of(const models::Record& record);
  std::vector<models::Record>& replies_of(const models::Record& record);
  std::vector<models::Record>& under_way_of(const models::Record& record);

  [[nodiscard]] bool has_consumers() const { return actors_ < clients_.size(); }
  [[nodiscard]] bool committed(std::uint32_t value) const { return value == 0 || rank_[value] != 0; }
  void add_replies(sim::Digest& digest, const std::vector<models::Record>& records, const Names& names) const;
  void add_under_way(sim::Digest& digest, const std::vector<models::Record>& records,
                     const Names& names) const;
  void add_operation(sim::Digest& digest, const Operation& operation, const Names& names) const;
  [[nodiscard]] sim::Digest part_of(const Client& client, const Names& names) const;
  [[nodiscard]] std::uint32_t name_of_number(const models::Record& record) const;
  void add_cell(sim::Digest& digest, const Cell& cell) const;
  template <class See>
  void for_each_copy(std::uint32_t key, const See& see) const;
  void add_transaction(sim::Digest& digest, const Transaction& transaction) const;
  void add_waits(sim::Digest& digest, std::uint32_t client) const;
  void add_copies(sim::Digest& digest, const Client& client, const Names& names) const;
  void add_changes_under_way(sim::Digest& digest, std::uint32_t client) const;
  void add_set(sim::Digest& digest, ValueSet set, const Names& names) const;
  void add_floors(sim::Digest& digest, const Before& before, const Names& names) const;
  void add_key(sim::Digest& digest, const KeyState& key) const;
  void add_queue(sim::Digest& digest) const;
  void add_met(sim::Digest& digest) const;
  void name_by_rank();
  void name_by_order();
  void order_clients();
  void sort_groups(Order& order) const;
  void find_blocks(const std::vector<std::size_t>& count, sim::TimedSight& sight) const;
  [[nodiscard]] bool any_escaped() const;
  [[nodiscard]] bool has_unranked(const Client& client) const;
  [[nodiscard]] sim::Digest least_digest(std::size_t pending);
  [[nodiscard]] sim::Digest digest_of(const Order& order, std::size_t pending) const;
  [[nodiscard]] sim::Digest outcome(const std::vector<std::uint32_t>& slot_of) const;

  const models::Setup& setup_;
  std::uint32_t actors_;
  Returns returns_;
  bool faults_;
  bool waits_ = false;  // somebody waits, or did
  bool copies_of_redis_;
  bool waits_for_copies_;
  bool replies_may_strike_;           // something befalls a store once a reply is there
  bool redelivers_;                   // what a consumer has taken may come again
  std::vector<Change> to_replicate_;  // on their way to Redis's replica

  std::vector<Client> clients_;
  std::vector<Operation> operations_;  // the first operation_count_ are in use
  std::uint32_t operation_count_ = 0;
  std::vector<KeyState> keys_;
  std::vector<std::uint32_t> binlog_;                // the key of each commit
  std::vector<std::uint32_t> applied_;               // by replica
  std::vector<std::uint32_t> rank_;                  // by value
  std::vector<std::uint32_t> writer_;                // by value: the operation
  ValueSet lost_ = 0;                                // values whose commit a failover lost
  ValueSet escaped_ = 0;                             // values seen outside their client before they committed
  std::vector<std::vector<Message>> messages_;       // by partition: to be delivered, in order
  std::vector<std::uint32_t> partition_of_;          // by value: of its last message
  std::uint32_t published_ = 0;                      // messages so far
  ValueSet copies_ = 0;                              // delivered, to be sent again
  ValueSet strays_ = 0;                              // on a way of their own
  std::vector<std::vector<std::uint32_t>> inboxes_;  // by consumer: delivered, and not yet taken
  std::vector<std::vector<std::uint32_t>> unacknowledged_;  // by consumer: taken, and may come again
  std::uint32_t moved_ = 0;                                 // so often partitions went to the next consumer
  std::vector<std::uint64_t> met_;  // by fault: how many commands, where an occurrence counts them
  std::uint32_t crashes_ = 0;

  Names names_;
  Order order_;
  Order best_;  // scratch of least_digest()
};

}  // namespace cacherace::exploration
