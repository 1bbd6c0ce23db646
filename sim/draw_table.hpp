// The draws of one run, each of which can be replaced: a run is a pure function of them, so it can be played
// as it would have been with other luck. Draws that nobody replaced are those of a numbered run.
//
// A thread plays runs from one table at a time (Playing); the draws that a run asked for stay in the table.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/random.hpp"

namespace cacherace::sim {

// Which draw: purpose and index.
using DrawAddress = std::uint64_t;
constexpr DrawAddress address_of(Purpose purpose, std::uint32_t index) {
  return (std::uint64_t{purpose.code()} << 32U) | index;
}
constexpr std::uint32_t index_of(DrawAddress address) {
  return static_cast<std::uint32_t>(address);
}

// Draws by another law than the usual one: a function of those of a numbered run.
class DrawBend {
 public:
  DrawBend() = default;
  DrawBend(const DrawBend&) = delete;
  DrawBend& operator=(const DrawBend&) = delete;
  virtual ~DrawBend() = default;

  [[nodiscard]] virtual DrawPair bent(DrawAddress address, DrawPair draws) const = 0;
};

class DrawTable {
 public:
  struct Entry {
    DrawAddress address;
    DrawPair draws;
  };

  // Draws are those of run `run` of `seed` from now on; no entry is left.
  void begin(std::uint64_t seed, std::uint64_t run);
  // The same, bent; `bend` must live until the next begin().
  void begin(std::uint64_t seed, std::uint64_t run, const DrawBend& bend);
  // The same, with these entries, whose addresses differ.
  void begin(std::uint64_t seed, std::uint64_t run, std::span<const Entry> entries);
  // The draws at the address; looked up once, then an entry. Expected O(1).
  DrawPair& at(DrawAddress address);

  [[nodiscard]] std::uint64_t run() const { return run_; }
  // In the order in which they were asked for.
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }

 private:
  struct Slot {
    std::uint32_t era = 0;  // it counts only in its own: emptying the table is one step
    std::uint32_t place = 0;
  };

  [[nodiscard]] std::size_t slot_of(DrawAddress address) const;
  DrawPair& add(const Entry& entry);
  void grow();

  std::uint64_t seed_ = 0;
  std::uint64_t run_ = 0;
  const DrawBend* bend_ = nullptr;  // null: as they are
  std::uint32_t era_ = 1;
  std::vector<Entry> entries_;
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // a power of two, at most half of them in use
};

// While it lives, this thread's played runs draw from the table.
class Playing {
 public:
  explicit Playing(DrawTable& table);
  Playing(const Playing&) = delete;
  Playing& operator=(const Playing&) = delete;
  ~Playing();

 private:
  DrawTable* before_;
};

}  // namespace cacherace::sim
