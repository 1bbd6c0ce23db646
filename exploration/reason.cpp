#include "exploration/reason.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "exploration/chronicle.hpp"
#include "scenarios/observation.hpp"
#include "verify/judge.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Key;
using models::OperationKind;
using models::Origin;
using models::Record;
using verify::Cause;

bool is_cache_command(const Record& record) {
  return record.fact == Fact::cache_set || record.fact == Fact::cache_deleted ||
         record.fact == Fact::command_failed;
}

bool serves(const Record& record, std::uint32_t write) {
  return is_cache_command(record) && record.origin != Origin::fill &&
         models::number_of(record.for_write) == write;
}

bool took_effect(const Record& record) {
  return record.fact == Fact::cache_set || record.fact == Fact::cache_deleted;
}

// An entry that differs from the primary.
struct Wrong {
  Place set;      // what put it there; `nowhere`: it was there at first
  Place opening;  // since when it is wrong: `set`, or the first commit after it
  std::uint32_t value;
};

class Story : private Chronicle {
 public:
  Story(const models::Setup& setup, const Witness& witness)
      : setup_(setup), steps_(witness.steps.size()), names_(client_names(witness)) {
    for (std::size_t step = 0; step < steps_; ++step) {
      for (const Record& record : witness.steps[step].records) {
        records_.push_back(record);
        step_of_.push_back(step);
      }
    }
    end_ = records_.size();
    records_.insert(records_.end(), witness.rest.begin(), witness.rest.end());
    setup_.redis.ttl.reset();  // an entry that matters here was alive when it did
  }

  Reason tell(Property property) {
    reason_.property = property;
    if (records_.empty()) return reason_;
    // Without a step nothing could come to its end from the first one on.
    reason_.decider = act(end_ == 0 ? 0 : end_ - 1);
    switch (property) {
      case Property::stuck:
        tell_stuck();
        break;
      case Property::stale_read:
      case Property::inversion:
      case Property::nonlinearizable:
        tell_read();
        break;
      case Property::dirty_read:
      case Property::cache_ahead:
        tell_ahead();
        break;
      case Property::lost_write:
        tell_lost();
        break;
      case Property::deadlock:
        break;  // the step after which there is no way on
    }
    note_failover();
    return std::move(reason_);
  }

 private:
  void tell_stuck() {
    for (std::uint32_t key = 0; key < setup_.keys.count; ++key) {
      if (const auto wrong = wrong_at(Key(key), end_)) return tell_entry(*wrong, end_);
    }
  }

  // The last read of the key that got something wrong: mostly the last one, but a read can also be wrong
  // because of what an earlier one saw too early.
  void tell_read() {
    const Place last = last_before(end_, [](const Record& r) { return r.fact == Fact::returned; });
    if (last == nowhere) return;
    const Key key = records_[last].key;
    for (Place at = last; at != nowhere; at = previous_read(key, at)) {
      const Place source = source_of(at);
      if (source == nowhere) continue;
      const Record& got = records_[source];
      if (got.fact == Fact::local_looked_up) return tell_copy(source);
      if (got.fact == Fact::selected && got.outdated) return tell_lag(source);
      const auto wrong = got.fact == Fact::looked_up ? wrong_at(key, source) : std::nullopt;
      if (wrong) return tell_entry(*wrong, source);
      if (got.fact == Fact::looked_up && tell_retired(key, source)) return;
    }
    tell_unflushed(last);
  }

  // A copy in the reader's own memory.
  void tell_copy(Place source) {
    const Record& look = records_[source];
    const auto of_copy = [&](Fact fact, Place end) {
      return last_before(end, [&](const Record& record) {
        return record.fact == fact && record.client == look.client && record.key == look.key;
      });
    };
    const Place kept = of_copy(Fact::local_set, source);
    const Place told = kept == nowhere ? nowhere : of_copy(Fact::invalidated, kept);
    reason_.cause = Cause::in_flight;
    reason_.value = value_of(look);
    reason_.copied = reason_.read = reason_.decider = act(source);
    reason_.missed = told != nowhere && told > of_copy(Fact::local_begun, kept);
    note_newer(first_newer(reason_.value, look.key, source), source);
  }

  // A write that returned before the database had it.
  void tell_unflushed(Place read) {
    const Place source = source_of(read);
    const Place returned = last_before(read, [&](const Record& record) {
      return record.fact == Fact::returned && record.kind == OperationKind::write &&
             record.key == records_[read].key && !(commit_of(value_of(record)) < read);
    });
    if (source == nowhere || returned == nowhere) return;
    reason_.cause = Cause::write_ahead;
    reason_.value = value_of(records_[read]);
    reason_.newer = value_of(records_[returned]);
    reason_.ahead = act(returned);
    reason_.read = reason_.decider = act(source);
  }

  // An entry that counts as deleted, and is served until somebody has loaded it anew.
  bool tell_retired(Key key, Place source) {
    const Place gone = last_before(source, [&](const Record& record) {
      return record.key == key && (took_effect(record) || record.fact == Fact::evicted);
    });
    if (gone == nowhere || !records_[gone].retired) return false;
    reason_.cause = Cause::in_flight;
    reason_.value = value_of(records_[source]);
    reason_.tagged = act(gone);
    reason_.read = reason_.decider = act(source);
    note_newer(first_newer(reason_.value, key, source), source);
    return true;
  }

  // A version that is read, or cached, although it has not committed.
  void tell_ahead() {
    const Place read = last_before(end_, [&](const Record& record) {
      return record.fact == Fact::returned && record.kind == OperationKind::read;
    });
    const bool dirty = reason_.property == Property::dirty_read && read != nowhere;
    const Place target = dirty ? source_of(read) : end_;
    const Place set = last_before(target == nowhere ? end_ : target, [&](const Record& record) {
      return record.fact == Fact::cache_set && (!dirty || record.row.value == records_[read].row.value);
    });
    if (set == nowhere) return;
    reason_.value = value_of(records_[set]);
    reason_.cause = Cause::write_ahead;
    reason_.decider = act(set);
    reason_.entry = act(set);
    if (dirty) reason_.read = act(target);
    note_fault(reason_.value, end_);
  }

  void tell_lost() {
    const Place lost = last_before(end_, [&](const Record& record) {
      return record.fact == Fact::returned && record.kind == OperationKind::write &&
             (commit_of(value_of(record)) == nowhere || is_lost(value_of(record), end_));
    });
    if (lost == nowhere) return;
    reason_.value = value_of(records_[lost]);
    reason_.decider = act(lost);
  }

  // Where MySQL failed over and lost a version that the story is about; of clients' views alone, any.
  void note_failover() {
    const Place failover = last_before(end_, [](const Record& r) { return r.fact == Fact::promoted; });
    if (failover == nowhere) return;
    if (is_lost(reason_.value, end_)) reason_.lost = reason_.value;
    if (reason_.lost == 0 && is_lost(reason_.newer, end_)) reason_.lost = reason_.newer;
    const bool of_views = reason_.cause == Cause::other && reason_.property != Property::deadlock;
    for (Place at = 0; at < failover && reason_.lost == 0 && of_views; ++at) {
      if (records_[at].fact == Fact::committed && is_lost(value_of(records_[at]), end_))
        reason_.lost = value_of(records_[at]);
    }
    if (reason_.lost == 0) return;
    reason_.promoted = act(failover);
    const Place returned = last_before(end_, [&](const Record& record) {
      return record.fact == Fact::returned && record.kind == OperationKind::write &&
             value_of(record) == reason_.lost;
    });
    if (returned != nowhere) reason_.acknowledged = act(returned);
  }

  // A read that a replica answered.
  void tell_lag(Place source) {
    reason_.cause = Cause::replica_lag;
    reason_.value = value_of(records_[source]);
    reason_.decider = act(source);
    reason_.read = reason_.source = act(source);
    note_newer(first_newer(reason_.value, records_[source].key, source), source);
  }

  // An entry that was wrong at `target`: the GET that found it, or the end.
  void tell_entry(const Wrong& wrong, Place target) {
    const Record& opening = records_[wrong.opening];
    reason_.value = wrong.value;
    if (target < end_) reason_.read = act(target);
    if (wrong.set != nowhere) reason_.entry = act(wrong.set);
    const bool is_set = wrong.set != nowhere && records_[wrong.set].fact == Fact::cache_set;
    if (is_set && records_[wrong.set].origin == Origin::fill) note_source(wrong.set);
    const bool by_commit = opening.fact == Fact::committed;
    if (!by_commit) note_landed(wrong);
    std::uint32_t newer = first_newer(wrong.value, opening.key, wrong.opening);
    if (by_commit) newer = value_of(opening);
    if (reason_.landed) newer = models::number_of(reason_.landed->record.for_write);
    note_newer(newer, target);
    reason_.cause = cause_of(wrong, opening.key);
    note_fault(reason_.cause == Cause::write_ahead ? reason_.value : reason_.newer, end_);
    reason_.decider = decider(wrong);
  }

  [[nodiscard]] Act decider(const Wrong& wrong) const {
    switch (reason_.cause) {
      case Cause::replica_lag:
        if (reason_.source) return *reason_.source;
        break;
      case Cause::failed_command:
      case Cause::crash:
      case Cause::lost_message:
        if (reason_.fault) return *reason_.fault;
        break;
      case Cause::no_invalidation:
        if (reason_.read && !reason_.before) return *reason_.read;
        break;
      default:
        break;
    }
    return act(wrong.opening);
  }

  // As verify/ judges it on the witness alone; a command that only comes after it was still on its way.
  [[nodiscard]] Cause cause_of(const Wrong& wrong, Key key) const {
    const Cause cause = judged(wrong, key, end_);
    const bool waits = cause == Cause::no_invalidation || cause == Cause::crash;
    const bool may_come = waits && reason_.property != Property::stuck;
    return may_come && judged(wrong, key, records_.size()) != cause ? Cause::in_flight : cause;
  }

  [[nodiscard]] Cause judged(const Wrong& wrong, Key key, Place end) const {
    const auto cause = judged(wrong, key, end, false);
    return cause ? *cause : judged(wrong, key, end, true).value_or(Cause::other);
  }

  // verify/ numbers operations in the order of their invocations; a witness may hold only some of a run's.
  [[nodiscard]] std::map<std::uint32_t, std::uint32_t> operation_numbers() const {
    std::map<std::uint32_t, std::uint32_t> numbers;
    for (const Record& record : records_) {
      if (record.fact != Fact::invoked) continue;
      numbers.emplace(record.operation, static_cast<std::uint32_t>(numbers.size()));
    }
    return numbers;
  }

  // Every record gets an instant of its own, so that a window can be told by when it opens. Where the entry
  // replaced another wrong one no window opens with it; what made this one wrong is seen if the other is
  // taken away first (`parted`).
  [[nodiscard]] std::optional<Cause> judged(const Wrong& wrong, Key key, Place end, bool parted) const {
    std::vector<Record> stamped;
    const auto instant = [](Place at) { return sim::Time(sim::Duration(static_cast<std::int64_t>(at) + 1)); };
    const auto numbers = operation_numbers();
    for (Place at = 0; at < end; ++at) {
      const auto number = numbers.find(records_[at].operation);
      const bool consumes =
          records_[at].origin == Origin::consumer || records_[at].client == models::no_client;
      if (number == numbers.end() && !consumes) continue;
      if (parted && at == wrong.set) {
        stamped.push_back({.at = instant(at), .key = key, .fact = Fact::cache_deleted});
      }
      stamped.push_back(records_[at]);
      stamped.back().at = instant(at);
      stamped.back().operation = number == numbers.end() ? 0 : number->second;
      const bool sets = stamped.back().fact == Fact::cache_set || stamped.back().fact == Fact::restored;
      if (sets) stamped.back().until = sim::time_never;
    }
    scenarios::Observer observer(setup_);
    verify::Judge judge;
    const auto& verdict = judge.judge(observer.observe(stamped, {.at = instant(end)}));
    const auto window = std::ranges::find_if(verdict.windows, [&](const verify::Window& candidate) {
      return candidate.key == models::index_of(key) && candidate.from == sim::nanos(instant(wrong.opening));
    });
    return window == verdict.windows.end() ? std::nullopt : std::optional(window->cause);
  }

  // Of a newer write than the entry that was set: the last command that the SET came after.
  void note_landed(const Wrong& wrong) {
    const Key key = records_[wrong.opening].key;
    const Place own = commit_of(wrong.value);
    const Place landed = last_before(wrong.opening, [&](const Record& record) {
      if (!took_effect(record) || record.origin == Origin::fill || record.key != key) return false;
      const Place commit = commit_of(models::number_of(record.for_write));
      return commit != nowhere && commit < wrong.opening && (own == nowhere || commit > own) &&
             place_of(record) > commit;
    });
    if (landed != nowhere) reason_.landed = act(landed);
  }

  void note_newer(std::uint32_t newer, Place target) {
    reason_.newer = newer;
    const Place commit = newer == 0 ? nowhere : commit_of(newer);
    if (commit == nowhere) return;
    reason_.commit = act(commit);
    const auto own = [&](const Record& record) { return serves(record, newer); };
    if (const Place before = last_before(commit, own); before != nowhere) reason_.before = act(before);
    const Place next = first_after(target, records_.size(), own);
    if (next != nowhere && reason_.property != Property::stuck) note_next(next, target);
    reason_.returned = last_before(target, [&](const Record& record) {
                         return record.fact == Fact::returned && record.kind == OperationKind::write &&
                                value_of(record) == newer;
                       }) != nowhere;
  }

  void note_next(Place next, Place target) {
    reason_.next = act(next);
    reason_.overdue = last_before(target, [&](const Record& record) {
                        return record.fact == Fact::timed_out && record.command == records_[next].command &&
                               record.for_write == records_[next].for_write;
                      }) != nowhere;
  }

  void note_source(Place set) {
    const Place source = last_before(set, [&](const Record& record) {
      return record.fact == Fact::selected && record.operation == records_[set].operation &&
             record.client == records_[set].client;
    });
    if (source != nowhere) reason_.source = act(source);
  }

  // What befell the write before `end`; after its COMMIT rather than before.
  void note_fault(std::uint32_t write, Place end) {
    const Place invoked = last_before(end, [&](const Record& record) {
      return record.fact == Fact::invoked && record.kind == OperationKind::write && value_of(record) == write;
    });
    if (write == 0 || invoked == nowhere) return;
    const auto is_fault = [&](const Record& record) {
      switch (record.fact) {
        case Fact::command_failed:
          return serves(record, write);
        case Fact::crashed:
          return record.origin == Origin::consumer || record.operation == records_[invoked].operation;
        case Fact::message_lost:
          return value_of(record) == write;
        default:
          return false;
      }
    };
    const Place commit = commit_of(write);
    Place fault = commit == nowhere ? nowhere : first_after(commit, end, is_fault);
    if (fault == nowhere) fault = last_before(end, is_fault);
    if (fault == nowhere) return;
    reason_.fault = act(fault);
    reason_.unanswered = fault + 1 < records_.size() && records_[fault + 1].fact == Fact::timed_out;
  }

  [[nodiscard]] std::optional<Wrong> wrong_at(Key key, Place end) const {
    std::optional<std::uint32_t> cached;
    if (setup_.keys.cached) cached = 0;
    std::uint32_t primary = 0;
    Place set = nowhere;
    Place opening = nowhere;
    for (Place at = 0; at < end; ++at) {
      const Record& record = records_[at];
      if (record.key != key) continue;
      if (record.fact == Fact::committed || record.fact == Fact::rolled_back) {
        primary = value_of(record);
        if (opening == nowhere) opening = at;
      } else if (record.fact == Fact::cache_set || record.fact == Fact::restored) {
        cached = value_of(record);
        set = opening = at;
      } else if (record.fact == Fact::cache_deleted || record.fact == Fact::evicted ||
                 record.fact == Fact::expired) {
        cached.reset();
      } else {
        continue;
      }
      if (!cached || *cached == primary) opening = nowhere;
    }
    if (opening == nowhere) return std::nullopt;
    return Wrong{set, opening, *cached};
  }

  // The GET that hit, or the SELECT, that the read which returns at `at` got its version from.
  [[nodiscard]] Place source_of(Place at) const {
    const Record& read = records_[at];
    return last_before(at, [&](const Record& record) {
      const bool looks = record.fact == Fact::looked_up || record.fact == Fact::local_looked_up;
      const bool got = record.fact == Fact::selected || (looks && !record.missing);
      return got && record.client == read.client && record.operation == read.operation;
    });
  }

  [[nodiscard]] Place previous_read(Key key, Place at) const {
    return last_before(at, [&](const Record& record) {
      return record.fact == Fact::returned && record.kind == OperationKind::read && record.key == key;
    });
  }

  // The version that took the place of `value`, before `end`; 0: none did.
  [[nodiscard]] std::uint32_t first_newer(std::uint32_t value, Key key, Place end) const {
    const Place newer = first_after(commit_of(value), end, [&](const Record& record) {
      return record.fact == Fact::committed && record.key == key;
    });
    return newer == nowhere ? 0 : value_of(records_[newer]);
  }

  [[nodiscard]] Act act(Place at) const {
    const Record& record = records_[at];
    const auto name = names_.find(record.client);
    return {.who = name == names_.end() ? std::string() : name->second,
            .record = record,
            .step = at < end_ ? step_of_[at] : steps_,
            .nth = ordinal(at)};
  }

  [[nodiscard]] std::uint32_t ordinal(Place at) const {
    const Record& record = records_[at];
    if (!is_cache_command(record) || record.origin == Origin::fill) return 0;
    std::uint32_t all = 0;
    std::uint32_t nth = 0;
    for (Place other = 0; other < records_.size(); ++other) {
      if (!serves(records_[other], models::number_of(record.for_write))) continue;
      if (records_[other].command != record.command) continue;
      ++all;
      if (other <= at) ++nth;
    }
    return all > 1 ? nth : 0;
  }

  models::Setup setup_;
  std::size_t steps_;
  ClientNames names_;
  std::vector<std::size_t> step_of_;
  Place end_ = 0;
  Reason reason_;
};

}  // namespace

// A step is named after the client of its last record that has one. (It may end with what another client
// learnt meanwhile; that one has moved before.)
ClientNames client_names(const Witness& witness) {
  ClientNames names;
  for (const WitnessStep& step : witness.steps) {
    const auto mover = std::find_if(step.records.rbegin(), step.records.rend(),
                                    [](const Record& record) { return record.client != models::no_client; });
    if (mover != step.records.rend()) names.try_emplace(mover->client, step.who);
  }
  return names;
}

Reason reason_of(const models::Setup& setup, const Witness& witness, Property property) {
  return Story(setup, witness).tell(property);
}

}  // namespace cacherace::exploration
