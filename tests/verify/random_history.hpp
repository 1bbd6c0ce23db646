// Random histories of one key: what a random order of the operations would have shown, and then often a
// little wrong.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/verify/random_execution.hpp"
#include "verify/history.hpp"

namespace cacherace::verify::testing {

enum class Flavour : std::uint8_t { unique, repeated, cas, text };

class RandomHistory {
 public:
  explicit RandomHistory(std::uint32_t seed) : random_(seed) {}

  std::uint32_t below(std::uint32_t n) { return random_.below(n); }

  History draw(Flavour flavour, const Shape& shape) {
    flavour_ = flavour;
    History history;
    history.operations = random_.draw(shape).operations;
    history.object = flavour == Flavour::text ? Object::text : Object::reg;
    history.nil_reads = static_cast<NilRead>(below(3));
    history.failed_cas = static_cast<FailedCas>(below(2));
    if (flavour == Flavour::text) {
      history.texts = {"", "a", "b"};
      history.initial = History::first_text;
    } else {
      history.initial = random_.chance(50) ? 0 : random_.chance(50) ? History::nothing : 1;
    }
    choose_writes(history);
    let_it_happen(history);
    if (random_.chance(70)) spoil(history);
    return history;
  }

 private:
  void choose_writes(History& history) {
    Value unique = 100 + below(3) * 1'000'000;
    for (Operation& one : history.operations) {
      if (one.kind == OperationKind::read) continue;
      switch (flavour_) {
        case Flavour::unique:
          one.value = unique += random_.chance(50) ? 1 : 7;
          break;
        case Flavour::cas:
          if (random_.chance(60)) one.kind = OperationKind::cas;
          one.from = some_value(history, 2);
          [[fallthrough]];
        case Flavour::repeated:
          one.value = some_value(history, 3);
          break;
        case Flavour::text:
          if (random_.chance(70)) one.kind = OperationKind::append;
          one.value = History::first_text + below(3);
          break;
      }
    }
  }

  Value some_value(const History& history, std::uint32_t values) {
    return random_.chance(15) ? history.initial : below(values);
  }

  // Each operation takes effect at a random instant of its own.
  void let_it_happen(History& history) {
    std::vector<std::tuple<Nanos, std::uint32_t, std::size_t>> effects;
    for (std::size_t i = 0; i < history.operations.size(); ++i) {
      const Operation& one = history.operations[i];
      const Nanos length = one.outcome == Outcome::ok ? one.end - one.start : 9;
      effects.emplace_back(one.start + below(static_cast<std::uint32_t>(length) + 1), below(99), i);
    }
    std::sort(effects.begin(), effects.end());
    Value state = history.initial;
    for (const auto& [at, tie, i] : effects) happen(history, history.operations[i], state);
  }

  void happen(History& history, Operation& one, Value& state) {
    const bool done = one.outcome == Outcome::ok || (one.outcome == Outcome::unknown && random_.chance(50));
    switch (one.kind) {
      case OperationKind::read:
        one.value = random_.chance(nil_percent(history, state)) ? History::nothing : state;
        break;
      case OperationKind::write:
        if (done) state = one.value;
        break;
      case OperationKind::cas:
        if (one.outcome == Outcome::ok && one.from != state) one.outcome = Outcome::fail;
        if (done && one.from == state && one.outcome != Outcome::fail) state = one.value;
        break;
      case OperationKind::append:
        if (done)
          state = text(history, history.texts[state - History::first_text] +
                                    history.texts[one.value - History::first_text]);
        break;
    }
  }

  // How often a read says that it saw nothing.
  static std::uint32_t nil_percent(const History& history, Value state) {
    if (history.nil_reads == NilRead::initial) return state == history.initial ? 50 : 2;
    return history.nil_reads == NilRead::wildcard ? 15 : 2;
  }

  static Value text(History& history, const std::string& wanted) {
    const auto found = std::find(history.texts.begin(), history.texts.end(), wanted);
    const auto place = static_cast<Value>(found - history.texts.begin());
    if (found == history.texts.end()) history.texts.push_back(wanted);
    return History::first_text + place;
  }

  // Lets a read return what another operation wrote or returned.
  void spoil(History& history) {
    for (std::uint32_t times = 1 + below(3); times > 0; --times) {
      Operation& one = history.operations[below(static_cast<std::uint32_t>(history.operations.size()))];
      const Operation& other =
          history.operations[below(static_cast<std::uint32_t>(history.operations.size()))];
      if (one.kind == OperationKind::read) one.value = random_.chance(20) ? history.initial : other.value;
    }
  }

  RandomExecution random_;
  Flavour flavour_ = Flavour::unique;
};

}  // namespace cacherace::verify::testing
