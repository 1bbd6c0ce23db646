// What of a ledger is about the queue: messages under way, what consumers have, and what comes again.
#include <algorithm>
#include <cassert>

#include "exploration/ledger.hpp"

namespace cacherace::exploration {
namespace {

using models::Record;

std::uint32_t value_of(const Record& record) {
  return models::number_of(record.row.value);
}

}  // namespace

void Ledger::publish(const Record& record) {
  if (!committed(value_of(record))) escaped_ |= set_of(value_of(record));
  ++published_;
  messages_[record.number].push_back({value_of(record), false});
  if (partition_of_.size() <= value_of(record)) partition_of_.resize(value_of(record) + 1);
  partition_of_[value_of(record)] = record.number;
}

std::vector<std::uint32_t>& Ledger::inbox_of(std::uint32_t partition) {
  return inboxes_[(partition + moved_) % inboxes_.size()];
}

// Of what it did before a consumer remembers nothing.
void Ledger::take_event(const Record& record) {
  auto& inbox = inboxes_[record.client - actors_];
  assert(inbox.front() == value_of(record));
  inbox.erase(inbox.begin());
  if (redelivers_) unacknowledged_[record.client - actors_].push_back(value_of(record));
  clients_[record.client].replies.assign(1, record);
}

// Another in the place of a consumer that crashed: all that was not acknowledged comes again.
void Ledger::take_over(std::uint32_t number) {
  Client& client = clients_[number];
  client.crashed = false;
  client.replies.clear();
  auto& inbox = inboxes_[number - actors_];
  auto& again = unacknowledged_[number - actors_];
  inbox.insert(inbox.begin(), again.begin(), again.end());
  again.clear();
}

void Ledger::rebalance() {
  ++moved_;
  for (std::size_t i = 0; i < inboxes_.size(); ++i) {
    inboxes_[i].insert(inboxes_[i].begin(), unacknowledged_[i].begin(), unacknowledged_[i].end());
    unacknowledged_[i].clear();
  }
  std::rotate(inboxes_.rbegin(), inboxes_.rbegin() + 1, inboxes_.rend());
}

void Ledger::deliver(const Record& record) {
  if (record.done) {
    strays_ &= ~set_of(value_of(record));
    inbox_of(record.number).push_back(value_of(record));
    return;
  }
  auto& messages = messages_[record.number];
  if (messages.front().again) copies_ |= set_of(messages.front().value);
  messages.erase(messages.begin());
  inbox_of(record.number).push_back(value_of(record));
}

void Ledger::send_again(const Record& record) {
  copies_ &= ~set_of(value_of(record));
  messages_[record.number].push_back({value_of(record), false});
}

}  // namespace cacherace::exploration
