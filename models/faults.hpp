// Which fault strikes when. Every fault draws from streams of its own, so faults do not shift other draws.
// Where a chooser decides, a probability above 0 and below 1 says no more than that it may strike or not.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/setup.hpp"
#include "sim/random.hpp"
#include "sim/world.hpp"

namespace cacherace::models {

// A fault that a command matches; whether it strikes, and the fraction at which the duration that it needs (a
// pause, a delay) is drawn.
struct MetFault {
  const Fault* fault;
  std::uint16_t place;  // in the scenario's list
  bool strikes;
  double draw;
};

// A client in the eyes of a fault. `matches` counts each fault's matches of this client in this run; draws
// are addressed by it, so that they do not depend on what other clients do.
struct Victim {
  std::uint32_t number;
  std::string_view group;
  std::vector<std::uint32_t>& matches;
};

// Whether a fault of the list takes part in a run: all do, or in a swarm every other one by chance.
bool takes_part(const sim::World& world, bool swarm, std::uint64_t seed, std::uint64_t run,
                std::size_t place);

// The faults on commands. Occurrences are counted over all clients of a run in order of issue.
class CommandFaults {
 public:
  CommandFaults(sim::World& world, const std::vector<Fault>& faults, bool swarm);

  void begin_run(std::uint64_t seed, std::uint64_t run);

  [[nodiscard]] bool any() const { return !rules_.empty(); }
  [[nodiscard]] std::size_t size() const { return rules_.size(); }

  // Whether the order in which such commands leave their clients decides what strikes: an occurrence is
  // counted in it.
  [[nodiscard]] bool counts(Command command, std::string_view group) const;

  // Puts the faults that this command matches into `met`, in the scenario's order.
  void meet(Command command, const Victim& victim, std::vector<MetFault>& met);

 private:
  struct Rule {
    const Fault* fault;
    std::uint16_t place;        // in the scenario's list
    std::uint64_t matches = 0;  // in this run
    bool takes_part = true;
  };

  sim::World& world_;
  bool swarm_;
  std::uint64_t seed_ = 0;
  std::uint64_t run_ = 0;
  std::vector<Rule> rules_;
};

// What becomes of one message of the queue.
struct MessageFate {
  bool lost = false;
  const Fault* duplicate = nullptr;
  const Fault* reorder = nullptr;
};

// The faults on messages, counted in order of publication.
class MessageFaults {
 public:
  MessageFaults(sim::World& world, const std::vector<Fault>& faults, bool swarm);

  void begin_run(std::uint64_t seed, std::uint64_t run);
  MessageFate next();
  // How long after the first delivery the copy comes, or how much longer the message takes.
  sim::Delay draw_delay(const Fault& fault);

 private:
  struct Rule {
    const Fault* fault;
    std::uint32_t place;
    sim::Stream stream = {};
    std::uint64_t matches = 0;
    bool takes_part = true;
  };

  sim::World& world_;
  bool swarm_;
  std::vector<Rule> rules_;
};

}  // namespace cacherace::models
