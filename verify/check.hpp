// Judges a history from anywhere: a verdict for each key, and what can be said beyond yes and no.
//
// A key whose written values are unique is judged as a register (register.hpp, O(n log n)); one with repeated
// values, a write of the initial value, compare-and-set or append by search (search.hpp, exponential in what
// is open at once; limits end it in *unknown*). The rest of what is said here is said only where it is
// certain: `nothing` (an empty optional) means unknown, never no.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "verify/history.hpp"
#include "verify/key_view.hpp"

namespace cacherace::verify {

inline constexpr OperationIndex no_operation = std::numeric_limits<OperationIndex>::max();

// No clock is read: a caller who wants a limit of time raises `stop` when it is over. Limits are per key, so
// that no verdict depends on the number of jobs.
struct CheckOptions {
  std::size_t memory_bytes_max = std::size_t{1} << 30U;  // of the search of one key
  std::uint64_t steps_max = std::uint64_t{1} << 32U;     // of the search of one key
  unsigned jobs = 1;                                     // keys are judged in parallel
  bool measures = true;                                  // false: verdict and witness only
  const std::atomic<bool>* stop = nullptr;
};

// Why there is no verdict.
enum class Undecided : std::uint8_t { no, steps, memory, stopped, too_many_open };

enum class ViolationKind : std::uint8_t {
  nonlinearizable,  // operations: the witness
  unwritten,        // a read of a value that nobody wrote
  dirty_read,       // … or only a write that failed: write, read
  early_read,       // a read that returned before the write of its value was invoked: read, write
  stale_read,       // a newer write had returned before the read was invoked: newer write, read
  inversion,        // a read of a newer value had returned before the read was invoked: earlier read, read
};
inline constexpr std::string_view violation_names[] = {"nonlinearizable", "unwritten",  "dirty_read",
                                                       "early_read",      "stale_read", "inversion"};

// A read that cannot be right. `against`: the write or the earlier read of the comment above, else
// no_operation. A read that is stale and an inversion has an entry for each.
struct ReadViolation {
  OperationIndex read = 0;
  OperationIndex against = no_operation;
  ViolationKind kind = ViolationKind::stale_read;
};

// A read that returned a value that had certainly been overwritten. `age`: the invocation less the first
// instant at which a newer value was certainly there (nothing where a log has no times); `lag`: how many
// values had certainly replaced it.
struct CertainlyOld {
  OperationIndex read = 0;
  std::optional<Nanos> age;
  std::uint32_t lag = 0;
};

// [from, to): `value` was still read until `to`, though certainly overwritten at `from`.
struct ValueWindow {
  KeyIndex key = 0;
  Value value = initial_value;
  Nanos from = 0;
  Nanos to = 0;
};

// Every read at most `low` … `high` - 1 versions behind; `high` is nothing where no order was found.
struct VersionsBehind {
  std::uint32_t low = 1;
  std::optional<std::uint32_t> high = 1;
};

// `cycle`: a shortest chain of operations that asks a version to be older than itself.
struct Session {
  std::optional<bool> holds;
  std::vector<OperationIndex> cycle;
};

struct Sessions {
  Session read_your_writes;
  Session monotonic_reads;
  Session monotonic_writes;
  Session writes_follow_reads;
};

// All of them, for whoever treats them alike. `words` is the name as it is read.
struct SessionGuarantee {
  std::string_view name, words;
  Session Sessions::*of;
};
inline constexpr SessionGuarantee session_guarantees[] = {
    {"read_your_writes", "read your writes", &Sessions::read_your_writes},
    {"monotonic_reads", "monotonic reads", &Sessions::monotonic_reads},
    {"monotonic_writes", "monotonic writes", &Sessions::monotonic_writes},
    {"writes_follow_reads", "writes follow reads", &Sessions::writes_follow_reads}};

struct KeyVerdict {
  KeyIndex key = 0;
  std::uint32_t operations = 0;
  bool searched = false;  // not a register with unique values
  std::optional<bool> linearizable;
  Undecided undecided = Undecided::no;

  // Where it is not linearizable. first_bad: in the order of returns, the first operation up to which the
  // history has no explanation (later ones absent, those open at its return unknown).
  ViolationKind kind = ViolationKind::nonlinearizable;  // of the witness: unwritten, dirty, early, else this
  OperationIndex first_bad = no_operation;
  // Ascending; empty: too costly to find. Not searched: at most 6, and wrong on their own. Searched: wrong
  // whether or not others, which were left out, took effect; as few as there are, unless that is too costly.
  std::vector<OperationIndex> witness;

  std::optional<Nanos> delta;
  std::optional<Nanos> gamma;
  std::optional<VersionsBehind> k;
  Sessions sessions;
};

// Nearest rank; zeros where `count` is 0.
struct Quantiles {
  std::uint64_t count = 0;
  Nanos mean = 0, p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0;
};

// Of the reads invoked at least `from` and less than the next point's `from` after the return of the latest
// write that had returned: how many there are, and how many returned something certainly overwritten.
struct StaleAfter {
  Nanos from = 0;
  std::uint64_t reads = 0;
  std::uint64_t stale = 0;
};

// How many reads were certainly `versions` or more behind.
struct BehindBy {
  std::uint32_t versions = 1;
  std::uint64_t reads = 0;
};

struct HistoryVerdict {
  std::optional<bool> linearizable;  // false if any key is not; else nothing if any key is undecided
  Undecided undecided = Undecided::no;
  std::uint64_t operations = 0;
  std::vector<KeyVerdict> keys;  // those that operations touch, ascending
  std::size_t worst = 0;         // place in `keys`: not linearizable before undecided, then by age, lag, key

  // Nothing where some key's are not known.
  std::optional<Nanos> delta;
  std::optional<Nanos> gamma;
  std::optional<VersionsBehind> k;
  Sessions sessions;  // of all keys; a cycle is that of the first key that has one

  // Of the keys judged as registers (`measured` of `keys`); in order of key, then invocation.
  std::size_t measured = 0;
  std::uint64_t reads = 0;  // ok reads
  std::vector<ReadViolation> violations;
  std::vector<CertainlyOld> old_reads;
  std::vector<ValueWindow> windows;
  Quantiles ages;                       // of old_reads, ns
  Quantiles lags;                       // of old_reads
  std::vector<StaleAfter> stale_after;  // only where there are times
  std::vector<BehindBy> behind_by;      // until nothing was so far behind
};

class KeyJudge;

class Checker {
 public:
  // As with Judge: how many operations or writes are few. The verdict is the same; tests pass 0.
  explicit Checker(std::size_t small = small_size);
  ~Checker();

  // The verdict is the same for any number of jobs. `history.operations` must be in the order of invocation.
  // Buffers are kept from one history to the next: about 30 bytes an operation.
  HistoryVerdict check(const History& history, const CheckOptions& options = {});

 private:
  std::size_t small_;
  std::vector<std::unique_ptr<KeyJudge>> judges_;  // one a job
};

// For drawing: an order in which operations of `key` up to the return of `first_bad` explain each other, as
// long as can be found; the last `most` of it. `first_bad` itself is the one that cannot be placed: it is not
// in it, but for a write whose value others had returned by then. Empty where the key is linearizable or
// unknown.
std::vector<OperationIndex> partial_linearization(const History& history, const KeyVerdict& key,
                                                  std::size_t most = 64);

}  // namespace cacherace::verify
