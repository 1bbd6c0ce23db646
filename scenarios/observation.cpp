#include "scenarios/observation.hpp"

#include <algorithm>

namespace cacherace::scenarios {
namespace {

using models::Fact;
using models::Record;

verify::Origin origin_of(const Record& record) {
  switch (record.origin) {
    case models::Origin::fill:
      return verify::Origin::fill;
    case models::Origin::write:
      return verify::Origin::write;
    case models::Origin::consumer:
      break;
  }
  return verify::Origin::consumer;
}

verify::Event event_of(const Record& record, verify::EventKind kind) {
  return {.at = sim::nanos(record.at),
          .expires = verify::never,
          .key = models::index_of(record.key),
          .value = models::number_of(record.row.value),
          .for_write = models::number_of(record.for_write),
          .operation = record.operation,
          .kind = kind,
          .origin = origin_of(record),
          .source_outdated = record.outdated};
}

}  // namespace

Observer::Observer(const models::Setup& setup) {
  execution_.keys = setup.keys.count;
  execution_.initially_cached = setup.keys.cached;
  if (setup.redis.ttl) execution_.initial_expiry = sim::nanos(*setup.redis.ttl);
  initial_expiries_differ_ =
      setup.keys.cached && setup.redis.ttl && setup.redis.ttl_jitter > sim::Duration{0};
  if (!initial_expiries_differ_ && !(setup.keys.cached && setup.keys.missing > 0)) return;
  execution_.initial_expiries.resize(setup.keys.count, execution_.initial_expiry);
  std::fill_n(execution_.initial_expiries.rbegin(), setup.keys.missing, 0);
}

const verify::Execution& Observer::observe(const std::vector<Record>& records, const sim::RunEnd& end) {
  execution_.operations.clear();
  execution_.events.clear();
  execution_.quiescence = sim::nanos(end.at);
  traffic_ = {};
  looked_up_.clear();
  selects_.clear();
  window_begin_ = 0;
  for (const Record& record : records) see(record);
  return execution_;
}

void Observer::see(const Record& record) {
  const auto add = [&](verify::EventKind kind) { execution_.events.push_back(event_of(record, kind)); };
  const auto close = [&](verify::Outcome outcome) {
    verify::Operation& operation = execution_.operations[record.operation];
    operation.outcome = outcome;
    if (outcome != verify::Outcome::unknown) operation.end = sim::nanos(record.at);
    if (record.kind == models::OperationKind::read) operation.value = models::number_of(record.row.value);
  };
  switch (record.fact) {
    case Fact::invoked:
      execution_.operations.push_back({.start = sim::nanos(record.at),
                                       .end = verify::never,
                                       .value = models::number_of(record.row.value),
                                       .key = models::index_of(record.key),
                                       .client = record.client,
                                       .kind = record.kind == models::OperationKind::read
                                                   ? verify::OperationKind::read
                                                   : verify::OperationKind::write,
                                       .outcome = verify::Outcome::unknown});
      looked_up_.push_back(false);
      if (initial_expiries_differ_) {
        execution_.initial_expiries[models::index_of(record.key)] = sim::nanos(record.until);
      }
      break;
    case Fact::returned:
      close(verify::Outcome::ok);
      break;
    case Fact::failed:
      close(verify::Outcome::fail);
      break;
    case Fact::unknown:
      close(verify::Outcome::unknown);
      break;
    case Fact::committed:
      ++traffic_.database_writes;
      add(verify::EventKind::commit);
      break;
    case Fact::selected:
      ++traffic_.database_reads;
      count_select(sim::nanos(record.at));
      break;
    case Fact::cache_set:
      add(verify::EventKind::cache_set);
      if (record.until != sim::time_never) execution_.events.back().expires = sim::nanos(record.until);
      break;
    case Fact::restored:
      add(verify::EventKind::cache_set);
      execution_.events.back().origin = verify::Origin::failover;
      if (record.until != sim::time_never) execution_.events.back().expires = sim::nanos(record.until);
      break;
    case Fact::rolled_back:
      add(verify::EventKind::rolled_back);
      break;
    case Fact::cache_deleted:
    case Fact::evicted:
    case Fact::expired:
      add(verify::EventKind::cache_del);
      break;
    case Fact::looked_up:
      count_look_up(record, !record.missing);
      if (!record.missing) add(verify::EventKind::cache_hit);
      break;
    case Fact::command_failed:
      if (record.command == models::Command::get) {
        count_look_up(record, false);
      } else {
        add(verify::EventKind::command_failed);
      }
      break;
    case Fact::crashed:
      if (record.origin != models::Origin::consumer) add(verify::EventKind::crash);
      break;
    case Fact::message_lost:
      add(verify::EventKind::message_lost);
      break;
    default:
      break;  // told, not judged
  }
}

void Observer::count_look_up(const Record& record, bool hit) {
  if (record.origin != models::Origin::fill || looked_up_[record.operation]) return;
  looked_up_[record.operation] = true;
  ++(hit ? traffic_.hits : traffic_.misses);
}

void Observer::count_select(std::int64_t at_ns) {
  selects_.push_back(at_ns);
  while (at_ns - selects_[window_begin_] >= load_window_ns) ++window_begin_;
  traffic_.most_in_window = std::max<std::uint64_t>(traffic_.most_in_window, selects_.size() - window_begin_);
}

}  // namespace cacherace::scenarios
