// Verdicts on a history of one key by their definitions: every order of its operations is tried. The
// measures' twins are the same search under a weaker order or a laxer object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "verify/history.hpp"

namespace cacherace::verify::testing {

// How much is forgiven.
struct Leniency {
  Nanos gamma = 0;             // operations last longer by half of this at either end
  Nanos delta = 0;             // reads begin earlier by this
  std::size_t versions = 1;    // a read may return any of so many latest values
  bool by_time_alone = false;  // program order at a shared instant is not asked for
};

class Exhaustive {
 public:
  explicit Exhaustive(const History& history, Leniency leniency = {})
      : history_(history), operations_(history.operations), leniency_(leniency) {
    for (const Operation& one : operations_) finished_.push_back(certain(one));
  }

  bool linearizable() {
    seen_.clear();
    return extend(0, {text_of(history_.initial)});
  }

  // The first operation, by return, up to which the history is not linearizable; none if it is.
  std::optional<OperationIndex> first_bad() const {
    for (const OperationIndex last : returns()) {
      if (!upto(last).linearizable()) return last;
    }
    return std::nullopt;
  }

  bool certain(const Operation& one) const {
    return one.outcome == Outcome::ok || (one.kind == OperationKind::cas && one.outcome == Outcome::fail &&
                                          one.end != never && history_.failed_cas == FailedCas::mismatch);
  }

  bool precedes(std::size_t a, std::size_t b) const {
    const Operation& first = operations_[a];
    const Operation& second = operations_[b];
    if (!certain(first)) return false;
    const Nanos moved = second.kind == OperationKind::read ? leniency_.delta : 0;
    if (first.end + leniency_.gamma < second.start - moved) return true;
    return !leniency_.by_time_alone && first.client == second.client && a < b && first.end <= second.start;
  }

 private:
  using Latest = std::vector<std::string>;  // the latest values, newest first

  std::vector<OperationIndex> returns() const {
    std::vector<OperationIndex> all;
    for (OperationIndex i = 0; i < operations_.size(); ++i) {
      if (certain(operations_[i])) all.push_back(i);
    }
    std::stable_sort(all.begin(), all.end(), [this](OperationIndex a, OperationIndex b) {
      return operations_[a].end < operations_[b].end;
    });
    return all;
  }

  // Later operations are absent, those that have not returned may have happened or not, but not after what
  // their clients did next.
  Exhaustive upto(OperationIndex last) const {
    Exhaustive part(history_, leniency_);
    part.operations_.clear();
    part.finished_.clear();
    const Nanos now = operations_[last].end;
    for (OperationIndex i = 0; i < operations_.size(); ++i) {
      const Operation& one = operations_[i];
      if (one.start > now) continue;
      part.operations_.push_back(one);
      part.finished_.push_back(certain(one) && std::pair(one.end, i) <= std::pair(now, last));
    }
    return part;
  }

  bool extend(std::uint32_t taken, const Latest& latest) {
    if (!seen_.insert({taken, latest}).second) return false;
    bool complete = true;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      if ((taken >> i & 1U) != 0) continue;
      if (finished_[i]) complete = false;
      if (!may_follow(taken, i)) continue;
      const auto next = after(latest, operations_[i]);
      if (next && extend(taken | 1U << i, *next)) return true;
    }
    return complete;
  }

  bool may_follow(std::uint32_t taken, std::size_t i) const {
    for (std::size_t j = 0; j < operations_.size(); ++j) {
      if (j == i) continue;
      const bool is_taken = (taken >> j & 1U) != 0;
      if (is_taken ? precedes(i, j) : finished_[j] && precedes(j, i)) return false;
    }
    return true;
  }

  // The latest values after `one`; nothing where it cannot be what happened.
  std::optional<Latest> after(const Latest& latest, const Operation& one) const {
    const bool happened = one.outcome != Outcome::fail;
    switch (one.kind) {
      case OperationKind::read:
        if (one.outcome != Outcome::ok || sees(latest, one)) return latest;
        return std::nullopt;
      case OperationKind::write:
        return happened ? with(latest, text_of(one.value)) : latest;
      case OperationKind::append:
        return happened ? with(latest, text(latest.front()) + text(text_of(one.value))) : latest;
      case OperationKind::cas:
        if (happened) {
          if (latest.front() != text_of(one.from)) return std::nullopt;
          return with(latest, text_of(one.value));
        }
        if (certain(one) && latest.front() == text_of(one.from)) return std::nullopt;
        return latest;
    }
    return std::nullopt;
  }

  bool sees(const Latest& latest, const Operation& read) const {
    Value value = read.value;
    if (value == History::nothing) {
      if (history_.nil_reads == NilRead::wildcard) return true;
      if (history_.nil_reads == NilRead::initial) value = history_.initial;
    }
    return std::find(latest.begin(), latest.end(), text_of(value)) != latest.end();
  }

  Latest with(Latest latest, const std::string& newest) const {
    latest.insert(latest.begin(), newest);
    if (latest.size() > leniency_.versions) latest.pop_back();
    return latest;
  }

  // Values as texts; what is not there is not the empty text.
  std::string text_of(Value value) const {
    if (value == History::nothing) return "(nothing)";
    return value < History::first_text ? std::to_string(value) : history_.texts[value - History::first_text];
  }
  static std::string text(const std::string& value) { return value == "(nothing)" ? "" : value; }

  const History& history_;
  std::vector<Operation> operations_;
  std::vector<bool> finished_;
  Leniency leniency_;
  std::set<std::pair<std::uint32_t, Latest>> seen_;
};

}  // namespace cacherace::verify::testing
