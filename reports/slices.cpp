#include "reports/slices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "reports/step_words.hpp"
#include "reports/store_lanes.hpp"
#include "reports/witness_table.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

class Gathering {
 public:
  explicit Gathering(const Played& played)
      : played_(played), lanes_(played.scenario.setup, has_queue(played.strategy)) {}

  Slices gather() {
    Holdings holdings(played_.scenario.setup, lanes_.has_queue());
    for (const Record& record : played_.records) {
      last_ = std::max(last_, sim::nanos(record.at));
      while (const auto expiry = holdings.expire_one(record.at)) {
        all_.effects.push_back({lanes_.redis(), sim::nanos(expiry->at), key_text(expiry->key) + " expires",
                                holdings.contents(expiry->key)});
      }
      const bool late = holdings.is_overtaken(record);
      holdings.apply(record);
      see(record, late, holdings);
    }
    last_ = std::max(last_, sim::nanos(played_.end.at));
    for (Slice& slice : all_.slices) finish(slice, slice.gave_up.value_or(last_));
    return std::move(all_);
  }

 private:
  using Work = std::tuple<std::uint32_t, std::uint32_t, bool, models::Command, models::Key>;
  static Work work_of(const Record& record, bool abandoned) {
    return {record.client, record.operation, record.background || abandoned, record.command, record.key};
  }
  // What its client says of a command does not tell that it was given up on the way: where no such command is
  // open, it is that.
  [[nodiscard]] Work open_work_of(const Record& record) const {
    const Work work = work_of(record, record.abandoned);
    return commands_.contains(work) ? work : work_of(record, true);
  }
  static bool is_beside(const Record& record) { return record.background || record.abandoned; }

  void see(const Record& record, bool late, Holdings& holdings) {
    const auto words = step_words(record, late);
    if (record.client == models::no_client || is_effect(record)) {
      if (words && record.fact != Fact::refused) {
        add_effect(record, *words, holdings);
        return;
      }
    }
    see_client(record, words.value_or(""));
  }

  void add_effect(const Record& record, const std::string& words, Holdings& holdings) {
    Effect effect{lanes_.lane_of(record), sim::nanos(record.at), words, {}};
    const bool of_all_keys = record.fact == Fact::promoted || record.fact == Fact::failed_over;
    if (!of_all_keys) effect.held = holdings.contents(record.key);
    all_.effects.push_back(std::move(effect));
    const auto command = commands_.find(open_work_of(record));
    if (record.client == models::no_client || command == commands_.end()) return;
    Slice& slice = all_.slices[command->second];
    if (!slice.arrives) slice.arrives = all_.effects.size() - 1;
    slice.answer = slice.gave_up ? slice.answer + ", then: " + words : words;
    if (!slice.gave_up) return;
    finish(slice, sim::nanos(record.at));
    commands_.erase(command);
  }

  void see_client(const Record& record, const std::string& words) {
    const auto at = sim::nanos(record.at);
    const auto place = std::pair(record.client, is_beside(record));
    switch (record.fact) {
      case Fact::invoked:
        operations_[record.operation] = open(record, words, 0);
        return;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        end_commands(record);
        close(operations_, record.operation, at, words);
        return;
      case Fact::taken:
        handled_[record.client] =
            open(record, fmt::format("handles {} = {}", key_text(record.key), version(record)), 0);
        return;
      case Fact::dealt_with:
        close(handled_, record.client, at, "");
        return;
      case Fact::issued:
        begin_command(record);
        return;
      case Fact::timed_out:
        give_up(record, words);
        return;
      case Fact::refused:
      case Fact::replied:
        close(commands_, open_work_of(record), at, record.fact == Fact::replied ? "" : words);
        return;
      case Fact::slept:
      case Fact::paused:
        sleeps_[place] = open(record, words, 1);
        return;
      case Fact::woke:
        close(sleeps_, place, at, "");
        return;
      default:
        if (!words.empty() && record.client != models::no_client) {
          finish(all_.slices[open(record, words, 1)], at);
        }
    }
  }

  // One that was given up before, and took no effect so far, is lost sight of.
  void begin_command(const Record& record) {
    const Work work = work_of(record, record.abandoned);
    if (const auto before = commands_.find(work); before != commands_.end()) {
      Slice& slice = all_.slices[before->second];
      finish(slice, slice.gave_up.value_or(last_));
    }
    commands_[work] = open(record, command_words(record), 1);
  }

  // It lasts until its effect, where that comes later.
  void give_up(const Record& record, const std::string& words) {
    const auto found = commands_.find(open_work_of(record));
    if (found == commands_.end()) return;
    Slice& slice = all_.slices[found->second];
    slice.gave_up = sim::nanos(record.at);
    slice.answer = slice.arrives ? slice.answer + ", but " + words : words;
    if (!slice.arrives) return;
    finish(slice, sim::nanos(record.at));
    commands_.erase(found);
  }

  static std::string version(const Record& record) {
    return version_text(models::number_of(record.row.value));
  }

  std::size_t open(const Record& record, std::string name, int depth) {
    all_.slices.push_back({.client = record.client,
                           .beside = is_beside(record),
                           .name = std::move(name),
                           .start = sim::nanos(record.at),
                           .depth = depth});
    return all_.slices.size() - 1;
  }

  template <class Key>
  void close(std::map<Key, std::size_t>& all, const Key& key, std::int64_t at, const std::string& answer) {
    const auto found = all.find(key);
    if (found == all.end()) return;
    if (!answer.empty()) all_.slices[found->second].answer = answer;
    finish(all_.slices[found->second], at);
    all.erase(found);
  }

  static void finish(Slice& slice, std::int64_t at) {
    if (!slice.end) slice.end = at;
  }

  // Of an operation that is over, by a crash too: nobody waits for them.
  void end_commands(const Record& record) {
    std::erase_if(commands_, [&](const auto& each) {
      const bool is_its = std::get<0>(each.first) == record.client &&
                          std::get<1>(each.first) == record.operation && !std::get<2>(each.first);
      if (is_its) finish(all_.slices[each.second], sim::nanos(record.at));
      return is_its;
    });
  }

  const Played& played_;
  StoreLanes lanes_;
  Slices all_;
  std::int64_t last_ = 0;
  std::map<std::uint32_t, std::size_t> operations_, handled_;
  std::map<Work, std::size_t> commands_;
  std::map<std::pair<std::uint32_t, bool>, std::size_t> sleeps_;
};

}  // namespace

Slices slices_of(const Played& played) {
  return Gathering(played).gather();
}

}  // namespace cacherace::reports
