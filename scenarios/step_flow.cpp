#include "scenarios/step_flow.hpp"

namespace cacherace::scenarios {
namespace {

using strategies::StepKind;
using strategies::StepRow;

constexpr std::string_view begun_twice =
    R"(a transaction may be open here; end it before, with {"mysql.commit": "transaction"}, say)";
constexpr std::string_view not_begun =
    R"(no transaction is open here; write {"mysql.begin": "transaction"} before it)";
constexpr std::string_view holds_nothing =
    R"(it holds the row until its transaction ends, and none is open here; write )"
    R"({"mysql.begin": "transaction"} before it)";
constexpr std::string_view left_open =
    R"(a transaction may be open here, and would be undone; write {"mysql.commit": "transaction"} or )"
    R"({"mysql.rollback": "transaction"} before)";
constexpr std::string_view left_failed =
    R"(a COMMIT may have failed here, and its transaction is not ended then; write )"
    R"({"mysql.rollback": "transaction"} in the "else" of the COMMIT)";
constexpr std::string_view locked_twice =
    R"(the lock may be held here already, and would be waited for; write {"redis.unlock": "key"} before it)";
constexpr std::string_view not_locked = R"(no lock is held here; write {"redis.lock": "30s"} before it)";
constexpr std::string_view left_locked =
    R"(the lock may be held here, and would be forgotten; write {"redis.unlock": "key"} before it)";
constexpr std::string_view not_leased =
    R"(no lease is held here; write {"redis.get_or_lease": "10s"} before it ("redis.lock" forgets leases))";
constexpr std::string_view never_asked =
    "nothing was asked before, so it would start over for ever; put a command before it";

bool is_statement(StepKind kind) {
  return kind == StepKind::begin || kind == StepKind::select || kind == StepKind::select_for_share ||
         kind == StepKind::select_for_update || kind == StepKind::update;
}

std::string_view wrong_in_mysql(StepKind kind, const Flow& flow) {
  if (flow.failed && is_statement(kind)) return left_failed;
  switch (kind) {
    case StepKind::begin:
      return flow.open ? begun_twice : "";
    case StepKind::commit:
      return flow.open ? "" : not_begun;
    case StepKind::rollback:
      return flow.open || flow.failed ? "" : not_begun;
    case StepKind::select_for_share:
    case StepKind::select_for_update:
      return flow.open ? "" : holds_nothing;
    default:
      return "";
  }
}

std::string_view wrong_here(StepKind kind, const Flow& flow) {
  switch (kind) {
    case StepKind::lock:
      return flow.locked ? locked_twice : "";
    case StepKind::unlock:
    case StepKind::set_if_locked:
      return flow.locked ? "" : not_locked;
    case StepKind::set_with_lease:
      return flow.leased ? "" : not_leased;
    case StepKind::start_over:
      if (!flow.asked) return never_asked;
      if (flow.open) return left_open;
      if (flow.failed) return left_failed;
      return flow.locked ? left_locked : "";
    default:
      return wrong_in_mysql(kind, flow);
  }
}

void change(StepKind kind, Flow& flow) {
  switch (kind) {
    case StepKind::begin:
      flow.open = true;
      break;
    case StepKind::commit:
    case StepKind::rollback:
      flow.open = flow.failed = false;
      break;
    case StepKind::lock:
      flow.forget_rows();
      flow.locked = true;
      flow.leased = false;
      break;
    case StepKind::unlock:
      flow.locked = false;
      break;
    case StepKind::get_or_lease:
      flow.leased = true;
      break;
    case StepKind::start_over:
      flow.ended = true;
      break;
    default:
      break;
  }
  flow.asked = flow.asked || always_asks(kind);
}

}  // namespace

bool Flow::has(StepRow row) const {
  return (rows & bit(row)) != 0;
}

void Flow::forget_rows() {
  forgotten |= rows & ~bit(StepRow::given);
  rows &= bit(StepRow::given);
}

Flow joined(const Flow& a, const Flow& b) {
  if (a.ended) return b;
  if (b.ended) return a;
  return {.rows = a.rows | b.rows,
          .forgotten = a.forgotten | b.forgotten,
          .open = a.open || b.open,
          .failed = a.failed || b.failed,
          .locked = a.locked || b.locked,
          .leased = a.leased || b.leased,
          .asked = a.asked && b.asked,
          .muted = a.muted || b.muted};
}

// Not so: a SET of a row that may not be there, and the end of a transaction that has sent nothing.
bool always_asks(StepKind kind) {
  switch (kind) {
    case StepKind::get:
    case StepKind::del:
    case StepKind::del_with_lease:
    case StepKind::wait:
    case StepKind::lock:
    case StepKind::unlock:
    case StepKind::get_or_lease:
    case StepKind::select:
    case StepKind::select_for_share:
    case StepKind::select_for_update:
    case StepKind::update:
      return true;
    default:
      return false;
  }
}

std::string_view pass(StepKind kind, Flow& flow) {
  const auto wrong = flow.muted ? "" : wrong_here(kind, flow);
  change(kind, flow);
  if (!wrong.empty()) {
    flow.muted = true;
    flow.ended = false;  // what follows is no fault of its own
  }
  return wrong;
}

std::string_view wrong_at_the_end(const Flow& flow) {
  return flow.open && !flow.muted ? left_open : "";
}

}  // namespace cacherace::scenarios
