// The words of steps: what each stands for, what stands behind it, and where it may stand.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/read_steps.hpp"
#include "strategies/steps.hpp"

namespace cacherace::scenarios {

// What stands behind a step's word.
enum class Argument : std::uint8_t { key, row, duration, steps, result, transaction };

// Where a step may not stand, as bits.
enum Inside : unsigned { a_retry = 1, the_background = 2 };

struct Form {
  std::string_view word;
  strategies::StepKind kind;
  Argument argument;
  unsigned lists;  // where it may stand
  bool branches;   // whether it may not be done, so that "then" and "else" go with it
  // The row that is there once it was done.
  strategies::StepRow gives = strategies::StepRow::none;
  unsigned not_inside = 0;
};

constexpr std::array<Form, 22> step_forms = [] {
  using enum strategies::StepKind;
  using strategies::StepRow;
  using enum Argument;
  constexpr unsigned both = in_write | in_read;
  return std::array<Form, 22>{{
      {"redis.get", get, key, anywhere, true, StepRow::cached},
      {"redis.set", set, row, anywhere, true},
      {"redis.del", del, key, anywhere, true},
      {"redis.set_if_newer", set_if_newer, row, anywhere, true},
      {"redis.wait", wait, duration, anywhere, true},
      {"redis.lock", lock, duration, both, false, StepRow::none, a_retry | the_background},
      {"redis.unlock", unlock, key, both, true},
      {"redis.set_if_locked", set_if_locked, row, both, true},
      {"redis.get_or_lease", get_or_lease, duration, both, true, StepRow::cached, a_retry},
      {"redis.set_with_lease", set_with_lease, row, both, true},
      {"mysql.begin", begin, transaction, both, false},
      {"mysql.commit", commit, transaction, both, true},
      {"mysql.rollback", rollback, transaction, both, false},
      {"mysql.select", select, key, anywhere, true, StepRow::selected},
      {"mysql.select_for_share", select_for_share, key, both, true, StepRow::selected},
      {"mysql.select_for_update", select_for_update, key, both, true, StepRow::selected},
      {"mysql.update", update, key, in_write, true, StepRow::updated},
      {"sleep", sleep, duration, anywhere, false},
      {"background", background, Argument::steps, both, false, StepRow::none, the_background},
      {"retry", retry, Argument::steps, anywhere, true},
      {"return", give, result, anywhere, false},
      {"start_over", start_over, duration, both, false, StepRow::none, a_retry | the_background},
  }};
}();

struct RowName {
  std::string_view word;
  strategies::StepRow row;
  unsigned lists;
};

constexpr std::array<RowName, 5> row_names = {{{"new_value", strategies::StepRow::given, in_write},
                                               {"event", strategies::StepRow::given, in_consume},
                                               {"cached", strategies::StepRow::cached, anywhere},
                                               {"selected", strategies::StepRow::selected, anywhere},
                                               {"updated", strategies::StepRow::updated, in_write}}};

// Null where there is none of that word.
constexpr const Form* find_form(std::string_view word) {
  const auto* const found = std::ranges::find(step_forms, word, &Form::word);
  return found == step_forms.end() ? nullptr : found;
}

// The step that gives a row.
constexpr std::string_view source_of(strategies::StepRow row) {
  return std::ranges::find(step_forms, row, &Form::gives)->word;
}

}  // namespace cacherace::scenarios
