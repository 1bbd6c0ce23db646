#include "exploration/violations.hpp"

#include "exploration/committed.hpp"
#include "scenarios/observation.hpp"
#include "verify/judge.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;

bool is_ever_ahead(const std::vector<models::Record>& records) {
  Committed committed;
  for (const models::Record& record : records) {
    committed.see(record);
    const bool sets = record.fact == Fact::cache_set || record.fact == Fact::restored;
    if (sets && !committed.has(record.row.value)) return true;
  }
  return false;
}

}  // namespace

std::set<std::uint32_t> endless_operations(const std::vector<models::Record>& records) {
  std::set<std::uint32_t> open;
  for (const models::Record& record : records) {
    if (record.fact == Fact::invoked) open.insert(record.operation);
    if (ends_operation(record.fact)) open.erase(record.operation);
  }
  return open;
}

Violations violations_of(const models::Setup& setup, const std::vector<models::Record>& records,
                         const sim::RunEnd& end) {
  scenarios::Observer observer(setup);
  verify::Judge judge;
  return violations_of(judge.judge(observer.observe(records, end)), records);
}

Violations violations_of(const verify::Verdict& verdict, const std::vector<models::Record>& records) {
  Violations found{};
  const auto note = [&](Property property, bool is_so) {
    found[index_of(property)] = found[index_of(property)] || is_so;
  };
  note(Property::stuck, !verdict.stuck.empty());
  note(Property::nonlinearizable, !verdict.linearizable);
  note(Property::lost_write, verdict.lost_writes > 0);
  note(Property::cache_ahead, is_ever_ahead(records));
  note(Property::deadlock, !endless_operations(records).empty());
  for (const auto& read : verdict.reads) {
    note(Property::stale_read, read.stale_age >= 0);
    note(Property::inversion, read.inversion);
    note(Property::dirty_read, read.dirty);
  }
  return found;
}

}  // namespace cacherace::exploration
