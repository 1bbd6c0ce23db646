#include "models/mysql.hpp"

#include <algorithm>

#include "models/delays.hpp"
#include "models/roles.hpp"

namespace cacherace::models {

// Applies are scheduled in commit order at instants that never decrease, so the world fires them in that
// order.
class Mysql::Replica final : public sim::Wakeable {
 public:
  Replica(Mysql& mysql, std::uint32_t number, const MysqlSetup& setup, const KeysSetup& keys)
      : Wakeable([](Wakeable& self) { static_cast<Replica&>(self).apply_next(); }, sim::Part::step,
                 tag_of(Actor::replica, number)),
        mysql_(mysql),
        number_(number),
        lag_(setup.replication_lag),
        rows_(keys.count, Row{}) {}

  void begin_run(std::uint64_t seed, std::uint64_t run) {
    rows_.begin_run();
    lags_ = {seed, run, purpose(number_, Role::replication_lag)};
    mysql_.world_.begin_following(*this);
    applied_ = 0;
  }

  void follow_commit() { mysql_.world_.follow(delay_of(mysql_.world_, lag_, lags_), *this); }

  Row& row(Key key) { return rows_[index_of(key)]; }

 private:
  void apply_next() {
    const BinlogEvent& event = mysql_.binlog_[applied_++];
    row(event.key) = event.row;
    if (mysql_.recorder_.detailed()) {
      mysql_.recorder_.add({.at = mysql_.world_.now(),
                            .key = event.key,
                            .row = event.row,
                            .replica = number_,
                            .fact = Fact::applied});
    }
  }

  Mysql& mysql_;
  std::uint32_t number_;
  const sim::Latency& lag_;
  PerRun<Row> rows_;
  sim::Stream lags_;
  std::size_t applied_ = 0;
};

Mysql::Mysql(sim::World& world, Recorder& recorder, const MysqlSetup& setup, const KeysSetup& keys)
    : world_(world), recorder_(recorder), primary_(keys.count, Row{}) {
  for (std::uint32_t number = 0; number < setup.replicas; ++number) {
    replicas_.push_back(std::make_unique<Replica>(*this, number, setup, keys));
  }
}

Mysql::~Mysql() = default;

void Mysql::begin_run(std::uint64_t seed, std::uint64_t run) {
  primary_.begin_run();
  binlog_.clear();
  for (const auto& replica : replicas_) replica->begin_run(seed, run);
}

Row Mysql::update(Key key, WriteId value) {
  Row& row = primary_[index_of(key)];
  row = {value, row.version + 1};
  if (!replicas_.empty()) binlog_.push_back({key, row});
  for (const auto& replica : replicas_) replica->follow_commit();
  return row;
}

Row Mysql::on_replica(std::uint32_t replica, Key key) {
  return replicas_[replica]->row(key);
}

}  // namespace cacherace::models
