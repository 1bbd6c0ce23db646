// What a strategy is: how a service reads and writes one key through its cache. It sees ports only.
#pragma once

#include <optional>

#include "models/ports.hpp"
#include "models/setup.hpp"

namespace cacherace::strategies {

using models::BinlogEvent;
using models::Key;
using models::Row;
using models::ServiceSetup;
using models::Session;
using models::WriteId;

// One object serves all clients of a run at once: it holds parameters and nothing else.
class Strategy {
 public:
  Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;
  virtual ~Strategy() = default;

  // The row read; nothing where the read failed. The default is the cache-aside read (fills.hpp).
  virtual std::optional<Row> read(Session& session, Key key) const;
  virtual void write(Session& session, Key key, WriteId value) const = 0;

  // What it needs besides its clients, and what a consumer of the queue does with an event.
  [[nodiscard]] virtual models::ServiceSetup service() const { return {}; }
  virtual void consume(Session& session, const BinlogEvent& event) const;
};

}  // namespace cacherace::strategies
