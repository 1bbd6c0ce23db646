// MySQL: rows on a primary, its binlog, and replicas that apply the binlog first-in first-out.
//
// An UPDATE outside a transaction takes its row lock, changes the row and commits at one instant; the order
// of these instants is the commit order, and the binlog has it. A replica applies each commit at max(commit +
// its lag, its previous apply), so lag is a queue. Lags are drawn for each replica apart.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/per_run.hpp"
#include "models/ports.hpp"
#include "models/record.hpp"
#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

class Mysql {
 public:
  Mysql(sim::World& world, Recorder& recorder, const MysqlSetup& setup, const KeysSetup& keys);
  ~Mysql();

  void begin_run(std::uint64_t seed, std::uint64_t run);

  // Commits, and sends the commit on its way to the replicas.
  Row update(Key key, WriteId value);
  [[nodiscard]] Row newest(Key key) { return primary_[index_of(key)]; }
  Row on_replica(std::uint32_t replica, Key key);

 private:
  class Replica;

  sim::World& world_;
  Recorder& recorder_;
  PerRun<Row> primary_;
  std::vector<BinlogEvent> binlog_;
  std::vector<std::unique_ptr<Replica>> replicas_;
};

}  // namespace cacherace::models
