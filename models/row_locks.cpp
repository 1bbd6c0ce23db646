#include "models/row_locks.hpp"

#include <algorithm>

namespace cacherace::models {

void RowLocks::begin_run() {
  for (const std::uint32_t row : used_) rows_[row].clear();
  used_.clear();
  count_ = 0;
}

bool RowLocks::conflict(const Request& a, const Request& b) {
  return a.who != b.who && (a.lock == RowLock::update || b.lock == RowLock::update);
}

// Nobody in front wants or has what excludes it.
bool RowLocks::may_have(const Queue& queue, std::size_t place) {
  const auto in_front = queue.begin() + static_cast<std::ptrdiff_t>(place);
  return std::none_of(queue.begin(), in_front,
                      [&](const Request& other) { return conflict(other, queue[place]); });
}

bool RowLocks::holds(Connection who, Key key, RowLock lock) {
  return std::ranges::any_of(rows_[index_of(key)], [&](const Request& request) {
    return request.who == who && request.granted && (request.lock == lock || request.lock == RowLock::update);
  });
}

RowLocks::Answer RowLocks::request(Connection who, Key key, RowLock lock) {
  if (holds(who, key, lock)) return Answer::granted;
  Queue& queue = rows_[index_of(key)];
  if (std::ranges::find(used_, index_of(key)) == used_.end()) used_.push_back(index_of(key));
  // Behind all; one that holds the row already: behind those that hold it.
  const bool upgrades = holds(who, key, RowLock::share);
  auto place = queue.end();
  if (upgrades) {
    place = std::find_if(queue.begin(), queue.end(), [](const Request& request) { return !request.granted; });
  }
  place = queue.insert(place, {who, lock, false});
  ++count_;
  if (may_have(queue, static_cast<std::size_t>(place - queue.begin()))) {
    place->granted = true;
    return Answer::granted;
  }
  seen_.clear();
  if (!waits_for(who, who, seen_)) return Answer::waiting;
  queue.erase(place);
  --count_;
  return Answer::deadlock;
}

// Whether `from` waits, directly or not, for `to`.
bool RowLocks::waits_for(Connection from, Connection to, std::vector<Connection>& seen) {
  if (std::ranges::find(seen, from) != seen.end()) return false;
  seen.push_back(from);
  for (const std::uint32_t row : used_) {
    const Queue& queue = rows_[row];
    for (std::size_t i = 0; i < queue.size(); ++i) {
      if (queue[i].who != from || queue[i].granted) continue;
      for (std::size_t j = 0; j < i; ++j) {
        if (!conflict(queue[i], queue[j])) continue;
        if (queue[j].who == to || waits_for(queue[j].who, to, seen)) return true;
      }
    }
  }
  return false;
}

void RowLocks::release(Connection who, std::vector<Connection>& granted) {
  erase([who](const Request& request) { return request.who == who; }, granted);
}

void RowLocks::withdraw(Connection who, std::vector<Connection>& granted) {
  erase([who](const Request& request) { return request.who == who && !request.granted; }, granted);
}

template <class Which>
void RowLocks::erase(const Which& which, std::vector<Connection>& granted) {
  for (const std::uint32_t row : used_) {
    Queue& queue = rows_[row];
    const auto erased = std::erase_if(queue, which);
    count_ -= erased;
    if (erased > 0) grant(queue, granted);
  }
}

void RowLocks::grant(Queue& queue, std::vector<Connection>& granted) {
  for (std::size_t i = 0; i < queue.size(); ++i) {
    if (queue[i].granted || !may_have(queue, i)) continue;
    queue[i].granted = true;
    granted.push_back(queue[i].who);
  }
}

}  // namespace cacherace::models
