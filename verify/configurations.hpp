// The configurations of a just-in-time linearization (search.hpp): what is in them, which make others
// needless, and how much memory they take.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "verify/actions.hpp"

namespace cacherace::verify {

// A set of open operations, by slot.
template <std::size_t words>
struct Slots {
  std::array<std::uint64_t, words> bits{};

  [[nodiscard]] bool has(std::size_t slot) const { return (bits[slot / 64] >> (slot % 64) & 1U) != 0; }
  void add(std::size_t slot) { bits[slot / 64] |= std::uint64_t{1} << (slot % 64); }
  void remove(std::size_t slot) { bits[slot / 64] &= ~(std::uint64_t{1} << (slot % 64)); }
  [[nodiscard]] bool meets(const Slots& other) const {
    for (std::size_t i = 0; i < words; ++i) {
      if ((bits[i] & other.bits[i]) != 0) return true;
    }
    return false;
  }
  [[nodiscard]] bool contains(const Slots& other) const {
    for (std::size_t i = 0; i < words; ++i) {
      if ((other.bits[i] & ~bits[i]) != 0) return false;
    }
    return true;
  }
  friend bool operator==(const Slots&, const Slots&) = default;
};

// How often each kind of crashed operation has been used. The same counts have the same number; 0 is none.
class UsedCounts {
 public:
  using Id = std::uint32_t;
  struct Count {
    std::uint32_t kind;
    std::uint32_t times;
    friend auto operator<=>(const Count&, const Count&) = default;
  };

  UsedCounts() { sets_.emplace(std::vector<Count>{}, 0), by_id_.push_back(&sets_.begin()->first); }

  [[nodiscard]] std::uint32_t times(Id id, std::uint32_t kind) const {
    for (const Count& count : *by_id_[id]) {
      if (count.kind == kind) return count.times;
    }
    return 0;
  }

  // `id` and one more of `kind`.
  Id with(Id id, std::uint32_t kind) {
    const std::uint64_t both = (std::uint64_t{id} << 32U) | kind;
    if (const auto found = next_.find(both); found != next_.end()) return found->second;
    std::vector<Count> more = *by_id_[id];
    const auto at = std::lower_bound(more.begin(), more.end(), Count{kind, 0});
    if (at != more.end() && at->kind == kind) {
      ++at->times;
    } else {
      more.insert(at, {kind, 1});
    }
    bytes_ += overhead + more.size() * sizeof(Count);
    const auto [entry, is_new] = sets_.try_emplace(std::move(more), static_cast<Id>(by_id_.size()));
    if (is_new) by_id_.push_back(&entry->first);
    return next_[both] = entry->second;
  }

  // Whether `less` has used no more of any kind than `more`.
  [[nodiscard]] bool within(Id less, Id more) const {
    if (less == more || less == 0) return true;
    const std::vector<Count>& large = *by_id_[more];
    auto at = large.begin();
    for (const Count& count : *by_id_[less]) {
      at = std::find_if(at, large.end(), [&](const Count& other) { return other.kind >= count.kind; });
      if (at == large.end() || at->kind != count.kind || at->times < count.times) return false;
    }
    return true;
  }

  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t overhead = 128;  // of an entry in each of the three

  std::map<std::vector<Count>, Id> sets_;
  std::vector<const std::vector<Count>*> by_id_;
  std::map<std::uint64_t, Id> next_;  // by id (upper half) and kind
  std::size_t bytes_ = 0;
};

template <std::size_t words>
struct Configuration {
  State state = 0;
  UsedCounts::Id used = 0;
  Slots<words> taken;
  std::uint32_t path = 0;  // of the order that led here, where it is recorded
};

// The configurations met at one return, in the order in which they were met, without those that another makes
// needless.
template <std::size_t words>
class Met {
 public:
  struct Entry {
    Configuration<words> what;
    std::uint32_t next = nowhere;  // of the same hash
    bool needless = false;
  };

  explicit Met(const UsedCounts& used) : used_(used) {}

  void clear() {
    if (entries_.size() * 8 < heads_.size()) {
      for (const Entry& entry : entries_) heads_[head_of(entry.what)] = nowhere;
    } else {
      std::fill(heads_.begin(), heads_.end(), nowhere);
    }
    entries_.clear();
  }

  void add(const Configuration<words>& what) {
    if (entries_.size() >= heads_.size()) grow();
    std::uint32_t& head = heads_[head_of(what)];
    for (std::uint32_t i = head; i != nowhere; i = entries_[i].next) {
      Entry& other = entries_[i];
      if (other.what.state != what.state || other.what.taken != what.taken) continue;
      if (used_.within(other.what.used, what.used)) return;
      if (used_.within(what.used, other.what.used)) other.needless = true;
    }
    entries_.push_back({what, head, false});
    head = static_cast<std::uint32_t>(entries_.size() - 1);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const Entry& operator[](std::size_t i) const { return entries_[i]; }
  [[nodiscard]] std::size_t bytes() const {
    return entries_.capacity() * sizeof(Entry) + heads_.size() * sizeof(std::uint32_t);
  }

 private:
  [[nodiscard]] std::size_t head_of(const Configuration<words>& what) const {
    constexpr std::uint64_t golden = 0x9E3779B97F4A7C15U;  // 2^64 / the golden ratio
    std::uint64_t hash = what.state * golden;
    for (const std::uint64_t word : what.taken.bits) hash = (hash ^ (hash >> 29U) ^ word) * golden;
    return (hash >> 32U) & (heads_.size() - 1);
  }

  void grow() {
    heads_.assign(std::max<std::size_t>(64, 2 * heads_.size()), nowhere);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      std::uint32_t& head = heads_[head_of(entries_[i].what)];
      entries_[i].next = head;
      head = static_cast<std::uint32_t>(i);
    }
  }

  const UsedCounts& used_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> heads_;
};

}  // namespace cacherace::verify
