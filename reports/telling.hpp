// One execution, told: a line for each step, what the stores hold after it, and what was wrong with it. A
// form of its own, from which a table, a document and the terminal interface are made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/holdings.hpp"
#include "reports/played.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {

enum class LineKind : std::uint8_t {
  at_first,     // before all steps
  step,         // somebody did something
  wrong_from,   // a window opens, …
  right_again,  // … or closes: no step of its own
};

struct TellingLine {
  LineKind kind = LineKind::step;
  std::int64_t at = 0;  // ns; of an order without time: the number of its step
  std::string who;      // empty: nobody; else a client, "redis", "mysql", "queue"
  std::string words;
  std::optional<Contents> held;  // of the step's key, where the line changes what is held
  bool only_queue = false;       // … by the queue alone
  std::string key;               // of a step
  // Here it violates something: a read returns what it must not, an entry becomes wrong for good, a commit is
  // lost, an operation begins that never ends. A window that closes again is none.
  bool violates = false;
};

struct Telling {
  std::string title;
  bool timed = true;
  std::uint32_t replicas = 0;
  bool has_queue = false;
  bool many_keys = false;
  std::string verdict;             // "stuck, stale read", "nothing is wrong", or that it is not judged
  std::vector<Contents> first;     // what the stores hold at first of each key that is met, in their order
  std::vector<TellingLine> lines;  // at least one
};

Telling tell(const Played& played);

// The instants of the lines as text, in ms: with as many decimals as it takes to tell them apart, three at
// least; of an order without time the numbers of the steps.
class Instants {
 public:
  explicit Instants(const Telling& telling);
  [[nodiscard]] std::string text(std::int64_t at) const;

 private:
  bool timed_;
  int decimals_ = 3;
};

// What was wrong with it, in sentences; or that it was not judged. Every line ends.
std::string findings_of(const Played& played, Paint paint);

}  // namespace cacherace::reports
