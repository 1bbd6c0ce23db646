// A strategy that the scenario defines: lists of steps. While a list is read, the reader follows which rows
// can be there and whether a step can be reached at all, so that what could never happen is told at once.
#include "scenarios/read_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/step_flow.hpp"
#include "scenarios/step_forms.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using strategies::ParameterKind;
using strategies::Step;
using strategies::StepKind;
using strategies::StepRow;
using strategies::Steps;

constexpr std::size_t steps_max = 1000;  // of a list

constexpr std::array<std::string_view, 4> retry_keys = {"then", "else", "attempts", "pause"};
constexpr std::array<std::string_view, 3> lease_keys = {"then", "busy", "else"};

// What goes with a step's word.
Names keys_beside(const Form& form) {
  if (form.kind == StepKind::retry) return retry_keys;
  if (form.kind == StepKind::get_or_lease) return lease_keys;
  return Names(retry_keys).first(form.branches ? 2 : 0);
}

bool is_beside_words(std::string_view key) {
  return key == "busy" || std::ranges::find(retry_keys, key) != retry_keys.end();
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

// Whether there is a statement for MySQL in here.
bool asks_mysql(JsonValue value) {
  return std::ranges::any_of(value.children(), [](const JsonValue& child) {
    return child.key().starts_with("mysql.") || asks_mysql(child);
  });
}

class StepsReader {
 public:
  StepsReader(Reading& reading, Settings& settings) : reading_(reading), settings_(settings) {}

  Steps read(JsonValue value, List list) {
    const bool given = list != in_read;
    Flow flow{.rows = given ? bit(StepRow::given) : 0U};
    Steps steps = read_filled(value, {list}, flow);
    if (list == in_read && !flow.ended && !flow.muted && !steps.empty()) {
      reading_.fault(value, R"(these steps can end without a "return"; write {"return": "selected"}, say)");
    }
    if (flow.ended && !returns_ && !flow.muted) {
      reading_.fault(value,
                     R"(these steps start over again and again; write a "return" where they are done)");
    }
    check_end(value, flow);
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

    [[nodiscard]] unsigned inside() const {
      return (background ? the_background : 0U) | (attempt != nullptr ? a_retry : 0U);
    }
  };

  Steps read_filled(JsonValue value, const Context& context, Flow& flow) {
    if (!read_filled_list(reading_, value, R"(one step, as {"redis.del": "key"})")) return {};
    return read_list(value, context, flow);
  }

  Steps read_list(JsonValue value, const Context& context, Flow& flow) {
    Steps steps;
    for (const auto& child : value.children()) {
      if (flow.ended) {
        reading_.fault(
            child, "never reached: what stands before it always returns or starts over; remove one of them");
        flow = {.rows = ~0U, .muted = true};
      }
      if (++steps_ == steps_max + 1) {
        reading_.fault(child, fmt::format("more than {} steps in one list", steps_max));
      }
      if (steps_ > steps_max) break;
      if (auto step = read_step(child, context, flow)) {
        steps.push_back(std::move(*step));
      } else {
        flow.muted = true;
      }
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
        read_key(argument, step);
        break;
      case Argument::transaction:
        read_choice(reading_, argument, std::array<std::string_view, 1>{"transaction"});
        break;
      case Argument::row:
        step.row = read_row(argument, *form, context, flow);
        break;
      case Argument::duration:
        assign(step.time, argument, [&](JsonValue v) { return settings_.read(v, ParameterKind::duration); });
        break;
      case Argument::result:
        step.row = read_row(argument, *form, context, flow);
        check_end(argument, flow);
        returns_ = returns_ || !context.background;
        flow.ended = true;
        return step;
      case Argument::steps:
        if (form->kind == StepKind::retry) {
          read_retry(value, argument, context, step, flow);
        } else {
          read_background(argument, context, step, flow);
        }
        return step;
    }
    if (form->kind == StepKind::update) updates_ = true;
    if (const auto wrong = pass(step.kind, flow); !wrong.empty())
      reading_.fault(argument, std::string(wrong));
    if (form->branches) read_command_branches(value, *form, context, step, flow);
    return step;
  }

  void check_end(JsonValue value, const Flow& flow) {
    if (flow.ended) return;
    if (const auto wrong = wrong_at_the_end(flow); !wrong.empty()) reading_.fault(value, std::string(wrong));
  }

  void read_key(JsonValue value, Step& step) {
    static constexpr std::array<std::string_view, 2> keys = {"key", "key and lease"};
    const bool deletes = step.kind == StepKind::del;
    const auto choice = read_choice(reading_, value, Names(keys).first(deletes ? 2 : 1));
    if (choice == 1U) step.kind = StepKind::del_with_lease;
  }

  // On connections of its own: a transaction stays with the operation.
  void read_background(JsonValue value, const Context& context, Step& step, const Flow& flow) {
    Flow later = flow;
    later.open = later.failed = false;
    step.inner = read_filled(value, {context.list, true}, later);
    check_end(value, later);
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
    if (const auto why = why_not_inside(*form, context); !why.empty()) {
      reading_.fault_at_key(*place, std::string(why));
      return nullptr;
    }
    check_keys(value, *form);
    return form;
  }

  static std::string_view why_not_inside(const Form& form, const Context& context) {
    if ((form.not_inside & context.inside() & the_background) != 0) {
      if (form.kind == StepKind::background) {
        return "these steps go on in the background already; write the list alone";
      }
      return form.kind == StepKind::lock
                 ? "does not go with \"background\"; take the lock before, and give it back there"
                 : "does not go with \"background\"; write a \"retry\" there";
    }
    if ((form.not_inside & context.inside()) == 0) return "";
    switch (form.kind) {
      case StepKind::lock:
        return "does not go with \"retry\", as it waits until it has the lock; write it before the retry";
      case StepKind::get_or_lease:
        return "does not go with \"retry\"; write it outside, and \"start_over\" where it is to look again";
      default:
        return "does not go with \"retry\", which tries again by itself; write it outside";
    }
  }

  void report_no_step(JsonValue value, const Context& context) {
    const auto words = words_in(context);
    for (const auto& child : value.children()) {
      if (is_beside_words(child.key())) continue;
      reading_.fault_at_key(child, "unknown step; " + remedy_for_name(child.key(), words));
      return;
    }
    reading_.fault(value, "no step in here; expected " + either_of(words));
  }

  static std::vector<std::string_view> words_in(const Context& context) {
    std::vector<std::string_view> words;
    for (const auto& form : step_forms) {
      const bool fits = (form.not_inside & context.inside()) == 0;
      if ((form.lists & context.list) != 0 && fits) words.push_back(form.word);
    }
    return words;
  }

  void check_keys(JsonValue value, const Form& form) {
    const Names known = keys_beside(form);
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
    if (!flow.has(row)) report_no_row(value, row, (flow.forgotten & bit(row)) != 0);
    return row;
  }

  void report_no_row(JsonValue value, StepRow row, bool forgotten) {
    const auto source = quoted(source_of(row));
    reading_.fault(value, forgotten ? fmt::format("there is no such row here any more: \"redis.lock\" waits "
                                                  "and forgets what was before; {} gives it again",
                                                  source)
                                    : fmt::format("there is never such a row here: {} gives it, and was not "
                                                  "done before",
                                                  source));
  }

  void read_command_branches(JsonValue value, const Form& form, const Context& context, Step& step,
                             Flow& flow) {
    Flow done = flow, not_done = flow;
    done.rows |= bit(form.gives);
    not_done.rows &= ~bit(form.gives);
    not_done.failed = not_done.failed || form.kind == StepKind::commit;
    if (form.kind == StepKind::get_or_lease)
      return read_lease_branches(value, context, step, done, not_done, flow);
    if (!value.find("else")) {
      const bool mysql = strategies::ends_operation(form.kind);
      if (context.attempt != nullptr)
        (mysql ? context.attempt->over_mysql : context.attempt->over_redis) = true;
      not_done.ended = mysql || context.attempt != nullptr;
    }
    read_branches(value, context, step, done, not_done);
    flow = joined(done, not_done);
  }

  // Three ways: it hits; another has the lease; or the lease is taken, and the list goes on.
  void read_lease_branches(JsonValue value, const Context& context, Step& step, Flow done, Flow not_done,
                           Flow& flow) {
    const Flow leased = not_done;
    Flow busy = not_done;
    read_branches(value, context, step, done, not_done);
    if (const auto list = value.find("busy")) step.busy = read_filled(*list, context, busy);
    flow = joined(joined(done, not_done), joined(busy, leased));
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
    if (flow.open && !flow.muted && asks_mysql(inner)) {
      reading_.fault(
          inner,
          "a transaction may be open here, and a statement that fails may lose it: write the whole "
          "transaction inside the retry");
      flow.muted = true;
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
    not_done.muted = done.muted;
    not_done.asked = flow.asked || (!step.inner.empty() && always_asks(step.inner.front().kind));
    const bool whole = !step.inner.empty() && step.inner.size() == inner.children().size();
    if (whole && !done.muted && !attempt.over_redis && !attempt.over_mysql) {
      reading_.fault(inner, "no step in here fails an attempt, so there is nothing to try again");
    }
    if (!value.find("else")) not_done.ended = !attempt.over_redis;
    read_branches(value, context, step, done, not_done);
    flow = joined(done, not_done);
  }

  Reading& reading_;
  Settings& settings_;
  std::size_t steps_ = 0;
  bool updates_ = false;
  bool returns_ = false;  // the operation can return by a step
};

}  // namespace

StepsRead read_steps(Reading& reading, Settings& settings, JsonValue value, List list) {
  StepsReader reader(reading, settings);
  Steps steps = reader.read(value, list);
  return {std::move(steps), reader.updates()};
}

}  // namespace cacherace::scenarios
