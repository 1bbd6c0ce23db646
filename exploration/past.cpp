#include "exploration/past.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "exploration/committed.hpp"
#include "scenarios/observation.hpp"
#include "verify/judge.hpp"
#include "verify/witness.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;

constexpr std::size_t none = SIZE_MAX;

class Past {
 public:
  Past(const models::Setup& setup, const std::vector<Record>& records, const sim::RunEnd& end)
      : setup_(setup), records_(records), observer_(setup), execution_(observer_.observe(records, end)) {}

  std::vector<bool> of(Property property) {
    needed_.assign(records_.size(), false);
    const verify::Verdict& verdict = judge_.judge(execution_);
    switch (property) {
      case Property::stuck:
        if (!verdict.stuck.empty()) need_for_stuck(verdict.stuck.front().key);
        break;
      case Property::cache_ahead:
        need(first_ahead());
        break;
      case Property::nonlinearizable:
        for (const auto operation : verify::minimal_witness(execution_, verdict.first_bad_key)) {
          need_operation(operation);
        }
        break;
      case Property::stale_read:
      case Property::inversion:
      case Property::dirty_read:
        need_read(verdict, property);
        break;
      case Property::lost_write:
      case Property::deadlock:
        needed_.assign(records_.size(), true);
        break;
    }
    need_failovers();
    return needed_;
  }

 private:
  // What MySQL lost when it failed over is a part of every story: the commits, and that they are no more.
  void need_failovers() {
    Committed committed;
    for (const Record& record : records_) committed.see(record);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const Record& record = records_[i];
      if (record.fact == Fact::promoted && i + 1 < records_.size()) {
        if (records_[i + 1].fact == Fact::rolled_back) need(i);
      }
      if (record.fact == Fact::rolled_back) need(i);
      if (record.fact != Fact::committed || committed.has(record.row.value)) continue;
      need(i);
      if (is_of_operation(record)) need_operation(record.operation);
    }
  }

  void need_read(const verify::Verdict& verdict, Property property) {
    const auto is_it = [&](const verify::ReadFinding& read) {
      if (property == Property::stale_read) return read.stale_age >= 0;
      return property == Property::inversion ? read.inversion : read.dirty;
    };
    const auto read = std::ranges::find_if(verdict.reads, is_it);
    if (read == verdict.reads.end()) return;
    need_operation(read->operation);
    if (property == Property::dirty_read) return;
    need_operation(contradicted(read->operation, property == Property::inversion));
    // What it returned is older only as it is committed, perhaps behind the back of the cache.
    need(commit_of(models::WriteId(execution_.operations[read->operation].value), records_.size()));
  }

  // The first operation to return before the read was invoked that speaks of a newer version.
  [[nodiscard]] std::size_t contradicted(std::size_t at, bool by_read) const {
    const verify::Operation& read = execution_.operations[at];
    std::size_t found = none;
    for (std::size_t i = 0; i < execution_.operations.size(); ++i) {
      const verify::Operation& other = execution_.operations[i];
      const bool is_read = other.kind == verify::OperationKind::read;
      if (other.key != read.key || other.outcome != verify::Outcome::ok || is_read != by_read || i == at)
        continue;
      const bool before = other.end < read.start || (other.client == read.client && i < at);
      if (!before || rank_of(other.value) <= rank_of(read.value)) continue;
      if (found == none || other.end < execution_.operations[found].end) found = i;
    }
    return found;
  }

  [[nodiscard]] std::size_t rank_of(verify::Value value) const {
    if (value == 0) return 0;
    for (const Record& record : records_) {
      if (record.fact == Fact::committed && models::number_of(record.row.value) == value)
        return record.row.version;
    }
    return none;
  }

  // All that an operation did until it ended, and what flowed into it.
  void need_operation(std::size_t operation) {
    if (operation == none) return;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const Record& record = records_[i];
      if (is_of_operation(record) && record.operation == operation && !record.background) need(i);
      if (is_of_operation(record) && record.operation == operation && ends_operation(record.fact)) return;
    }
  }

  // The final entry and how it came there, and every write: each could have deleted it. What kept one from
  // that (a fault) may come last.
  void need_for_stuck(std::uint32_t key) {
    std::size_t set = none, decides = none;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const Record& record = records_[i];
      if (models::index_of(record.key) != key) continue;
      if (record.fact == Fact::cache_set) set = i;
      if (record.fact == Fact::cache_set || record.fact == Fact::committed || spares_entry(record))
        decides = i;
    }
    need(set);
    for (std::size_t i = 0; i <= decides && decides != none; ++i) {
      const Record& record = records_[i];
      if (record.fact == Fact::woke && is_of_write(record)) need(i);
      if (models::index_of(record.key) != key) continue;
      if (is_of_write(record) || is_of_consumer(record) || record.fact == Fact::message_lost) need(i);
    }
  }

  // A fault that befell what a write or a consumer does.
  [[nodiscard]] bool spares_entry(const Record& record) const {
    if (record.fact == Fact::message_lost) return true;
    const bool fault = record.fact == Fact::refused || record.fact == Fact::crashed;
    return fault && (is_of_write(record) || is_of_consumer(record));
  }
  [[nodiscard]] bool is_of_write(const Record& record) const {
    return is_of_operation(record) && kind_of(record.operation) == models::OperationKind::write;
  }
  [[nodiscard]] bool is_of_consumer(const Record& record) const {
    return record.client != models::no_client && !is_actor(record.client);
  }

  [[nodiscard]] std::size_t first_ahead() const {
    Committed committed;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      committed.see(records_[i]);
      const bool sets = records_[i].fact == Fact::cache_set || records_[i].fact == Fact::restored;
      if (sets && !committed.has(records_[i].row.value)) return i;
    }
    return none;
  }

  [[nodiscard]] bool is_actor(std::uint32_t client) const {
    std::uint32_t actors = 0;
    for (const auto& group : setup_.clients) actors += group.count;
    return client < actors;
  }
  [[nodiscard]] bool is_of_operation(const Record& record) const {
    return record.client != models::no_client && is_actor(record.client);
  }
  [[nodiscard]] models::OperationKind kind_of(std::uint32_t operation) const {
    return execution_.operations[operation].kind == verify::OperationKind::read
               ? models::OperationKind::read
               : models::OperationKind::write;
  }

  void need(std::size_t at) {
    if (at == none || needed_[at]) return;
    needed_[at] = true;
    const Record& record = records_[at];
    if (record.client != models::no_client) need_program(at);
    switch (record.fact) {
      case Fact::looked_up:
        need(last_change(at));
        break;
      case Fact::selected:
        need_row(at);
        break;
      case Fact::applied:
        need(commit_of(record.row.value, at));
        break;
      case Fact::answered:
        need_slots(at);
        break;
      case Fact::row_locked:
        need(last_ended(at));
        break;
      default:
        break;
    }
    if (!says_all(record) && record.fact != Fact::answered) need(answer_of(at));
  }

  // What a script did is told by its answer.
  [[nodiscard]] std::size_t answer_of(std::size_t at) const {
    for (std::size_t i = at + 1; i < records_.size(); ++i) {
      const Record& record = records_[i];
      if (record.client != records_[at].client || record.operation != records_[at].operation) continue;
      if (record.fact == Fact::answered) return i;
    }
    return none;
  }

  // What a script looked at: the value and the slots of its key.
  void need_slots(std::size_t at) {
    std::array<std::size_t, models::slot_count> last;
    last.fill(none);
    for (std::size_t i = 0; i < at; ++i) {
      const Record& record = records_[i];
      if (record.key != records_[at].key) continue;
      if (record.fact != Fact::slot_set && record.fact != Fact::slot_erased) continue;
      last[models::index_of(record.slot)] = i;
    }
    for (const std::size_t slot : last) need(slot);
    if (records_[at].command == models::Command::script) need(last_change(at));
  }

  // The transaction whose end let another have a row.
  [[nodiscard]] std::size_t last_ended(std::size_t at) const {
    for (std::size_t i = at; i > 0; --i) {
      if (records_[i - 1].fact == Fact::ended) return i - 1;
    }
    return none;
  }

  // What the same code did before: of an operation its own commands, of a consumer all of them and the commit
  // that it follows.
  void need_program(std::size_t at) {
    const Record& record = records_[at];
    const bool of_operation = is_of_operation(record);
    if (!of_operation && record.for_write != models::WriteId(0)) need_message(record.for_write, at);
    for (std::size_t i = 0; i < at; ++i) {
      const Record& earlier = records_[i];
      if (earlier.client != record.client) continue;
      if (of_operation &&
          (earlier.operation != record.operation || (earlier.background && !record.background))) {
        continue;
      }
      need(i);
    }
  }

  // The commit whose event a consumer got, and the delivery.
  void need_message(models::WriteId write, std::size_t at) {
    need(commit_of(write, at));
    for (std::size_t i = 0; i < at; ++i) {
      if (records_[i].fact == Fact::delivered && records_[i].row.value == write) needed_[i] = true;
    }
  }

  // The SET, DEL or expiry that left the entry as the GET found it; none: it was so at the beginning.
  [[nodiscard]] std::size_t last_change(std::size_t at) const {
    bool is_cached = setup_.keys.cached;
    std::size_t last = none;
    for (std::size_t i = 0; i < at; ++i) {
      const Record& record = records_[i];
      if (record.key != records_[at].key) continue;
      const bool is_set = record.fact == Fact::cache_set || record.fact == Fact::restored;
      const bool is_gone =
          record.fact == Fact::cache_deleted || record.fact == Fact::expired || record.fact == Fact::evicted;
      if (is_set || (is_gone && is_cached)) last = i;
      if (is_set || is_gone) is_cached = is_set;
    }
    return last;
  }

  void need_row(std::size_t at) {
    const Record& record = records_[at];
    need(commit_of(record.row.value, at));
    if (!record.from_replica) return;
    for (std::size_t i = 0; i < at; ++i) {
      const Record& apply = records_[i];
      const bool is_here =
          apply.fact == Fact::applied && apply.replica == record.replica && apply.key == record.key;
      if (is_here && apply.row.version <= record.row.version) need(i);
    }
  }

  [[nodiscard]] std::size_t commit_of(models::WriteId value, std::size_t before) const {
    for (std::size_t i = 0; i < before; ++i) {
      if (records_[i].fact == Fact::committed && records_[i].row.value == value) return i;
    }
    return none;
  }

  const models::Setup& setup_;
  const std::vector<Record>& records_;
  scenarios::Observer observer_;
  const verify::Execution& execution_;
  verify::Judge judge_;
  std::vector<bool> needed_;
};

// Who a step belongs to, so that an invocation or a return finds its command.
bool same_work(const Record& a, const Record& b) {
  return a.client == b.client && a.client != models::no_client && a.operation == b.operation;
}

// Puts the records that count nothing with the command that they belong to: what ends something with the one
// before, all others with the one after.
class StepMaker {
 public:
  StepMaker(const std::vector<Record>& records, const std::vector<bool>& needed)
      : records_(records), needed_(needed) {}

  std::vector<std::vector<Record>> make() {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (needed_[i] && is_counted(records_[i])) at_.push_back(i);
    }
    steps_.resize(at_.size());
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (!needed_[i]) continue;
      const auto home = home_of(i);
      if (home) steps_[*home].push_back(records_[i]);
    }
    return std::move(steps_);
  }

 private:
  [[nodiscard]] std::optional<std::size_t> home_of(std::size_t record) const {
    const bool ends = ends_operation(records_[record].fact) || records_[record].fact == Fact::message_lost ||
                      records_[record].fact == Fact::rolled_back;
    std::optional<std::size_t> home;
    for (std::size_t step = 0; step < at_.size(); ++step) {
      const Record& command = records_[at_[step]];
      const bool mine =
          at_[step] == record || same_work(command, records_[record]) || is_about(records_[record], command);
      if (!mine) continue;
      if (ends && at_[step] < record) home = step;
      if (!ends && at_[step] >= record) return step;
    }
    return home;
  }

  // A message goes with the commit that it tells of when it is lost, and with the command that follows it; a
  // row that is an old one again with the failover.
  static bool is_about(const Record& message, const Record& command) {
    if (message.fact == Fact::rolled_back) return command.fact == Fact::promoted;
    if (message.fact == Fact::message_lost) {
      return command.fact == Fact::committed && command.row.value == message.row.value;
    }
    return message.fact == Fact::delivered && command.origin == models::Origin::consumer &&
           command.for_write == message.row.value;
  }

  const std::vector<Record>& records_;
  const std::vector<bool>& needed_;
  std::vector<std::size_t> at_;  // the counted records
  std::vector<std::vector<Record>> steps_;
};

}  // namespace

bool is_counted(const Record& record) {
  switch (record.fact) {
    case Fact::committed:
    case Fact::cache_set:
    case Fact::cache_deleted:
    case Fact::looked_up:
      return says_all(record);
    case Fact::answered:
    case Fact::selected:
    case Fact::unchanged:
    case Fact::refused:
    case Fact::crashed:
    case Fact::woke:
    case Fact::applied:
    case Fact::expired:
    case Fact::evicted:
    case Fact::restored:
    case Fact::killed:
    case Fact::promoted:
    case Fact::rebalanced:
    case Fact::local_looked_up:
      return true;
    case Fact::slot_erased:
      return record.client == models::no_client;
    default:
      return false;
  }
}

sim::Time instant_of(const WitnessStep& step) {
  const auto command = std::ranges::find_if(step.records, is_counted);
  return command == step.records.end() ? step.records.front().at : command->at;
}

Witness tell_past(const models::Setup& setup, const std::vector<Record>& records, const sim::RunEnd& end,
                  Property property, const std::function<std::string(std::uint32_t)>& name_of_client) {
  const std::vector<bool> needed = Past(setup, records, end).of(property);
  Witness witness{.timed = true};
  for (auto& told : StepMaker(records, needed).make()) {
    const auto command = std::ranges::find_if(told, is_counted);
    std::string who(store_of(*command));
    if (command->client != models::no_client) who = name_of_client(command->client);
    witness.steps.push_back({std::move(who), std::move(told)});
  }
  const auto past_end = needed.rend() - std::find(needed.rbegin(), needed.rend(), true);
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(records.size()); ++i) {
    const Record& record = records[static_cast<std::size_t>(i)];
    const bool is_untold_beginning = record.fact == Fact::invoked && !needed[static_cast<std::size_t>(i)];
    if (i >= past_end || is_untold_beginning) witness.rest.push_back(record);
  }
  return witness;
}

}  // namespace cacherace::exploration
