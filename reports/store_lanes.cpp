#include "reports/store_lanes.hpp"

namespace cacherace::reports {

using models::Command;
using models::Fact;
using models::Record;

bool is_effect(const Record& record) {
  switch (record.fact) {
    case Fact::committed:
    case Fact::cache_set:
    case Fact::cache_deleted:
    case Fact::looked_up:
    case Fact::selected:
    case Fact::unchanged:
    case Fact::answered:
    case Fact::changed:
    case Fact::refused:
      return record.client != models::no_client;
    default:
      return false;
  }
}

StoreLanes::StoreLanes(const models::Setup& setup, bool has_queue) : has_queue_(has_queue) {
  const auto replicas = setup.mysql.replicas;
  names_ = {"Redis", replicas == 0 ? "MySQL" : "MySQL primary"};
  for (std::uint32_t i = 0; i < replicas; ++i) {
    names_.push_back(replicas == 1 ? "replica" : "replica " + std::to_string(i + 1));
  }
  if (has_queue) names_.emplace_back("queue");
}

std::size_t StoreLanes::server_of(const Record& record) {
  switch (record.command) {
    case Command::select:
      return record.from_replica ? primary() + 1 + record.replica : primary();
    case Command::update:
    case Command::commit:
    case Command::rollback:
      return primary();
    default:
      return redis();
  }
}

std::size_t StoreLanes::lane_of(const Record& record) const {
  if (record.fact == Fact::applied) return primary() + 1 + record.replica;
  if (record.client != models::no_client) return server_of(record);
  const auto store = models::store_of(record);
  if (store == "mysql") return primary();
  return store == "queue" && has_queue_ ? queue() : redis();
}

}  // namespace cacherace::reports
