// A strategy that the scenario defines: lists of steps. While a list is read, the reader follows which rows
// can be there and whether a step can be reached at all, so that what could never happen is told at once.
#include "scenarios/read_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using strategies::ParameterKind;
using strategies::Step;
using strategies::StepKind;
using strategies::StepRow;
using strategies::Steps;

constexpr std::size_t steps_max = 1000;  // of a list

// What stands behind a step's word.
enum class Argument : std::uint8_t { key, row, duration, steps, result };

struct Form {
  std::string_view word;
  StepKind kind;
  Argument argument;
  unsigned lists;                 // where it may stand
  bool branches;                  // whether it may not be done, so that "then" and "else" go with it
  StepRow gives = StepRow::none;  // the row that is there once it was done
};

constexpr std::array<Form, 11> forms = {{
    {"redis.get", StepKind::get, Argument::key, anywhere, true, StepRow::cached},
    {"redis.set", StepKind::set, Argument::row, anywhere, true},
    {"redis.del", StepKind::del, Argument::key, anywhere, true},
    {"redis.set_if_newer", StepKind::set_if_newer, Argument::row, anywhere, true},
    {"redis.wait", StepKind::wait, Argument::duration, anywhere, true},
    {"mysql.select", StepKind::select, Argument::key, anywhere, true, StepRow::selected},
    {"mysql.update", StepKind::update, Argument::key, in_write, true, StepRow::updated},
    {"sleep", StepKind::sleep, Argument::duration, anywhere, false},
    {"background", StepKind::background, Argument::steps, in_write | in_read, false},
    {"retry", StepKind::retry, Argument::steps, anywhere, true},
    {"return", StepKind::give, Argument::result, anywhere, false},
}};

struct RowName {
  std::string_view word;
  StepRow row;
  unsigned lists;
};

constexpr std::array<RowName, 5> row_names = {{{"new_value", StepRow::given, in_write},
                                               {"event", StepRow::given, in_consume},
                                               {"cached", StepRow::cached, anywhere},
                                               {"selected", StepRow::selected, anywhere},
                                               {"updated", StepRow::updated, in_write}}};

const Form* find_form(std::string_view word) {
  const auto* const found = std::ranges::find(forms, word, &Form::word);
  return found == forms.end() ? nullptr : found;
}

// The step that gives a row.
std::string_view source_of(StepRow row) {
  return std::ranges::find(forms, row, &Form::gives)->word;
}

// What can be where a step stands.
struct Flow {
  unsigned rows = 0;   // that may be there, a bit for each
  bool ended = false;  // nothing comes here

  [[nodiscard]] bool has(StepRow row) const { return ((rows >> static_cast<unsigned>(row)) & 1U) != 0; }
};

constexpr unsigned bit(StepRow row) {
  return row == StepRow::none ? 0U : 1U << static_cast<unsigned>(row);
}

Flow joined(const Flow& a, const Flow& b) {
  if (a.ended) return b;
  return b.ended ? a : Flow{a.rows | b.rows};
}

// Rows that any step in here may give.
unsigned rows_given_in(JsonValue value) {
  unsigned rows = 0;
  for (const auto& child : value.children()) {
    const auto* form = find_form(child.key());
    if (form != nullptr) rows |= bit(form->gives);
    rows |= rows_given_in(child);
  }
  return rows;
}

class StepsReader {
 public:
  StepsReader(Reading& reading, Settings& settings) : reading_(reading), settings_(settings) {}

  Steps read(JsonValue value, List list) {
    const bool given = list != in_read;
    Flow flow{given ? bit(StepRow::given) : 0U};
    Steps steps = read_filled(value, {list}, flow);
    if (list == in_read && !flow.ended && !steps.empty()) {
      reading_.fault(value, R"(these steps can end without a "return"; write {"return": "selected"}, say)");
    }
    return steps;
  }

  [[nodiscard]] bool updates() const { return updates_; }

 private:
  // How an attempt of a retry can fail without saying what then.
  struct Attempt {
    bool over_redis = false, over_mysql = false;
  };
  struct Context {
    List list;
    bool background = false;
    Attempt* attempt = nullptr;
  };

  Steps read_filled(JsonValue value, const Context& context, Flow& flow) {
    if (!read_filled_list(reading_, value, R"(one step, as {"redis.del": "key"})")) return {};
    return read_list(value, context, flow);
  }

  Steps read_list(JsonValue value, const Context& context, Flow& flow) {
    Steps steps;
    for (const auto& child : value.children()) {
      if (flow.ended) {
        reading_.fault(child, "never reached: what stands before it always returns; remove one of them");
        flow = {~0U};
      }
      if (++steps_ == steps_max + 1) {
        reading_.fault(child, fmt::format("more than {} steps in one list", steps_max));
      }
      if (steps_ > steps_max) break;
      if (auto step = read_step(child, context, flow)) steps.push_back(std::move(*step));
    }
    return steps;
  }

  std::optional<Step> read_step(JsonValue value, const Context& context, Flow& flow) {
    const auto* form = read_form(value, context);
    if (form == nullptr) return std::nullopt;
    Step step{.kind = form->kind};
    const auto argument = *value.find(form->word);
    switch (form->argument) {
      case Argument::key:
        read_choice(reading_, argument, std::array<std::string_view, 1>{"key"});
        break;
      case Argument::row:
        step.row = read_row(argument, *form, context, flow);
        break;
      case Argument::duration:
        assign(step.time, argument, [&](JsonValue v) { return settings_.read(v, ParameterKind::duration); });
        break;
      case Argument::result:
        step.row = read_row(argument, *form, context, flow);
        flow.ended = true;
        break;
      case Argument::steps:
        if (form->kind == StepKind::retry) {
          read_retry(value, argument, context, step, flow);
        } else {
          Flow later = flow;
          step.inner = read_filled(argument, {context.list, true}, later);
        }
        return step;
    }
    if (form->kind == StepKind::update) updates_ = true;
    if (form->branches) read_command_branches(value, *form, context, step, flow);
    return step;
  }

  // The one word of a step, and whether all other keys go with it.
  const Form* read_form(JsonValue value, const Context& context) {
    if (!value.is(JsonKind::object)) {
      reading_.fault(value, wrong_kind(value, R"(a step, as {"redis.del": "key"})"));
      return nullptr;
    }
    const Form* form = nullptr;
    std::optional<JsonValue> place;
    for (const auto& child : value.children()) {
      const auto* found = find_form(child.key());
      if (found == nullptr) continue;
      if (form != nullptr) {
        reading_.fault_at_key(child, "one object holds one step; write a list of objects");
        return nullptr;
      }
      form = found;
      place = child;
    }
    if (form == nullptr) {
      report_no_step(value, context);
      return nullptr;
    }
    if ((form->lists & context.list) == 0) {
      reading_.fault_at_key(*place, "no step of this list; expected " + either_of(words_in(context)));
      return nullptr;
    }
    if (form->kind == StepKind::background && context.background) {
      reading_.fault_at_key(*place, "these steps go on in the background already; write the list alone");
      return nullptr;
    }
    check_keys(value, *form);
    return form;
  }

  void report_no_step(JsonValue value, const Context& context) {
    const auto words = words_in(context);
    for (const auto& child : value.children()) {
      if (std::ranges::find(retry_keys, child.key()) != retry_keys.end()) continue;
      reading_.fault_at_key(child, "unknown step; " + remedy_for_name(child.key(), words));
      return;
    }
    reading_.fault(value, "no step in here; expected " + either_of(words));
  }

  static std::vector<std::string_view> words_in(const Context& context) {
    std::vector<std::string_view> words;
    for (const auto& form : forms) {
      const bool fits = !context.background || form.kind != StepKind::background;
      if ((form.lists & context.list) != 0 && fits) words.push_back(form.word);
    }
    return words;
  }

  void check_keys(JsonValue value, const Form& form) {
    const auto known =
        form.kind == StepKind::retry ? Names(retry_keys) : Names(retry_keys).first(form.branches ? 2 : 0);
    for (const auto& child : value.children()) {
      if (child.key() == form.word || std::ranges::find(known, child.key()) != known.end()) continue;
      reading_.fault_at_key(
          child, "unknown key; " + (known.empty() ? fmt::format("{} stands alone", quoted(form.word))
                                                  : remedy_for_name(child.key(), known)));
    }
  }

  StepRow read_row(JsonValue value, const Form& form, const Context& context, const Flow& flow) {
    const bool result = form.argument == Argument::result;
    const bool rows = !result || (context.list == in_read && !context.background);
    std::vector<std::string_view> words;
    for (const auto& name : row_names) {
      const bool versioned = name.word != "new_value" || form.kind != StepKind::set_if_newer;
      if (rows && versioned && (name.lists & context.list) != 0) words.push_back(name.word);
    }
    if (result) words.emplace_back("nothing");
    if (form.kind == StepKind::set_if_newer && value.is(JsonKind::text) && value.text() == "new_value") {
      reading_.fault(
          value, "it has no version before its UPDATE, so it is never newer; expected " + either_of(words));
      return StepRow::none;
    }
    const auto choice = read_choice(reading_, value, words);
    if (!choice || words[*choice] == "nothing") return StepRow::none;
    const auto row = std::ranges::find(row_names, words[*choice], &RowName::word)->row;
    if (!flow.has(row)) {
      reading_.fault(value,
                     fmt::format("there is never such a row here: {} gives it, and was not done before",
                                 quoted(source_of(row))));
    }
    return row;
  }

  void read_command_branches(JsonValue value, const Form& form, const Context& context, Step& step,
                             Flow& flow) {
    Flow done = flow, not_done = flow;
    done.rows |= bit(form.gives);
    not_done.rows &= ~bit(form.gives);
    if (!value.find("else")) {
      const bool mysql = strategies::ends_operation(form.kind);
      if (context.attempt != nullptr)
        (mysql ? context.attempt->over_mysql : context.attempt->over_redis) = true;
      not_done.ended = mysql || context.attempt != nullptr;
    }
    read_branches(value, context, step, done, not_done);
    flow = joined(done, not_done);
  }

  void read_branches(JsonValue value, const Context& context, Step& step, Flow& done, Flow& not_done) {
    if (const auto then = value.find("then")) step.then = read_filled(*then, context, done);
    const auto otherwise = value.find("else");
    if (!otherwise) return;
    if (otherwise->is(JsonKind::list)) {
      step.otherwise = read_list(*otherwise, context, not_done);
    } else {
      reading_.fault(*otherwise, wrong_kind(*otherwise, "a list of steps (an empty one: go on)"));
    }
  }

  void read_retry(JsonValue value, JsonValue inner, const Context& context, Step& step, Flow& flow) {
    if (context.attempt != nullptr) {
      reading_.fault(inner, "a retry inside a retry; write one of them");
      context.attempt->over_redis = true;
      return;
    }
    const auto attempts = value.find("attempts");
    const auto pause = value.find("pause");
    if (!attempts)
      reading_.missing(value, "attempts", "write \"attempts\": 3, how often it is tried at most");
    if (!pause) reading_.missing(value, "pause", "write \"pause\": \"100ms\", the time between two attempts");
    assign(step.attempts, attempts, [&](JsonValue v) { return settings_.read(v, ParameterKind::count); });
    assign(step.time, pause, [&](JsonValue v) { return settings_.read(v, ParameterKind::duration); });
    Attempt attempt;
    Flow done = flow;
    done.rows |= rows_given_in(inner);  // by an earlier attempt
    Flow not_done = done;
    step.inner = read_filled(inner, {context.list, context.background, &attempt}, done);
    const bool whole = !step.inner.empty() && step.inner.size() == inner.children().size();
    if (whole && !attempt.over_redis && !attempt.over_mysql) {
      reading_.fault(inner, "no step in here fails an attempt, so there is nothing to try again");
    }
    if (!value.find("else")) not_done.ended = !attempt.over_redis;
    read_branches(value, context, step, done, not_done);
    flow = joined(done, not_done);
  }

  static constexpr std::array<std::string_view, 4> retry_keys = {"then", "else", "attempts", "pause"};

  Reading& reading_;
  Settings& settings_;
  std::size_t steps_ = 0;
  bool updates_ = false;
};

}  // namespace

StepsRead read_steps(Reading& reading, Settings& settings, JsonValue value, List list) {
  StepsReader reader(reading, settings);
  Steps steps = reader.read(value, list);
  return {std::move(steps), reader.updates()};
}

}  // namespace cacherace::scenarios
