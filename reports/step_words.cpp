#include "reports/step_words.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "models/scripts.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::OperationKind;
using models::Origin;
using models::Record;

std::string value_of(const Record& record) {
  return record.no_row ? "no row" : version_text(models::number_of(record.row.value));
}

std::string cache_set_words(const Record& record, bool late) {
  std::string text = fmt::format("{} = {}", command_words(record), value_of(record));
  if (record.origin != Origin::fill) return text;
  return text + (record.outdated ? " (fill with an old row)" : late ? " (late fill)" : " (fill)");
}

std::string selected_words(const Record& record) {
  std::string text = fmt::format("{} -> {}", command_words(record), value_of(record));
  if (record.from_replica) text += fmt::format(" (replica {})", record.replica + 1);
  return text;
}

std::string words_of_operation(const Record& record) {
  const bool is_read = record.kind == OperationKind::read;
  switch (record.fact) {
    case Fact::invoked:
      return is_read ? "read " + key_text(record.key)
                     : fmt::format("write {} = {}", key_text(record.key), value_of(record));
    case Fact::returned:
      return is_read ? "returns " + value_of(record) : "returns";
    case Fact::failed:
      return is_read ? "the read fails" : "the write fails";
    default:
      return is_read ? "the read never returns" : "what became of the write is not known";
  }
}

// What a command was answered whose effect does not tell it.
std::optional<std::string> answer_words(const Record& record) {
  switch (record.command) {
    case models::Command::set: {
      const auto slot = models::slot_names[models::index_of(record.slot)];
      return fmt::format("SET {}:{} NX -> {}", key_text(record.key), slot, record.done ? "taken" : "refused");
    }
    case models::Command::script: {
      const std::string found = record.missing ? "" : " -> " + value_of(record);
      return fmt::format("{}{}{}", command_words(record), found,
                         record.busy     ? ", somebody is at it"
                         : record.done   ? ", done"
                         : found.empty() ? " does nothing"
                                         : "");
    }
    case models::Command::update:
      // One that commits by itself says so at its commit; the answer then has no row.
      if (models::number_of(record.row.value) == 0) return std::nullopt;
      return fmt::format("UPDATE {} = {}, uncommitted", key_text(record.key), value_of(record));
    case models::Command::commit:
      return record.missing ? std::optional<std::string>("COMMIT") : std::nullopt;
    case models::Command::rollback:
      return std::string("ROLLBACK");
    case models::Command::wait:
      return std::string(record.done ? "WAIT -> the replica has it"
                                     : "WAIT -> the replica does not have it yet");
    default:
      return std::nullopt;
  }
}

std::string pause_words(const Record& record, std::string_view verb) {
  return fmt::format("{} {}", verb, duration_text(sim::nanos(record.until - record.at)));
}

std::optional<std::string> words(const Record& record, bool late) {
  switch (record.fact) {
    case Fact::invoked:
    case Fact::returned:
    case Fact::failed:
    case Fact::unknown:
      return words_of_operation(record);
    case Fact::committed:
      return record.command == models::Command::commit
                 ? fmt::format("COMMIT of {} = {}", key_text(record.key), value_of(record))
                 : fmt::format("UPDATE {} = {} commits", key_text(record.key), value_of(record));
    case Fact::cache_set:
      return cache_set_words(record, late);
    case Fact::cache_deleted:
      return command_words(record);
    case Fact::evicted:
      return fmt::format("{} is evicted", key_text(record.key));
    case Fact::restored:
      return fmt::format("{} is {} again", key_text(record.key), value_of(record));
    case Fact::rolled_back:
      return fmt::format("{} is {} again on the primary", key_text(record.key), value_of(record));
    case Fact::promoted:
      return fmt::format("its replica takes over with {} commit{}", record.number,
                         record.number == 1 ? "" : "s");
    case Fact::rebalanced:
      return std::string("gives its partitions to the next consumers, from the last acknowledgements on");
    case Fact::revived:
      return std::string("is replaced; all that was not acknowledged comes again");
    case Fact::row_given_up:
      return fmt::format("waits no longer for the row {}", key_text(record.key));
    case Fact::commit_awaited:
      return std::string("waits until the replica has its session's last commit");
    case Fact::invalidated:
      return fmt::format("learns that {} has changed: its copy is gone", key_text(record.key));
    case Fact::local_set:
      return fmt::format("keeps a copy of {} = {}", key_text(record.key), value_of(record));
    case Fact::local_looked_up:
      return fmt::format("its own copy of {} -> {}", key_text(record.key),
                         record.missing ? "none" : value_of(record));
    case Fact::failed_over:
      return std::string("comes back with what it held before");
    case Fact::killed:
      return std::string("its session at MySQL is killed");
    case Fact::expired:
      return fmt::format("{} expires", key_text(record.key));
    case Fact::looked_up:
      if (record.command == models::Command::script) break;  // told by `answered`
      return fmt::format("GET {} -> {}", key_text(record.key), record.missing ? "miss" : value_of(record));
    case Fact::crashed:
      return "crashes";
    case Fact::message_lost:
      return fmt::format("loses the message about {} = {}", key_text(record.key), value_of(record));
    case Fact::selected:
      return selected_words(record);
    case Fact::unchanged:
      return command_words(record) + " changes nothing";
    case Fact::refused:
      return command_words(record) + " fails";
    case Fact::timed_out:
      return "gives up waiting for " + command_words(record);
    case Fact::slept:
      return pause_words(record, "sleeps");
    case Fact::paused:
      return pause_words(record, "stands still for");
    case Fact::joined:
      return fmt::format("waits for the read of {} that is under way", key_text(record.key));
    case Fact::applied:
      return fmt::format("replica {} applies {} = {}", record.replica + 1, key_text(record.key),
                         value_of(record));
    case Fact::delivered:
      return fmt::format("delivers {} = {}", key_text(record.key), value_of(record));
    case Fact::sent_again:
      return fmt::format("is to deliver {} = {} again", key_text(record.key), value_of(record));
    case Fact::answered:
      return answer_words(record);
    case Fact::flushed:
      return std::string("its commit is in the binlog, and not yet acknowledged");
    case Fact::ended:
      if (record.done) break;
      return std::string("its transaction is undone");
    case Fact::row_awaited:
      return fmt::format("waits for the row {}", key_text(record.key));
    case Fact::awaits_owner:
      return fmt::format("waits to be the owner of {}", key_text(record.key));
    case Fact::slot_erased:
      if (record.client != models::no_client) break;  // told by its command
      return fmt::format("{}:{} expires", key_text(record.key), models::slot_names[index_of(record.slot)]);
    case Fact::unpinned:
      return fmt::format("its pin of {} ends", key_text(record.key));
    case Fact::slot_set:  // told by its command
    case Fact::began:
    case Fact::changed:
    case Fact::snapshot:
    case Fact::row_locked:
    case Fact::entered:
    case Fact::left:
    case Fact::started_over:
    case Fact::pinned:
    case Fact::published:
    case Fact::taken:
    case Fact::dealt_with:
    case Fact::acknowledged:
    case Fact::tracked:
    case Fact::invalidation_sent:
    case Fact::local_begun:
    case Fact::strayed:
    case Fact::to_replicate:
    case Fact::replicated:
    case Fact::snapped:
    case Fact::forked:
    case Fact::command_failed:  // told by `refused` or `timed_out`
    case Fact::announced:
    case Fact::struck:  // told by what it does
    case Fact::spared:
    case Fact::duplicated:  // told when it comes
    case Fact::issued:
    case Fact::replied:
    case Fact::woke:
      break;
  }
  return std::nullopt;
}

}  // namespace

std::string version_text(std::uint32_t value) {
  return fmt::format("v{}", value);
}

std::string key_text(models::Key key) {
  return fmt::format("k{}", models::index_of(key));
}

std::string command_words(const Record& record) {
  constexpr std::array<std::string_view, models::command_count> words = {
      "GET", "SET", "DEL", "SELECT", "UPDATE", "script", "COMMIT", "ROLLBACK", "WAIT after"};
  if (record.script != 0) {
    return fmt::format("{} {}", models::all_scripts()[record.script - 1]->name, key_text(record.key));
  }
  return fmt::format("{} {}", words[models::index_of(record.command)], key_text(record.key));
}

std::optional<std::string> step_words(const Record& record, bool late) {
  auto text = words(record, late);
  if (text && record.background) *text += " (background)";
  return text;
}

}  // namespace cacherace::reports
