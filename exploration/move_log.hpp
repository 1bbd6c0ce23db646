// What a chooser decides, written down as a schedule has it. Wraps any chooser over the same steps.
#pragma once

#include <cstdint>
#include <vector>

#include "exploration/schedule.hpp"
#include "models/record.hpp"
#include "sim/script_chooser.hpp"

namespace cacherace::exploration {

class MoveLog final : public sim::Chooser {
 public:
  // Of one run, which ends early where it has more than `moves_max` moves. `grain` as the chooser has it.
  explicit MoveLog(sim::Chooser& chooser, std::uint64_t moves_max = UINT64_MAX,
                   const sim::Grain& grain = sim::command_grain)
      : chooser_(chooser), moves_max_(moves_max), grain_(grain) {}

  std::size_t next(std::span<const sim::Pending> pending) override;
  sim::Time instant(const sim::Pending& chosen, sim::Time now) override {
    return chooser_.instant(chosen, now);
  }
  bool holds(sim::Part part) override { return chooser_.holds(part); }
  std::size_t pick(std::size_t count) override;

  // Notes how many records there were when each move began.
  void watch(const std::vector<models::Record>& records) { records_ = &records; }

  [[nodiscard]] const std::vector<Move>& moves() const { return moves_; }
  [[nodiscard]] const std::vector<std::size_t>& records_then() const { return records_then_; }

 private:
  sim::Chooser& chooser_;
  std::uint64_t moves_max_;
  sim::Grain grain_;
  const std::vector<models::Record>* records_ = nullptr;
  std::vector<Move> moves_;
  std::vector<std::size_t> records_then_;
};

}  // namespace cacherace::exploration
