#include "reports/reason_words.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "reports/step_words.hpp"
#include "reports/table.hpp"

namespace cacherace::reports {
namespace {

using exploration::Act;
using exploration::Property;
using exploration::Reason;
using models::Fact;
using verify::Cause;

std::string who(const Act& act) {
  if (act.who.empty() || act.who == models::consumer_name) return "the consumer";
  return printable(act.who);
}

std::string version_of(const Act& act) {
  return version_text(models::number_of(act.record.row.value));
}

// "DEL", "SET of v1", "second DEL".
std::string command_of(const Act& act) {
  constexpr std::array<std::string_view, models::command_count> names = {
      "GET", "SET", "DEL", "SELECT", "UPDATE", "script", "COMMIT", "ROLLBACK", "WAIT"};
  constexpr std::array<std::string_view, 4> ordinals = {"", "first ", "second ", "third "};
  const bool sets = act.record.fact == Fact::cache_set;
  const std::string command(act.record.fact == Fact::committed ? "COMMIT"
                                                               : names[models::index_of(act.record.command)]);
  return fmt::format("{}{}{}", act.nth < ordinals.size() ? ordinals[act.nth] : "", command,
                     sets || act.record.fact == Fact::committed ? " of " + version_of(act) : "");
}

std::string whose(const Act& act) {
  return fmt::format("{}'s {}", who(act), command_of(act));
}

// The same behind a mention of `other`: "its second DEL".
std::string whose_after(const Act& act, const std::optional<Act>& other) {
  return other && who(act) == who(*other) ? "its " + command_of(act) : whose(act);
}

class Sentence {
 public:
  Sentence(const Reason& reason, std::uint32_t replicas)
      : reason_(reason),
        replicas_(replicas),
        value_(version_text(reason.value)),
        newer_(version_text(reason.newer)) {}

  [[nodiscard]] std::string text() const {
    const std::string found = by_property();
    return found.empty() ? fallback_words(reason_) : found;
  }

 private:
  [[nodiscard]] std::string by_property() const {
    if (reason_.property == Property::deadlock) {
      // The fault itself is enough, before any client has moved.
      if (reason_.decider.who.empty()) return "in every order somebody waits for what nobody gives back";
      return fmt::format("after this step of {} no order of what is left comes to an end",
                         who(reason_.decider));
    }
    if (reason_.promoted) return failed_over();
    if (reason_.property == Property::lost_write) {
      return fmt::format("{}'s write of {} had returned, but in the end {} is not in the database",
                         who(reason_.decider), value_, value_);
    }
    if (reason_.ahead) {
      return fmt::format("{}'s write of {} had returned before the database had it, and {} got {}",
                         who(*reason_.ahead), newer_, who(*reason_.read), value_);
    }
    if (reason_.copied) {
      return fmt::format("{} was served {} from its own copy, {}", who(*reason_.copied), value_,
                         reason_.missed ? "which it had kept after it was told that the key had changed"
                                        : "as the word that the key had changed had not arrived");
    }
    if (reason_.tagged) {
      return fmt::format(
          "{} was served {}, which {} had tagged as deleted: it is served until somebody has loaded it anew",
          who(*reason_.read), value_, whose(*reason_.tagged));
    }
    return by_cause();
  }

  [[nodiscard]] std::string failed_over() const {
    const auto lost = version_text(reason_.lost);
    if (reason_.lost == reason_.value && reason_.entry && reason_.property != Property::lost_write) {
      return fmt::format("MySQL failed over and lost {}, which {} put into the cache", lost,
                         reason_.entry->record.command == models::Command::script
                             ? who(*reason_.entry)
                             : fmt::format("{}'s SET", who(*reason_.entry)));
    }
    if (!reason_.acknowledged) return fmt::format("MySQL failed over and lost {}", lost);
    return fmt::format("MySQL failed over and lost {}, although {}'s write of it had returned", lost,
                       who(*reason_.acknowledged));
  }

  [[nodiscard]] std::string by_cause() const {
    switch (reason_.cause) {
      case Cause::late_fill:
        return reason_.entry && reason_.commit ? late_fill() : "";
      case Cause::replica_lag:
        return reason_.source && reason_.commit ? replica_lag() : "";
      case Cause::in_flight:
        return reason_.commit ? in_flight() : "";
      case Cause::no_invalidation:
        return reason_.commit ? no_invalidation() : "";
      case Cause::failed_command:
        return reason_.fault && reason_.commit ? failed_command() : "";
      case Cause::crash:
        return reason_.fault && reason_.commit ? crash() : "";
      case Cause::lost_message:
        return fmt::format("the queue lost the message about {}, so {}", newer_, entry_stays());
      case Cause::reordered:
        return reason_.entry && reason_.commit ? reordered() : "";
      case Cause::write_ahead:
        return reason_.entry ? write_ahead() : "";
      case Cause::lost_by_failover:
        return came_back();
      case Cause::other:
        break;
    }
    return "";
  }

  [[nodiscard]] std::string came_back() const {
    if (!reason_.landed) return fmt::format("Redis came back with {}, which it had held before", value_);
    return fmt::format("Redis came back with {}, which it had held before {}", value_,
                       whose(*reason_.landed));
  }

  [[nodiscard]] std::string late_fill() const {
    if (reason_.landed) {
      return fmt::format("{} landed after {}, because its SELECT was answered before the COMMIT of {}{}",
                         whose(*reason_.entry), whose(*reason_.landed), newer_, still_to_come());
    }
    return fmt::format("{} landed after {}, but its SELECT was answered before that{}", whose(*reason_.entry),
                       whose(*reason_.commit), what_becomes());
  }

  [[nodiscard]] std::string replica_lag() const {
    const Act& select = *reason_.source;
    const auto replica =
        replicas_ > 1 ? fmt::format("replica {}", select.record.replica + 1) : std::string("the replica");
    auto answer = fmt::format("{}'s SELECT was answered with {} by {}, which had not applied {} yet",
                              who(select), value_, replica, newer_);
    if (!reason_.entry) return answer;
    if (reason_.landed) {
      return fmt::format("{}, and its SET landed after {}{}", answer, whose(*reason_.landed),
                         still_to_come());
    }
    return fmt::format("{}, and its SET landed after {}{}", answer, whose(*reason_.commit), what_becomes());
  }

  [[nodiscard]] std::string in_flight() const {
    if (reason_.entry && reason_.decider.step == reason_.entry->step) {
      return fmt::format(
          "{} landed after {}{}", whose(*reason_.entry), whose(*reason_.commit),
          reason_.next ? fmt::format(", and {} is still to come", whose(*reason_.next)) : std::string());
    }
    return fmt::format("{} got {} from the cache after {} and before {}",
                       reason_.read ? who(*reason_.read) : "nobody", value_, whose(*reason_.commit),
                       what_was_awaited());
  }

  [[nodiscard]] std::string what_was_awaited() const {
    if (!reason_.next) return "anything was done about the entry";
    const auto next = whose_after(*reason_.next, reason_.commit);
    if (reason_.overdue) return next + " took effect, for which it had given up waiting";
    return next + (reason_.returned ? ", which the write does not wait for" : "");
  }

  [[nodiscard]] std::string no_invalidation() const {
    const Act& commit = *reason_.commit;
    if (reason_.entry && reason_.before && reason_.before->step < reason_.entry->step) {
      const bool deletes = reason_.before->record.fact == Fact::cache_deleted;
      const auto where =
          deletes ? fmt::format("landed between {} and its COMMIT of {}", whose(*reason_.before), newer_)
                  : fmt::format("replaced {}'s {} before the COMMIT of it", who(*reason_.before), newer_);
      return fmt::format("{} {}, and nothing {} the entry after the COMMIT", whose(*reason_.entry), where,
                         deletes ? "deletes" : "corrects");
    }
    if (reason_.read) {
      const auto since = reason_.returned ? fmt::format("{}'s write of {} had returned", who(commit), newer_)
                                          : whose(commit);
      return fmt::format("{} got {} from the cache after {}: nothing deletes or updates the cached entry",
                         who(*reason_.read), value_, since);
    }
    return fmt::format("{} leaves {} in the cache: nothing deletes or updates the cached entry",
                       whose(commit), value_);
  }

  [[nodiscard]] std::string failed_command() const {
    const Act& fault = *reason_.fault;
    const bool of_database = fault.record.command == models::Command::update;
    if (of_database) {
      return fmt::format("{}'s UPDATE took effect, but {} gave up waiting for the answer, so {}", who(fault),
                         who(fault), entry_stays());
    }
    return fmt::format("{} {}, so {}", whose(fault),
                       reason_.unanswered ? "was never answered and did nothing" : "failed", entry_stays());
  }

  [[nodiscard]] std::string crash() const {
    const Act& fault = *reason_.fault;
    const bool follows = fault.step >= reason_.commit->step;
    if (fault.record.origin == models::Origin::consumer) {
      return fmt::format("{} crashed with {} not dealt with, so {}", who(fault), newer_, entry_stays());
    }
    return fmt::format("{} crashed {} COMMIT of {}, so {}", who(fault), follows ? "after its" : "before the",
                       newer_, entry_stays());
  }

  [[nodiscard]] std::string reordered() const {
    if (reason_.landed) {
      const auto order = reason_.entry->nth > 1
                             ? std::string("because the queue delivered it again")
                             : fmt::format("although {} had committed before {}", value_, newer_);
      return fmt::format("{} landed after {}, {}", whose(*reason_.entry), whose(*reason_.landed), order);
    }
    return fmt::format("{} came last, but {} had already replaced {} in the cache", whose(*reason_.commit),
                       whose(*reason_.entry), newer_);
  }

  [[nodiscard]] std::string write_ahead() const {
    const auto where = reason_.read && reason_.read->record.fact == Fact::looked_up
                           ? fmt::format("; {} got it there", who(*reason_.read))
                           : std::string();
    return fmt::format("{}'s SET put {} into the cache before its COMMIT{}{}", who(*reason_.entry), value_,
                       never_commits(), where);
  }

  [[nodiscard]] std::string never_commits() const {
    if (!reason_.fault) return "";
    if (reason_.fault->record.fact == Fact::crashed) {
      return fmt::format("; {} crashed", who(*reason_.fault));
    }
    if (reason_.fault->record.command != models::Command::update) return "";
    return reason_.unanswered ? "; its UPDATE was never answered" : "; its UPDATE failed";
  }

  // Ends of sentences.

  [[nodiscard]] std::string entry_stays() const {
    return fmt::format("the entry of {} {}", value_, reason_.read ? "was still there" : "stays");
  }

  [[nodiscard]] std::string still_to_come() const {
    return reason_.next ? fmt::format("; {} is still to come", whose(*reason_.next)) : "";
  }

  // Of the newer version's write, none of whose commands came between its COMMIT and the SET.
  [[nodiscard]] std::string what_becomes() const {
    if (reason_.next) return still_to_come();
    if (reason_.fault && reason_.fault->record.fact == Fact::crashed) {
      return fmt::format("; {} crashed", who(*reason_.fault));
    }
    if (reason_.fault && reason_.fault->record.fact == Fact::message_lost) {
      return "; the queue lost the message about it";
    }
    if (reason_.fault) {
      return fmt::format("; {} {}", whose(*reason_.fault),
                         reason_.unanswered ? "was never answered" : "failed");
    }
    return fmt::format("; {} does nothing to the cache after its COMMIT", who(*reason_.commit));
  }

  const Reason& reason_;
  std::uint32_t replicas_;
  std::string value_;
  std::string newer_;
};

}  // namespace

std::string fallback_words(const Reason& reason) {
  return fmt::format("with this step of {} it was decided", who(reason.decider));
}

std::string reason_words(const Reason& reason, std::uint32_t replicas) {
  return Sentence(reason, replicas).text();
}

}  // namespace cacherace::reports
