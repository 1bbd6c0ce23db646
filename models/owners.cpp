#include "models/owners.hpp"

#include <algorithm>
#include <utility>

namespace cacherace::models {

void Owners::begin_run() {
  locks_.begin_run();
  std::ranges::fill(waiting_, nullptr);
}

bool Owners::enter(Connection who, Key key) {
  return locks_.request(who, key, RowLock::update) == RowLocks::Answer::granted;
}

void Owners::wait(Connection who) {
  if (waiting_.size() <= who) waiting_.resize(who + 1);
  waiting_[who] = &world_.self();
  world_.park();
}

void Owners::leave(Connection who) {
  if (!locks_.any()) return;
  granted_.clear();
  locks_.release(who, granted_);
  for (const Connection next : granted_) {
    if (sim::Wakeable* const fiber = std::exchange(waiting_[next], nullptr)) world_.wake(*fiber);
  }
}

}  // namespace cacherace::models
