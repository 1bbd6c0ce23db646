// Any order, each choice alike: of the events that can happen next, and of what chance decides, every one is
// equally likely.
//
// Draws are a stream's (random.hpp), so an order depends on its address alone and repeats.
#pragma once

#include "sim/random.hpp"
#include "sim/script_chooser.hpp"

namespace cacherace::sim {

class RandomChooser final : public ScriptChooser {
 public:
  explicit RandomChooser(Stream draws, const Grain& grain = command_grain)
      : ScriptChooser({}, grain), draws_(draws) {}

  std::size_t pick(std::size_t count) override;

 private:
  bool between(std::span<const Pending> pending) override;
  void free_choice(std::size_t) override {}

  Stream draws_;
  std::vector<std::size_t> possible_;
};

// One of the numbers below `count`, which is not 0.
std::uint16_t draw_below(Stream& draws, std::size_t count);

}  // namespace cacherace::sim
