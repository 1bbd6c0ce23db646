#include "sim/world.hpp"

#include <algorithm>
#include <boost/fiber/all.hpp>
#include <cassert>
#include <utility>

namespace cacherace::sim {
namespace {

using boost::fibers::context;

// Strategies and models need little; sanitizers need more room for their frames.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t stack_bytes = 256 * 1024;
#else
constexpr std::size_t stack_bytes = 32 * 1024;
#endif

// With many fibers their stacks are not in the nearest cache: what the fiber after next will touch first is
// fetched while the next one runs (1,024 fibers: 1.45 instead of 1.65 times the time of the bare heap).
void prefetch(const void* context, std::uintptr_t stack_top) {
  constexpr std::uintptr_t line = 64;
  __builtin_prefetch(context);
  for (std::uintptr_t i = 0; i < 3; ++i)
    __builtin_prefetch(reinterpret_cast<const void*>(stack_top - i * line));
}

}  // namespace

// Contexts made ready by Boost.Fiber itself (new fibers, joined ones, the dispatcher) wait here in order;
// events of the world come after them, the dispatcher last: it only has work when a fiber has ended.
class World::Algorithm final : public boost::fibers::algo::algorithm {
 public:
  void awakened(context* fiber) noexcept override {
    if (fiber->is_context(boost::fibers::type::dispatcher_context)) {
      dispatcher_ = fiber;
    } else {
      fiber->ready_link(ready_);
    }
  }

  context* pick_next() noexcept override {
    if (dispatcher_first_ && dispatcher_ != nullptr) {
      dispatcher_first_ = false;
      return std::exchange(dispatcher_, nullptr);
    }
    if (!ready_.empty()) {
      context* fiber = &ready_.front();
      ready_.pop_front();
      return fiber;
    }
    if (running_ != nullptr) return running_->next_fiber();
    return std::exchange(dispatcher_, nullptr);
  }

  bool has_ready_fibers() const noexcept override { return !ready_.empty() || dispatcher_ != nullptr; }

  // Virtual time never waits for the machine's clock.
  void suspend_until(const std::chrono::steady_clock::time_point&) noexcept override {}
  void notify() noexcept override {}

  // The algorithm of this thread, installed at its first use. The thread's scheduler owns it.
  static Algorithm& of_this_thread() {
    static thread_local Algorithm* installed = nullptr;
    if (installed == nullptr) {
      auto algorithm = std::make_unique<Algorithm>();
      installed = algorithm.get();
      context::active()->get_scheduler()->set_algo(algo_pointer(algorithm.release()));
    }
    return *installed;
  }

  // The world whose events are the thread's events, while it runs; null: none.
  void serve(World* world) {
    assert(world == nullptr || running_ == nullptr);
    running_ = world;
  }

  // Takes back a fiber that was just created: it starts when an event wakes it, not before.
  context* hold_back_newest() {
    context* fiber = &ready_.back();
    ready_.pop_back();
    return fiber;
  }

  void make_ready(context* fiber) { fiber->ready_link(ready_); }

  // Gives the stacks of fibers that have ended back: the dispatcher does, which otherwise waits until nobody
  // else is ready.
  void clear_away() {
    dispatcher_first_ = true;
    boost::this_fiber::yield();
  }

 private:
  using algo_pointer = boost::fibers::algo::algorithm::ptr_t;

  boost::fibers::scheduler::ready_queue_type ready_;
  context* dispatcher_ = nullptr;
  bool dispatcher_first_ = false;
  World* running_ = nullptr;
};

// A fiber that is kept: it does one job after another.
class World::Worker final : public Wakeable {
 public:
  explicit Worker(World& world)
      : Wakeable(static_cast<context*>(nullptr)),
        world_(world),
        fiber_(boost::fibers::launch::post, std::allocator_arg, boost::fibers::fixedsize_stack(stack_bytes),
               [this] { work(); }) {
    Wakeable::fiber_ = world.algorithm_->hold_back_newest();
  }

  void give(const Job& job, Part part, Tag tag) {
    job_ = job;
    debt_ = {};
    Wakeable::tag_ = tag;
    set_part(part);
  }
  void set_part(Part part) { Wakeable::part_ = part; }
  Wakeable& begin_patience(Part part, Tag tag) { return patience_.begin(part, tag); }
  [[nodiscard]] bool ran_out() const { return patience_.ran_out; }
  // What the fiber did not wait for so far.
  Delay& debt() { return debt_; }
  void join() { fiber_.join(); }
  [[nodiscard]] context* fiber() const { return Wakeable::fiber_; }

 private:
  // Wakes the fiber when it has waited long enough.
  struct Patience final : Wakeable {
    explicit Patience(Worker& waiting)
        : Wakeable([](Wakeable& self) { static_cast<Patience&>(self).end(); }), worker(waiting) {}
    Patience& begin(Part part, Tag tag) {
      Wakeable::part_ = part;
      Wakeable::tag_ = tag;
      ran_out = false;
      return *this;
    }
    void end() {
      ran_out = worker.world_.is_parked(worker);
      worker.world_.wake(worker);
    }
    Worker& worker;
    bool ran_out = false;
  };

  void work() {
    while (!world_.closing_) {
      job_();
      world_.end_current();
      debt_ = {};
      world_.idle_.push_back(this);
      world_.leave_to(world_.next_fiber());
    }
  }

  World& world_;
  Job job_;
  Delay debt_;
  Patience patience_{*this};
  boost::fibers::fiber fiber_;
};

World::World() : algorithm_(&Algorithm::of_this_thread()) {}

World::~World() {
  closing_ = true;
  for (const auto& worker : workers_) algorithm_->make_ready(worker->fiber());
  for (const auto& worker : workers_) worker->join();
  algorithm_->clear_away();
}

void World::push(Delay delay, Wakeable& who) {
  if (chooser_ == nullptr) {
    queue_.push({now_ + delay.least, order_++, &who});
  } else {
    pending_.push_back({&who, order_++, delay});
  }
}

void World::spawn_job(Delay delay, const Job& job, Part part, Tag tag) {
  assert(chooser_ == nullptr || stopping_ || current_ == nullptr || current_->debt().is_zero());
  if (idle_.empty()) {
    workers_.push_back(std::make_unique<Worker>(*this));
    idle_.reserve(workers_.size());
    idle_.push_back(workers_.back().get());
  }
  Worker* worker = idle_.back();
  idle_.pop_back();
  worker->give(job, part, tag);
  push(delay, *worker);
}

void World::schedule(Delay delay, Wakeable& who) {
  push(delay, who);
}

void World::follow(Delay delay, Wakeable& who) {
  if (chooser_ == nullptr) {
    who.last_ = std::max(now_ + delay.least, who.last_);
    queue_.push({who.last_, order_++, &who});
  } else {
    pending_.push_back({&who, order_++, delay});
  }
}

void World::cancel(const Wakeable& who) {
  std::erase_if(pending_, [&](const Pending& event) { return event.who == &who; });
  const auto is_of = [&](const Event& event) { return event.who == &who; };
  for (auto all = queue_.unordered();; all = queue_.unordered()) {
    const auto found = std::ranges::find_if(all, is_of);
    if (found == all.end()) return;
    queue_.take(static_cast<std::size_t>(found - all.begin()));
  }
}

void World::wait(Delay delay, Part part) {
  if (stopping_) return;
  assert(current_ != nullptr && delay.least >= Duration{0});
  if (chooser_ == nullptr) {
    const Time until = delay.least > time_never - now_ ? time_never : now_ + delay.least;
    const Event mine{until, order_, current_};
    if (queue_.empty() || until < queue_.front().at) {
      enter(mine);
      return;
    }
    ++order_;
    const Event front = queue_.replace_front(mine);
    current_->stack_top_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const Wakeable& after_next = *queue_.front().who;
    prefetch(after_next.fiber_, after_next.stack_top_);
    if (enter(front)) {
      leave_to(front.who->fiber_);
      return;
    }
  } else {
    current_->debt() += delay;
    if (!chooser_->holds(part)) return;
    hold_current(part);
  }
  leave_to(next_fiber());
}

Wakeable& World::self() {
  return *current_;
}

void World::park() {
  if (stopping_) return;
  assert(current_->debt().is_zero());
  current_->stack_top_ = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  parked_.push_back(current_);
  leave_to(next_fiber());
}

bool World::park_for(Delay patience, Part part, Tag tag) {
  if (stopping_) return false;
  Worker& worker = *current_;
  Wakeable& end = worker.begin_patience(part, tag);
  push(patience, end);
  park();
  if (stopping_ || worker.ran_out()) return false;
  cancel(end);
  return true;
}

bool World::is_parked(const Wakeable& fiber) const {
  return std::ranges::find(parked_, &fiber) != parked_.end();
}

void World::wake(Wakeable& fiber) {
  const auto found = std::ranges::find(parked_, &fiber);
  if (found == parked_.end()) return;  // the run is over, and everybody is woken
  parked_.erase(found);
  static_cast<Worker&>(fiber).set_part(Part::rest);
  push({}, fiber);
}

// Nothing is left to do, but for those who wait for others who wait.
void World::give_up_waiting() {
  stopping_ = true;
  for (Wakeable* fiber : parked_) push({}, *fiber);
  parked_.clear();
}

void World::settle_chosen() {
  if (stopping_ || current_->debt().is_zero()) return;
  hold_current(Part::returning);
  leave_to(next_fiber());
}

void World::end_current() {
  if (chooser_ == nullptr || stopping_ || current_->debt().is_zero()) return;
  if (!chooser_->holds(Part::ending)) return;
  hold_current(Part::ending);
  leave_to(next_fiber());
}

void World::hold_current(Part part) {
  current_->set_part(part);
  push(std::exchange(current_->debt(), {}), *current_);
}

// Makes `event` the present. True: its fiber is to go on; false: it was a callback, and is done.
bool World::enter(const Event& event) {
  if (!stopping_) {
    if (event.at > deadline_) {
      stop(Ending::out_of_time);
    } else if (events_ >= events_max_) {
      stop(Ending::out_of_events);
    } else {
      ++events_;
      now_ = std::max(now_, event.at);
      quiet_before_ = std::exchange(quiet_, now_);
    }
  }
  if (event.who->fiber_ != nullptr) {
    current_ = static_cast<Worker*>(event.who);
    return true;
  }
  if (!stopping_) event.who->callback_(*event.who);
  return false;
}

// The fiber that goes on next; the one that called run() when nothing is left.
context* World::next_fiber() {
  while (true) {
    if (nothing_pending() && !parked_.empty()) give_up_waiting();
    if (nothing_pending()) break;
    const Event event = next_event();
    if (enter(event)) return event.who->fiber_;
  }
  current_ = nullptr;
  return main_;
}

Event World::next_event() {
  return chooser_ == nullptr ? queue_.pop() : choose();
}

Event World::choose() {
  std::size_t chosen = stopping_ ? 0 : chooser_->next(pending_);
  if (chosen == Chooser::none) {
    stop(Ending::abandoned);
    chosen = 0;
  }
  assert(chosen < pending_.size());
  const Pending event = pending_[chosen];
  pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(chosen));
  if (!stopping_ && event.who->fiber_ != nullptr && !chooser_->holds(event.who->part())) {
    static_cast<Worker*>(event.who)->debt() = event.delay;  // it comes at once, as a part that nobody holds
  }
  return {stopping_ ? now_ : chooser_->instant(event, now_), event.order, event.who};
}

void World::leave_to(context* next) {
  if (next != context::active()) next->resume();
}

void World::stop(Ending why) {
  stopping_ = true;
  ending_ = why;
}

RunEnd World::run(const RunLimits& limits) {
  deadline_ = limits.time;
  events_max_ = limits.events;
  events_ = 0;
  stopping_ = false;
  ending_ = Ending::quiescent;
  main_ = context::active();
  algorithm_->serve(this);
  if (!nothing_pending()) main_->suspend();
  algorithm_->serve(nullptr);
  stopping_ = false;
  order_ = 0;
  now_ = Time{};
  quiet_before_ = Time{};
  return {ending_, std::exchange(quiet_, Time{}), events_};
}

}  // namespace cacherace::sim
