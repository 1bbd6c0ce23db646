// Runs whose order is a list of choices: the base of exploration, and of repeating what it found.
//
// A choice is made between steps, among the pending events (of several events of one Wakeable only the first
// can happen), and inside a step wherever chance would decide in a run by time. After the script the first
// possibility is taken. Each step has an instant of its own, 1 ns after the one before, from 1 ns on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/chooser.hpp"

namespace cacherace::sim {

using Choices = std::vector<std::uint16_t>;

// Which parts are steps of their own; the others go together with the step before them.
struct Grain {
  std::uint32_t held = 0;      // a bit for each Part
  bool openings_join = false;  // an opening or delivery goes together with the issue or step that it leads to

  [[nodiscard]] constexpr bool holds(Part part) const {
    return ((held >> static_cast<unsigned>(part)) & 1U) != 0;
  }
};
template <class... Parts>
constexpr std::uint32_t bits_of(Parts... parts) {
  return ((1U << static_cast<unsigned>(parts)) | ... | 0U);
}

// A command with its reply is one step.
inline constexpr Grain command_grain{
    bits_of(Part::opening, Part::delivery, Part::issue, Part::sleep, Part::step, Part::uncounted), true};

class ScriptChooser : public Chooser {
 public:
  explicit ScriptChooser(Choices script, const Grain& grain = command_grain)
      : script_(std::move(script)), grain_(grain) {}

  std::size_t next(std::span<const Pending> pending) final;
  Time instant(const Pending&, Time) override { return Time(Duration(steps_)); }
  bool holds(Part part) final;
  std::size_t pick(std::size_t count) override { return choose(count); }

 protected:
  // Between two steps; false ends the run.
  virtual bool between(std::span<const Pending> pending) = 0;
  // Beyond the script the first of `count` possibilities is about to be taken.
  virtual void free_choice(std::size_t count) = 0;

  // Goes on with these choices where the script ends; from between().
  void go_on(const Choices& choices) { script_.insert(script_.end(), choices.begin(), choices.end()); }

  // How much of the script was used.
  [[nodiscard]] std::size_t used() const { return used_; }
  // The choices of the present step so far, and what it counts. Between steps: of the last one.
  [[nodiscard]] const Choices& step() const { return step_; }
  [[nodiscard]] std::uint32_t counted() const { return counted_; }

 private:
  std::size_t choose(std::size_t count);

  Choices script_;
  Grain grain_;
  std::size_t used_ = 0;
  std::int64_t steps_ = 0;
  bool opened_ = false;  // the step that an opening leads to is still to come
  std::uint32_t counted_ = 0;
  Choices step_;
  std::vector<std::size_t> possible_;  // places among the pending events
};

// The places of the events among which a ScriptChooser chooses: of several of one Wakeable only the first.
void possible_places(std::span<const Pending> pending, std::vector<std::size_t>& places);

}  // namespace cacherace::sim
