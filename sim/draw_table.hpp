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

// What a draw is called: by what it decides and how many of the same purpose decided the same before, so
// that the first SET of a client has one name however many GETs came before it. Where draws of a purpose
// decide one thing only, it is the address.
using DrawName = std::uint64_t;
inline constexpr DrawName no_name = UINT64_MAX;
inline constexpr std::uint32_t named_roles = 512, roles_with_uses = 32;
constexpr DrawName name_of(Purpose purpose, std::uint32_t use, std::uint32_t number) {
  return address_of(Purpose(0, named_roles + use * roles_with_uses), number) | std::uint64_t{purpose.code()}
                                                                                   << 32U;
}
// The same of another one, and another of them.
constexpr DrawName renamed(DrawName name, std::uint32_t who, std::uint32_t number) {
  return (name & std::uint64_t{0x3ff} << 32U) | std::uint64_t{who} << 42U | number;
}
// Of a name: whose, of which role, and for what use.
constexpr std::uint32_t who_of(DrawName name) {
  return static_cast<std::uint32_t>(name >> 42U);
}
constexpr std::uint32_t role_of(DrawName name) {
  const std::uint32_t role = static_cast<std::uint32_t>(name >> 32U) & 0x3ffU;
  return role < named_roles ? role : role % roles_with_uses;
}
constexpr std::uint32_t use_of(DrawName name) {
  const std::uint32_t role = static_cast<std::uint32_t>(name >> 32U) & 0x3ffU;
  return role < named_roles ? 0 : (role - named_roles) / roles_with_uses;
}

// Draws by another law than the usual one, which may depend on what happened in the run so far: a function of
// the draws of a numbered run.
class DrawBend {
 public:
  DrawBend() = default;
  DrawBend(const DrawBend&) = delete;
  DrawBend& operator=(const DrawBend&) = delete;
  virtual ~DrawBend() = default;

  [[nodiscard]] virtual DrawPair bent(DrawName name, DrawPair draws) = 0;
};

class DrawTable {
 public:
  struct Entry {
    DrawAddress address;
    DrawPair draws;
    DrawName name = no_name;  // of what it was asked for first; none: it was not
  };

  // Draws are those of run `run` of `seed` from now on; no entry is left.
  void begin(std::uint64_t seed, std::uint64_t run);
  // The same, bent; `bend` must live until the next begin().
  void begin(std::uint64_t seed, std::uint64_t run, DrawBend& bend);
  // The same, with these entries, whose addresses differ; they get their names anew.
  void begin(std::uint64_t seed, std::uint64_t run, std::span<const Entry> entries);
  // The draws at the address; looked up once, then an entry. Expected O(1).
  DrawPair& at(DrawAddress address);
  // The same, asked for by the run.
  const DrawPair& ask(Purpose purpose, std::uint32_t index, std::uint32_t use);

  [[nodiscard]] std::uint64_t run() const { return run_; }
  // In the order in which they were asked for.
  [[nodiscard]] std::span<const Entry> entries() const { return entries_; }

 private:
  struct Slot {
    std::uint32_t era = 0;    // it counts only in its own: emptying the table is one step
    std::uint32_t place = 0;  // or a number
  };

  [[nodiscard]] std::size_t slot_of(DrawAddress address) const;
  Entry& entry_at(DrawAddress address);
  Entry& add(const Entry& entry);
  DrawName next_name(Purpose purpose, std::uint32_t index, std::uint32_t use);
  void grow();

  std::uint64_t seed_ = 0;
  std::uint64_t run_ = 0;
  DrawBend* bend_ = nullptr;  // null: as they are
  std::uint32_t era_ = 1;
  std::vector<Entry> entries_;
  std::vector<Slot> numbers_;                        // of each use of each purpose: how many so far
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
