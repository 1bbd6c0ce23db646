// What of a ledger is about transactions, those who wait for a row or an owner, and a database that fails
// over.
#include <algorithm>

#include "exploration/ledger.hpp"

namespace cacherace::exploration {

using models::Record;

Ledger::Transaction& Ledger::transaction_of(const Record& record) {
  Operation& operation = operations_[record.operation];
  return record.background ? operation.background_transaction : operation.transaction;
}

// Joins a line, or holds now what it waited for.
void Ledger::wait(std::vector<Wait>& line, const Record& record, bool granted) {
  waits_ = true;
  const auto mine = std::ranges::find_if(line, [&](const Wait& wait) {
    return is_of(wait, record) && wait.lock == record.number && !wait.granted;
  });
  if (mine != line.end()) {
    mine->granted = granted;
  } else {
    line.push_back({record.client, record.operation, record.background, record.number, granted});
  }
}

void Ledger::leave(std::vector<Wait>& line, const Record& record) {
  std::erase_if(line, [&](const Wait& wait) { return is_of(wait, record); });
}

void Ledger::give_up(std::vector<Wait>& line, const Record& record) {
  std::erase_if(line, [&](const Wait& wait) { return is_of(wait, record) && !wait.granted; });
}

void Ledger::end_transaction(const Record& record) {
  for (KeyState& key : keys_) leave(key.row, record);
  if (record.client >= actors_) return;
  transaction_of(record) = {.broken = !record.done};
}

// Who waits for an acknowledgement of the old primary will learn that it is gone.
void Ledger::promote(const Record& record) {
  binlog_.resize(record.number);
  for (Client& client : clients_) client.last_commit = std::min(client.last_commit, binlog_.size());
  for (std::uint32_t i = 0; i < operation_count_; ++i) {
    for (auto* replies : {&operations_[i].replies, &operations_[i].background}) {
      if (!replies->empty() && replies->back().fact == models::Fact::flushed) replies->push_back(record);
    }
  }
}

// What was committed after the version that is there again is lost: it counts as never committed.
std::uint32_t Ledger::roll_back(const Record& record) {
  const std::uint32_t index = models::index_of(record.key);
  KeyState& key = keys_[index];
  key.primary = record.row;
  ValueSet lost = 0;
  for (std::uint32_t value = 1; value < rank_.size(); ++value) {
    if (operations_[writer_[value]].key != index || rank_[value] <= record.row.version) continue;
    rank_[value] = 0;
    lost |= set_of(value);
  }
  lost_ |= lost;
  escaped_ |= lost;
  key.monitor.lose(lost);
  std::uint32_t seen = marks::stores;
  if (key.cached && (lost & set_of(models::number_of(key.cached->value))) != 0) seen |= marks::cache_ahead;
  return seen;
}

}  // namespace cacherace::exploration
