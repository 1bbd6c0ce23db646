// Row locks, shared and exclusive: held until their transaction ends, granted in the order in which they were
// asked for.
//
// Who holds a row shared and wants it exclusively goes before those who hold nothing. A request that would
// close a circle of waiting is refused (a deadlock): its own transaction is the one to give up.
// Cost: linear in the requests for a row; the search for a circle in all requests.
#pragma once

#include <cstdint>
#include <vector>

#include "models/ports.hpp"

namespace cacherace::models {

using Connection = std::uint32_t;
inline constexpr Connection no_connection = UINT32_MAX;

class RowLocks {
 public:
  enum class Answer : std::uint8_t { granted, waiting, deadlock };

  explicit RowLocks(std::uint32_t keys) : rows_(keys) {}

  void begin_run();

  // `lock` is not RowLock::none. After `waiting` the connection asks for nothing until it is granted.
  Answer request(Connection who, Key key, RowLock lock);
  // Gives up all that a connection holds or waits for. Adds to `granted` those who come to hold by that what
  // they waited for.
  void release(Connection who, std::vector<Connection>& granted);
  // The same, of what it waits for alone.
  void withdraw(Connection who, std::vector<Connection>& granted);

  [[nodiscard]] bool any() const { return count_ > 0; }
  [[nodiscard]] bool holds(Connection who, Key key, RowLock lock);

 private:
  struct Request {
    Connection who;
    RowLock lock;
    bool granted;
  };
  using Queue = std::vector<Request>;

  static bool conflict(const Request& a, const Request& b);
  static bool may_have(const Queue& queue, std::size_t place);
  bool waits_for(Connection from, Connection to, std::vector<Connection>& seen);
  template <class Which>
  void erase(const Which& which, std::vector<Connection>& granted);
  void grant(Queue& queue, std::vector<Connection>& granted);

  std::vector<Queue> rows_;          // they keep their memory from run to run
  std::vector<std::uint32_t> used_;  // rows that anybody asked for in this run
  std::uint64_t count_ = 0;          // of requests
  std::vector<Connection> seen_;     // scratch
};

}  // namespace cacherace::models
