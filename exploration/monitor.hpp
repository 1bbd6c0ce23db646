// Whether what clients see of one key is right, judged as it happens: the verdicts of verify/ on the prefix
// of an execution, in as little memory as what can still come allows. All of it belongs to an explored state.
//
// Values are the ids of writes, below `values_max`; sets of them are masks of bits. Commit ranks are 1, 2 …,
// 0 for the initial value; a value without one counts as newer than all that have.
//
// Stale reads, inversions and dirty reads are decided at the read's return: what it is held against had
// returned before its invocation and so has its rank, or will have a greater one than any committed now.
//
// Linearizability is that of verify/register.hpp (Gibbons and Korach; zones): value u is before value v, f(u)
// < s(v), once some operation of u returned before some operation of v was invoked, and two values that are
// before each other are the violation. f(u) is set at the first return of an operation of u; s(v) grows with
// each operation of v. So it is enough to know for each value which are before it, and for each open
// operation which were before its invocation. A write that never returns ok counts from the first read of it.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace cacherace::exploration {

using ValueSet = std::uint64_t;
inline constexpr std::uint32_t values_max = 64;

constexpr ValueSet set_of(std::uint32_t value) {
  return ValueSet{1} << value;
}

// What had happened when an operation was invoked.
struct Before {
  ValueSet values;           // some operation of them had returned
  ValueSet returned_writes;  // ok
  ValueSet returned_reads;   // the values that ok reads had returned
};

struct ReadFaults {
  bool stale = false;
  bool inversion = false;
  bool dirty = false;
};

class KeyMonitor {
 public:
  void begin() { *this = {}; }

  [[nodiscard]] const Before& now() const { return now_; }
  // The values that were before some operation of `value`; complete once the value is in now().values.
  [[nodiscard]] ValueSet before(std::uint32_t value) const { return before_[value]; }
  [[nodiscard]] ValueSet failed() const { return failed_; }
  [[nodiscard]] bool linearizable() const { return linearizable_; }

  void write_invoked(std::uint32_t value, const Before& before) { before_[value] = before.values; }
  void write_returned(std::uint32_t value);
  void write_failed(std::uint32_t value);
  // Their commits are lost: no read is stale by them.
  void lose(ValueSet values) { lost_ |= values; }

  // `rank_of(value)`: the commit rank; 0 where there is none, and of value 0.
  template <class RankOf>
  ReadFaults read_returned(std::uint32_t value, const Before& invocation, const RankOf& rank_of) {
    ReadFaults faults;
    const bool lost = (lost_ & set_of(value)) != 0;  // it had committed, and counts as newer than all
    const std::uint32_t rank = lost ? UINT32_MAX : rank_of(value);
    faults.dirty = value != 0 && rank == 0;
    const auto newer = [&](std::uint32_t other) { return other != 0 && rank_of(other) > rank; };
    const auto newest = [&](std::uint32_t other) { return other != 0 && rank_of(other) == 0; };
    if (!faults.dirty && !lost) {
      const ValueSet writes = invocation.returned_writes & ~lost_;
      faults.stale = any(writes, newer) || any(writes, newest);
      faults.inversion = any(invocation.returned_reads, newer) || any(invocation.returned_reads, newest);
    }
    now_.returned_reads |= set_of(value);
    before_[value] |= invocation.values;
    if ((failed_ & set_of(value)) != 0) linearizable_ = false;
    returned(value);
    return faults;
  }

 private:
  template <class Predicate>
  static bool any(ValueSet set, const Predicate& predicate) {
    for (; set != 0; set &= set - 1) {
      if (predicate(static_cast<std::uint32_t>(std::countr_zero(set)))) return true;
    }
    return false;
  }

  void returned(std::uint32_t value);

  Before now_ = {set_of(0), 0, 0};  // the initial value was there before everything
  ValueSet failed_ = 0;             // writes that did nothing
  ValueSet lost_ = 0;               // writes that did, and it is lost
  bool linearizable_ = true;
  std::array<ValueSet, values_max> before_{};
};

}  // namespace cacherace::exploration
