// Steps become instructions that know what comes next: one where they are done, one where they are not. So
// running them is a loop over a switch, and branches, returns and retries cost nothing of their own.
#include "strategies/steps.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "models/scripts.hpp"

namespace cacherace::strategies {
namespace {

struct Instruction {
  StepKind kind = StepKind::give;
  StepRow row = StepRow::none;
  std::uint16_t done = 0, not_done = 0;  // what comes next (of `background`: and where the work begins)
  Setting amount = {};
};

struct Program {
  std::vector<Instruction> code = {Instruction{}};  // the first one ends an operation
  std::uint16_t write = 0, read = 0, consume = 0;
};

constexpr std::uint16_t the_end = 0;

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
      case StepKind::sleep:
        return add({.kind = step.kind, .done = next, .amount = step.time});
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
    return add({.kind = step.kind, .row = step.row, .done = done, .not_done = not_done, .amount = step.time});
  }

  // A retry gives up as its last attempt failed: over a MySQL command it ends the operation, too.
  std::uint16_t retry(const Step& step, std::uint16_t next, const Fallback& fallback) {
    const auto done = list(step.then, next, fallback);
    Fallback given_up = {fallback.redis.value_or(next), fallback.mysql};
    if (step.otherwise) given_up.redis = given_up.mysql = list(*step.otherwise, next, fallback);
    const auto after_redis = add({.kind = StepKind::again, .not_done = *given_up.redis, .amount = step.time});
    const auto after_mysql = add({.kind = StepKind::again, .not_done = given_up.mysql, .amount = step.time});
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
};

Program compiled(const OwnStrategy& own) {
  Program program;
  Compiler compiler(program.code);
  program.write = compiler.list(own.write, the_end, {});
  program.consume = compiler.list(own.consume, the_end, {});
  if (own.read) program.read = compiler.list(*own.read, the_end, {});
  return program;
}

// What an operation, or its work in the background, goes on with.
struct Frame {
  std::array<Row, 4> rows = {};
  Key key{0};
  std::uint16_t at = 0;
  std::uint8_t present = 0;  // a bit for each row

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
};

Frame frame_of(Key key, std::uint16_t at) {
  Frame frame;
  frame.key = key;
  frame.at = at;
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
      const Key key = frame.key;
      bool done = true;
      switch (step.kind) {
        case StepKind::get:
          done = frame.keep(StepRow::cached, session.cache().get(key));
          break;
        case StepKind::set: {
          const auto row = frame.get(step.row);
          done = row && session.cache().set(key, *row);
          break;
        }
        case StepKind::del:
          done = session.cache().del(key);
          break;
        case StepKind::set_if_newer: {
          const auto row = frame.get(step.row);
          done = row && session.cache().eval(models::set_if_newer, key, {.row = *row}).done;
          break;
        }
        case StepKind::wait:
          done = session.cache().wait(sim::Duration(step.amount.raw));
          break;
        case StepKind::select:
          done = frame.keep(StepRow::selected, session.database().select(key));
          break;
        case StepKind::update: {
          const WriteId value = frame.rows[Frame::place(StepRow::given)].value;
          done = frame.keep(StepRow::updated, session.database().update(key, value));
          break;
        }
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
          done = --attempts > 0 && session.alive();
          if (done) session.sleep(sim::Duration(step.amount.raw));
          break;
        case StepKind::give:
          return frame.get(step.row);
      }
      frame.at = done ? step.done : step.not_done;
    }
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
  // The info outlives its callers: it is part of what they look at.
  info.make = [whole = definition.get()](const Parameters& parameters) -> std::unique_ptr<Strategy> {
    const OwnStrategy& of = whole->own;
    return std::make_unique<StepStrategy>(whole->program, parameters, of.read.has_value(), of.consumers);
  };
  return {definition, &info};
}

}  // namespace cacherace::strategies
