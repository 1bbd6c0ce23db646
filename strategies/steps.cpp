// Steps become instructions that know what comes next: one where they are done, one where they are not. So
// running them is a loop over a switch, and branches, returns and retries cost nothing of their own.
#include "strategies/steps.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "models/scripts.hpp"
#include "strategies/fills.hpp"

namespace cacherace::strategies {
namespace {

struct Instruction {
  StepKind kind = StepKind::give;
  StepRow row = StepRow::none;
  std::uint16_t done = 0, not_done = 0;  // what comes next (of `background`: and where the work begins)
  std::uint16_t leased = 0, busy = 0;    // of get_or_lease, where it does not hit
  std::uint16_t place = 0;               // of `lock` and `start_over`: see Session::start_over
  bool undoes = false;                   // of `again`: the attempt may have left a transaction open
  Setting amount = {};
};

struct Program {
  std::vector<Instruction> code = {Instruction{}};  // the first one ends an operation
  std::uint16_t write = 0, read = 0, consume = 0;
};

constexpr std::uint16_t the_end = 0;

// Whether a transaction is opened on the operation's own connection.
bool opens_transaction(const Steps& steps) {
  return std::ranges::any_of(steps, [](const Step& step) {
    return step.kind == StepKind::begin || opens_transaction(step.then) ||
           (step.otherwise && opens_transaction(*step.otherwise));
  });
}

bool takes_guards(const Program& program) {
  return std::ranges::any_of(program.code, [](const Instruction& step) {
    return step.kind == StepKind::lock || step.kind == StepKind::get_or_lease;
  });
}

// From the last step to the first, so that what follows a step is known.
class Compiler {
 public:
  // Where a step goes that is not done and says nothing about it.
  struct Fallback {
    std::optional<std::uint16_t> redis;  // none: on to what follows
    std::uint16_t mysql = the_end;
  };

  explicit Compiler(std::vector<Instruction>& code) : code_(code) {}

  std::uint16_t list(const Steps& steps, std::uint16_t next, const Fallback& fallback) {
    for (std::size_t i = steps.size(); i > 0; --i) next = step(steps[i - 1], next, fallback);
    return next;
  }

 private:
  std::uint16_t step(const Step& step, std::uint16_t next, const Fallback& fallback) {
    switch (step.kind) {
      case StepKind::lock:
        return add({.kind = step.kind, .done = next, .place = ++locks_, .amount = step.time});
      case StepKind::sleep:
      case StepKind::begin:
      case StepKind::rollback:
        return add({.kind = step.kind, .done = next, .amount = step.time});
      case StepKind::start_over:
        return add({.kind = step.kind, .amount = step.time});
      case StepKind::background:
        return add({.kind = step.kind, .done = next, .not_done = list(step.inner, the_end, {})});
      case StepKind::retry:
        return retry(step, next, fallback);
      case StepKind::give:
        return add({.kind = step.kind, .row = step.row});
      default:
        return command(step, next, fallback);
    }
  }

  std::uint16_t command(const Step& step, std::uint16_t next, const Fallback& fallback) {
    const auto done = list(step.then, next, fallback);
    auto not_done = ends_operation(step.kind) ? fallback.mysql : fallback.redis.value_or(next);
    if (step.otherwise) not_done = list(*step.otherwise, next, fallback);
    return add({.kind = step.kind,
                .row = step.row,
                .done = done,
                .not_done = not_done,
                .leased = next,
                .busy = list(step.busy, next, fallback),
                .amount = step.time});
  }

  // A retry gives up as its last attempt failed: over a MySQL command it ends the operation, too.
  std::uint16_t retry(const Step& step, std::uint16_t next, const Fallback& fallback) {
    const auto done = list(step.then, next, fallback);
    Fallback given_up = {fallback.redis.value_or(next), fallback.mysql};
    if (step.otherwise) given_up.redis = given_up.mysql = list(*step.otherwise, next, fallback);
    const bool undoes = opens_transaction(step.inner);
    const auto again = [&](std::uint16_t next_but_one) {
      return add({.kind = StepKind::again, .not_done = next_but_one, .undoes = undoes, .amount = step.time});
    };
    const auto after_redis = again(*given_up.redis);
    const auto after_mysql = again(given_up.mysql);
    const auto attempt = list(step.inner, done, {after_redis, after_mysql});
    code_[after_redis].done = code_[after_mysql].done = attempt;
    return add({.kind = step.kind, .done = attempt, .amount = step.attempts});
  }

  std::uint16_t add(const Instruction& instruction) {
    assert(code_.size() < UINT16_MAX);
    code_.push_back(instruction);
    return static_cast<std::uint16_t>(code_.size() - 1);
  }

  std::vector<Instruction>& code_;
  std::uint16_t locks_ = 0;  // so many places, after that of the beginning
};

Program compiled(const OwnStrategy& own) {
  Program program;
  const auto compiled = [&](const Steps& steps) { return Compiler(program.code).list(steps, the_end, {}); };
  program.write = compiled(own.write);
  program.consume = compiled(own.consume);
  if (own.read) program.read = compiled(*own.read);
  return program;
}

// What an operation, or its work in the background, goes on with.
struct Frame {
  std::array<Row, 4> rows = {};
  Key key{0};
  std::uint16_t at = 0, first = 0;  // the present instruction, and the list's first one
  std::uint8_t present = 0;         // a bit for each row
  models::Token lock{0}, lease{0};

  [[nodiscard]] static unsigned place(StepRow row) { return static_cast<unsigned>(row) - 1U; }
  [[nodiscard]] std::optional<Row> get(StepRow row) const {
    if (row == StepRow::none || ((present >> place(row)) & 1U) == 0) return std::nullopt;
    return rows[place(row)];
  }
  // Whether there is one.
  bool keep(StepRow row, const std::optional<Row>& found) {
    const auto bit = static_cast<std::uint8_t>(1U << place(row));
    present = static_cast<std::uint8_t>(found ? present | bit : present & ~bit);
    if (found) rows[place(row)] = *found;
    return found.has_value();
  }
  // All that the operation has seen so far: see Session::start_over.
  void forget() {
    present = static_cast<std::uint8_t>(present & (1U << place(StepRow::given)));
    lock = lease = models::Token{0};
  }
};

Frame frame_of(Key key, std::uint16_t at) {
  Frame frame;
  frame.key = key;
  frame.at = frame.first = at;
  return frame;
}

class StepStrategy final : public Strategy {
 public:
  StepStrategy(Program program, const Parameters& parameters, bool reads, const Setting& consumers)
      : program_(std::move(program)), reads_(reads) {
    const auto settle = [&](const Setting& setting) {
      return setting.parameter ? parameters.raw(parameters.declared()[*setting.parameter].name) : setting.raw;
    };
    for (Instruction& instruction : program_.code) instruction.amount = {settle(instruction.amount)};
    consumers_ = static_cast<unsigned>(settle(consumers));
  }

  std::optional<Row> read(Session& session, Key key) const override {
    return reads_ ? run(session, frame_of(key, program_.read)) : Strategy::read(session, key);
  }

  void write(Session& session, Key key, WriteId value) const override {
    Frame frame = frame_of(key, program_.write);
    frame.keep(StepRow::given, Row{.value = value});
    run(session, frame);
  }

  [[nodiscard]] ServiceSetup service() const override {
    const bool waits = std::ranges::any_of(
        program_.code, [](const Instruction& step) { return step.kind == StepKind::wait; });
    return {.consumers = consumers_, .waits_for_redis_replica = waits};
  }

  void consume(Session& session, const BinlogEvent& event) const override {
    Frame frame = frame_of(event.key, program_.consume);
    frame.keep(StepRow::given, event.row);
    run(session, frame);
  }

 private:
  // What the operation returns.
  std::optional<Row> run(Session& session, Frame frame) const {
    std::int64_t attempts = 0;
    while (true) {
      const Instruction& step = program_.code[frame.at];
      bool done = true;
      switch (step.kind) {
        case StepKind::sleep:
          session.sleep(sim::Duration(step.amount.raw));
          break;
        case StepKind::background: {
          Frame later = frame;
          later.at = step.not_done;
          session.background([this, later](Session& own) { run(own, later); });
          break;
        }
        case StepKind::retry:
          attempts = step.amount.raw;
          break;
        case StepKind::again:
          if (step.undoes) session.database().rollback();
          done = --attempts > 0 && session.alive();
          if (done) session.sleep(sim::Duration(step.amount.raw));
          break;
        case StepKind::give:
          return frame.get(step.row);
        case StepKind::start_over:
          session.start_over(sim::Duration(step.amount.raw), step.place);
          if (!session.alive()) return std::nullopt;
          frame.forget();
          frame.at = frame.first;
          continue;
        case StepKind::lock:
          take_lock(session, step, frame);
          break;
        case StepKind::get_or_lease:
          frame.at = get_or_lease(session, step, frame);
          continue;
        default:
          done = is_for_mysql(step.kind) ? ask_mysql(session, step, frame) : ask_redis(session, step, frame);
      }
      frame.at = done ? step.done : step.not_done;
    }
  }

  static bool is_for_mysql(StepKind kind) { return kind >= StepKind::begin && kind <= StepKind::update; }

  // Whether it was done.
  static bool ask_redis(Session& session, const Instruction& step, Frame& frame) {
    models::CachePort& redis = session.cache();
    const Key key = frame.key;
    const auto row = frame.get(step.row);
    const auto set_by = [&](const models::Script& script, models::Token token) {
      return row && redis.eval(script, key, {.row = *row, .token = token}).done;
    };
    switch (step.kind) {
      case StepKind::get:
        return frame.keep(StepRow::cached, redis.get(key));
      case StepKind::set:
        return row && redis.set(key, *row);
      case StepKind::del:
        return redis.del(key);
      case StepKind::del_with_lease:
        return redis.del(key, models::Slot::lease);
      case StepKind::set_if_newer:
        return set_by(models::set_if_newer, {});
      case StepKind::set_if_locked:
        return set_by(models::set_if_locked, frame.lock);
      case StepKind::set_with_lease:
        return set_by(models::set_with_lease, frame.lease);
      case StepKind::wait:
        return redis.wait(sim::Duration(step.amount.raw));
      default:
        assert(step.kind == StepKind::unlock);
        return redis.eval(models::unlock, key, {.token = frame.lock}).done;
    }
  }

  static bool ask_mysql(Session& session, const Instruction& step, Frame& frame) {
    models::DatabasePort& mysql = session.database();
    const Key key = frame.key;
    switch (step.kind) {
      case StepKind::begin:
        mysql.begin();
        return true;
      case StepKind::commit:
        return mysql.commit();
      case StepKind::rollback:
        mysql.rollback();
        return true;
      case StepKind::select:
        return frame.keep(StepRow::selected, mysql.select(key));
      case StepKind::select_for_share:
        return frame.keep(StepRow::selected, mysql.select(key, models::RowLock::share));
      case StepKind::select_for_update:
        return frame.keep(StepRow::selected, mysql.select(key, models::RowLock::update));
      default:
        assert(step.kind == StepKind::update);
        const WriteId value = frame.rows[Frame::place(StepRow::given)].value;
        return frame.keep(StepRow::updated, mysql.update(key, value));
    }
  }

  static void take_lock(Session& session, const Instruction& step, Frame& frame) {
    frame.forget();
    while (session.alive()) {
      const models::Token token = session.cache().new_token();
      if (session.cache().take(frame.key, models::Slot::lock, token, sim::Duration(step.amount.raw))) {
        frame.lock = token;
        return;
      }
      session.start_over(poll_pause, step.place);
    }
  }

  // What comes next.
  static std::uint16_t get_or_lease(Session& session, const Instruction& step, Frame& frame) {
    frame.lease = session.cache().new_token();
    const auto found = session.cache().eval(models::get_or_lease, frame.key,
                                            {.token = frame.lease, .ttl = sim::Duration(step.amount.raw)});
    if (frame.keep(StepRow::cached, found.row)) return step.done;
    if (found.busy) return step.busy;
    return found.done ? step.leased : step.not_done;
  }

  Program program_;
  bool reads_;
  unsigned consumers_ = 0;
};

// What an info's views look at.
struct Definition {
  OwnStrategy own;
  Program program;
  StrategyInfo info;
};

}  // namespace

std::shared_ptr<const StrategyInfo> define(OwnStrategy own) {
  const auto definition = std::make_shared<Definition>();
  definition->own = std::move(own);
  const OwnStrategy& kept = definition->own;
  definition->program = compiled(kept);
  StrategyInfo& info = definition->info;
  info.name = kept.name;
  info.summary = kept.description.empty() ? "Defined by the scenario." : std::string_view(kept.description);
  info.writing = {kept.writing.begin(), kept.writing.end()};
  info.reading = {kept.reading.begin(), kept.reading.end()};
  if (!kept.read) info.reading = cache_aside_reading();
  for (const auto& parameter : kept.parameters) {
    info.parameters.push_back(
        {parameter.name, parameter.kind, parameter.fallback, "of its steps", {}, longest_wait});
  }
  info.takes_guards = takes_guards(definition->program);
  // The info outlives its callers: it is part of what they look at.
  info.make = [whole = definition.get()](const Parameters& parameters) -> std::unique_ptr<Strategy> {
    const OwnStrategy& of = whole->own;
    return std::make_unique<StepStrategy>(whole->program, parameters, of.read.has_value(), of.consumers);
  };
  return {definition, &info};
}

}  // namespace cacherace::strategies
