// A world of fibers on virtual time: the one kernel under every way of running a scenario.
//
// Boost.Fiber's scheduler is driven by an algorithm whose pick_next takes the front of the event queue and
// moves the clock; nothing else keeps time. A fiber that waits looks first whether its own instant comes
// before the front (then only the clock moves), otherwise it takes the front's place in one pass over the
// heap and resumes the front's fiber directly. Fibers and their stacks are kept and get new jobs, so that a
// run allocates nothing once the world is warm.
//
// A world belongs to the thread that made it. A thread may have several, of which one runs at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/chooser.hpp"
#include "sim/event_queue.hpp"
#include "sim/task.hpp"
#include "sim/time.hpp"

namespace boost::fibers {
class context;
}

namespace cacherace::sim {

// What an event wakes: a fiber of the world, or a plain callback (which must not wait).
class Wakeable {
 public:
  using Callback = void (*)(Wakeable&);

  explicit Wakeable(Callback callback, Part part = Part::step, Tag tag = 0)
      : callback_(callback), part_(part), tag_(tag) {}

  // What its next event is to a chooser, and how its owner recognises it.
  [[nodiscard]] Part part() const { return part_; }
  [[nodiscard]] Tag tag() const { return tag_; }

 private:
  friend class World;
  explicit Wakeable(boost::fibers::context* fiber) : fiber_(fiber) {}

  boost::fibers::context* fiber_ = nullptr;
  std::uintptr_t stack_top_ = 0;  // of a fiber: where it left its stack when it waited last
  Callback callback_ = nullptr;
  Part part_ = Part::step;
  Tag tag_ = 0;
  Time last_{};  // of follow()
};

struct RunLimits {
  Time time = time_never;
  std::uint64_t events = UINT64_MAX;
};

// How a run ended: nothing was left to do, a limit came first, or the chooser had seen enough.
enum class Ending : std::uint8_t { quiescent, out_of_time, out_of_events, abandoned };

struct RunEnd {
  Ending ending = Ending::quiescent;
  Time at{};                 // the instant of the last event that mattered: quiescence, or where a limit came
  std::uint64_t events = 0;  // wake-ups
};

class World {
 public:
  using Job = InplaceTask<void(), 112>;

  World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  [[nodiscard]] Time now() const { return now_; }
  // True while a run that ended early is being wound up: waits return at once, and nothing may be done any
  // more.
  [[nodiscard]] bool stopping() const { return stopping_; }
  // Nothing is left to do, and some wait for others who wait.
  [[nodiscard]] bool hangs() const { return stopping_ && ending_ == Ending::quiescent; }
  // Decides who moves next from the next run on; null (as at first): by time. Not owned.
  void use(Chooser* chooser) { chooser_ = chooser; }
  [[nodiscard]] bool is_chosen() const { return chooser_ != nullptr; }
  // Where chance decides by time and the chooser decides now; only if is_chosen().
  [[nodiscard]] std::size_t pick(std::size_t count) { return chooser_->pick(count); }

  // How many events are still to come.
  [[nodiscard]] std::size_t pending() const { return queue_.size() + pending_.size(); }

  // Whether an event of such a part is to be made at all; only if is_chosen().
  [[nodiscard]] bool holds(Part part) { return chooser_->holds(part); }

  // Runs `job()` on a fiber after `delay`. Inside a run the calling fiber must be settled.
  template <class Callable>
  void spawn(Delay delay, Callable job, Part part = Part::opening, Tag tag = 0) {
    spawn_job(delay, Job(job), part, tag);
  }

  // Calls the wakeable's callback after `delay`.
  void schedule(Delay delay, Wakeable& who);

  // The same, but not before what follow() or `begin_following` put in front of it: a queue.
  void follow(Delay delay, Wakeable& who);
  void begin_following(Wakeable& who) { who.last_ = Time{}; }

  // What was scheduled for `who` does not happen. Linear in the events to come.
  void cancel(const Wakeable& who);

  // Of the calling fiber: comes back after `delay` (not negative).
  void wait(Delay delay, Part part = Part::rest);

  // Of the calling fiber: something begins now that others may see, so what it did not wait for so far must
  // be over first. Nothing to do in a run by time.
  void settle() {
    if (chooser_ != nullptr) settle_chosen();
  }

  // The calling fiber, to be woken by wake().
  [[nodiscard]] Wakeable& self();
  // Of the calling fiber: waits until somebody wakes it. Where nothing is left to do and nobody did, the run
  // is over and stopping() is true afterwards; so it is at once while the run is wound up. The fiber must be
  // settled.
  void park();
  // The same, but no longer than `patience`, whose end is an event of that part and tag. Whether somebody
  // woke it; false, too, where the run is over.
  bool park_for(Delay patience, Part part, Tag tag);
  // Lets a fiber that parked go on at this instant.
  void wake(Wakeable& fiber);

  // Of a fiber that wakes only to find that it has nothing left to do (its client is dead): the run did not
  // go on until this instant.
  void disregard_this_instant() { quiet_ = quiet_before_; }

  // Runs what was spawned and scheduled until nothing is left. Then the world is ready for the next run, at
  // time 0.
  RunEnd run(const RunLimits& limits);

 private:
  class Worker;
  class Algorithm;

  void spawn_job(Delay delay, const Job& job, Part part, Tag tag);
  void settle_chosen();
  void push(Delay delay, Wakeable& who);
  void end_current();
  void hold_current(Part part);
  boost::fibers::context* next_fiber();
  [[nodiscard]] bool nothing_pending() const { return queue_.empty() && pending_.empty(); }
  Event choose();
  Event next_event();
  bool enter(const Event& event);
  void give_up_waiting();
  [[nodiscard]] bool is_parked(const Wakeable& fiber) const;
  void leave_to(boost::fibers::context* next);
  void stop(Ending why);

  EventQueue queue_;              // in a run by time
  std::vector<Pending> pending_;  // where a chooser decides
  Time now_{};
  Time quiet_{};         // the last instant that mattered …
  Time quiet_before_{};  // … and the one before this event
  Time deadline_ = time_never;
  std::uint64_t order_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t events_max_ = UINT64_MAX;
  Worker* current_ = nullptr;
  Chooser* chooser_ = nullptr;
  bool stopping_ = false;
  bool closing_ = false;
  Ending ending_ = Ending::quiescent;
  boost::fibers::context* main_ = nullptr;
  Algorithm* algorithm_ = nullptr;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Worker*> idle_;
  std::vector<Wakeable*> parked_;
};

}  // namespace cacherace::sim
