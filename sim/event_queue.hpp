// The pending events, ordered by (time, order of creation): a binary heap that can replace its front in one
// pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/time.hpp"

namespace cacherace::sim {

class Wakeable;

// `who` is woken at `at`. `order` counts events as they are created and decides between equal instants.
struct Event {
  Time at;
  std::uint64_t order;
  Wakeable* who;

  [[nodiscard]] bool before(const Event& other) const {
    return at != other.at ? at < other.at : order < other.order;
  }
};

class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] const Event& front() const { return heap_.front(); }
  [[nodiscard]] std::span<const Event> unordered() const { return heap_; }
  void clear() { heap_.clear(); }

  void push(const Event& event) {
    heap_.push_back(event);
    sift_up(heap_.size() - 1);
  }

  Event pop() { return take(0); }

  // Removes the event at `place` of unordered().
  Event take(std::size_t place) {
    const Event taken = heap_[place];
    const Event last = heap_.back();
    heap_.pop_back();
    if (place < heap_.size()) {
      heap_[place] = last;
      sift_up(place);
      sift_down(place);
    }
    return taken;
  }

  // pop() and push(event) in one: the front is returned. Precondition: not empty.
  Event replace_front(const Event& event) {
    const Event front = heap_.front();
    heap_.front() = event;
    sift_down(0);
    return front;
  }

 private:
  void sift_up(std::size_t place) {
    const Event moving = heap_[place];
    while (place > 0) {
      const std::size_t parent = (place - 1) / 2;
      if (!moving.before(heap_[parent])) break;
      heap_[place] = heap_[parent];
      place = parent;
    }
    heap_[place] = moving;
  }

  void sift_down(std::size_t place) {
    const Event moving = heap_[place];
    const std::size_t size = heap_.size();
    for (std::size_t child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && heap_[child + 1].before(heap_[child])) ++child;
      if (!heap_[child].before(moving)) break;
      heap_[place] = heap_[child];
      place = child;
    }
    heap_[place] = moving;
  }

  std::vector<Event> heap_;
};

}  // namespace cacherace::sim
