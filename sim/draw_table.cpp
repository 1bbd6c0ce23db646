#include "sim/draw_table.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace cacherace::sim {
namespace {

thread_local DrawTable* table_of_thread = nullptr;

constexpr Purpose purpose_of(DrawAddress address) {
  return {static_cast<std::uint32_t>(address >> 42U), static_cast<std::uint32_t>(address >> 32U) & 0x3ffU};
}

}  // namespace

DrawPair played_pair(Purpose purpose, std::uint32_t index, std::uint32_t use) {
  assert(table_of_thread != nullptr);
  return table_of_thread->ask(purpose, index, use);
}

void DrawTable::begin(std::uint64_t seed, std::uint64_t run) {
  assert(run != played_run);
  seed_ = seed;
  run_ = run;
  bend_ = nullptr;
  entries_.clear();
  if (++era_ == 0) {  // after 2^32 runs: old slots would look new
    std::ranges::fill(slots_, Slot{});
    std::ranges::fill(numbers_, Slot{});
    era_ = 1;
  }
}

void DrawTable::begin(std::uint64_t seed, std::uint64_t run, DrawBend& bend) {
  begin(seed, run);
  bend_ = &bend;
}

void DrawTable::begin(std::uint64_t seed, std::uint64_t run, std::span<const Entry> entries) {
  begin(seed, run);
  for (const Entry& entry : entries) add({entry.address, entry.draws});
}

std::size_t DrawTable::slot_of(DrawAddress address) const {
  // Fibonacci hashing: the upper bits of the product depend on all bits of the address.
  std::size_t slot = (address * 0x9e3779b97f4a7c15U) >> 32U & (slots_.size() - 1);
  while (slots_[slot].era == era_ && entries_[slots_[slot].place].address != address) {
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

DrawPair& DrawTable::at(DrawAddress address) {
  return entry_at(address).draws;
}

DrawTable::Entry& DrawTable::entry_at(DrawAddress address) {
  const Slot slot = slots_[slot_of(address)];
  if (slot.era == era_) return entries_[slot.place];
  return add({address, draw_pair(seed_, run_, purpose_of(address), index_of(address))});
}

const DrawPair& DrawTable::ask(Purpose purpose, std::uint32_t index, std::uint32_t use) {
  const std::size_t before = entries_.size();
  Entry& entry = entry_at(address_of(purpose, index));
  if (entry.name == no_name) {
    entry.name = next_name(purpose, index, use);
    if (bend_ != nullptr && entries_.size() > before) entry.draws = bend_->bent(entry.name, entry.draws);
  }
  return entry.draws;
}

DrawName DrawTable::next_name(Purpose purpose, std::uint32_t index, std::uint32_t use) {
  if (use == 0) return address_of(purpose, index);
  const DrawName first = name_of(purpose, use, 0);
  const auto place = static_cast<std::size_t>(first >> 32U) - named_roles;
  if (place >= numbers_.size()) numbers_.resize(place + 1);
  Slot& number = numbers_[place];
  if (number.era != era_) number = {era_, 0};
  return first + number.place++;
}

DrawTable::Entry& DrawTable::add(const Entry& entry) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  slots_[slot_of(entry.address)] = {era_, static_cast<std::uint32_t>(entries_.size())};
  entries_.push_back(entry);
  return entries_.back();
}

void DrawTable::grow() {
  slots_.assign(slots_.size() * 2, Slot{});
  for (std::uint32_t place = 0; place < entries_.size(); ++place) {
    slots_[slot_of(entries_[place].address)] = {era_, place};
  }
}

Playing::Playing(DrawTable& table) : before_(std::exchange(table_of_thread, &table)) {}

Playing::~Playing() {
  table_of_thread = before_;
}

}  // namespace cacherace::sim
