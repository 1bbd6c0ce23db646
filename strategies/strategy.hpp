// What a strategy is: how a service reads and writes one key through its cache. It sees ports only.
#pragma once

#include <optional>

#include "models/ports.hpp"

namespace cacherace::strategies {

using models::BinlogEvent;
using models::Key;
using models::Row;
using models::Session;
using models::WriteId;

// One object serves all clients of a run at once: it holds parameters and nothing else.
class Strategy {
 public:
  Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;

  // The row read; nothing where the read failed. The default is the cache-aside read.
  virtual std::optional<Row> read(Session& session, Key key) const;
  virtual void write(Session& session, Key key, WriteId value) const = 0;

  // How many consumers follow the binlog through the queue (0: none), and what one does with an event.
  [[nodiscard]] virtual unsigned consumers() const { return 0; }
  virtual void consume(Session& session, const BinlogEvent& event) const;
};

}  // namespace cacherace::strategies
