#include "reports/check_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "reports/commands.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using verify::History;
using verify::Operation;
using verify::OperationKind;
using verify::Outcome;
using verify::ViolationKind;

std::string client_of(const History& history, const Operation& operation) {
  return "client " + printable(history.clients.at(operation.client));
}

// The violation of a read of the witness, which says more than the witness as such.
const verify::ReadViolation* telling_violation(const CheckedHistory& checked, const verify::KeyVerdict& key) {
  const auto in_witness = [&key](verify::OperationIndex operation) {
    return std::ranges::find(key.witness, operation) != key.witness.end();
  };
  for (const auto& violation : checked.verdict.violations) {
    if (in_witness(violation.read) && in_witness(violation.against)) return &violation;
  }
  return nullptr;
}

// ", by 3.2 ms" where times are known.
std::string gap_words(const History& history, verify::OperationIndex earlier, verify::OperationIndex later) {
  if (!history.timed) return "";
  const auto end = history.times_of(earlier).end;
  const auto start = history.times_of(later).start;
  return end == verify::never || start <= end ? "" : fmt::format(" ({} before)", duration_text(start - end));
}

std::string why_pair(const History& history, const verify::ReadViolation& violation) {
  const Operation& read = history.operations[violation.read];
  const Operation& against = history.operations[violation.against];
  const std::string old_value = value_words(history, read.value), newer = value_words(history, against.value);
  if (violation.kind == ViolationKind::inversion) {
    return fmt::format("{} read {}, although {} had already read {}, which is newer{}.",
                       client_of(history, read), old_value, client_of(history, against), newer,
                       gap_words(history, violation.against, violation.read));
  }
  return fmt::format("{} read {}, although the write of {}, which is newer, had returned{}.",
                     client_of(history, read), old_value, newer,
                     gap_words(history, violation.against, violation.read));
}

// The read of the witness with that outcome of its value.
const Operation* read_of(const History& history, const verify::KeyVerdict& key) {
  for (const auto at : key.witness) {
    if (history.operations[at].kind == OperationKind::read) return &history.operations[at];
  }
  return nullptr;
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

// Of an append and a later read whose text does not have what was appended: the append.
const Operation* lacking_append(const History& history, const verify::KeyVerdict& key) {
  if (key.witness.size() != 2) return nullptr;
  const Operation& first = history.operations[key.witness[0]];
  const Operation& read = history.operations[key.witness[1]];
  const bool told = first.kind == OperationKind::append && read.kind == OperationKind::read &&
                    first.end <= read.start && std::min(first.value, read.value) >= History::first_text &&
                    read.value != History::nothing;
  if (!told) return nullptr;
  const auto text = [&history](verify::Value v) {
    return std::string_view(history.texts.at(v - History::first_text));
  };
  return text(read.value).find(text(first.value)) == std::string_view::npos ? &first : nullptr;
}

// Of a witness that was searched: what its last operation to return asks for and cannot have.
std::string why_no_order(const History& history, const verify::KeyVerdict& key) {
  const Operation& bad = history.operations[key.first_bad];
  const std::string client = client_of(history, bad);
  const std::string others = key.witness.size() == 1 ? std::string("nothing that may have happened before")
                                                     : std::string("no order of the other operations");
  const std::string_view not_shown = "whether or not operations that are not shown took effect";
  const std::string from = value_words(history, bad.from);
  std::string asked, meanwhile;
  switch (bad.kind) {
    case OperationKind::read:
      if (const Operation* const lacking = lacking_append(history, key)) {
        return capital(fmt::format("{} read {}, which lacks {}, although the append of that had returned.",
                                   client, value_words(history, bad.value),
                                   value_words(history, lacking->value)));
      }
      asked = fmt::format("{} read {}", client, value_words(history, bad.value));
      meanwhile = "makes that the value at any instant of the read";
      break;
    case OperationKind::cas:
      if (bad.outcome == Outcome::fail) {
        return capital(
            fmt::format("{}'s cas found another value than {}, but {} lets the value be anything else "
                        "at any instant of it, {}.",
                        client, from, others, not_shown));
      }
      asked = fmt::format("{}'s cas found {}", client, from);
      meanwhile = "makes that the value at any instant of it";
      break;
    case OperationKind::write:
    case OperationKind::append:
      return capital(fmt::format("{} had returned, but {} lets it take effect before, {}.",
                                 labelled_operation(history, bad), others, not_shown));
  }
  return capital(fmt::format("{}, but {} {}, {}.", asked, others, meanwhile, not_shown));
}

std::string k_words(const verify::VersionsBehind& k) {
  if (!k.high && k.low == 2) return "not every read returned the newest version";
  if (!k.high) return fmt::format("some read is at least {} behind", counted(k.low - 1, "version"));
  if (*k.high == 1) return "every read returned the newest version";
  if (k.low == *k.high) return fmt::format("every read is at most {} behind", counted(k.low - 1, "version"));
  return fmt::format("the worst read is {} to {} behind", k.low - 1, counted(*k.high - 1, "version"));
}

std::string share_words(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{} of {} ({})", count_text(part), count_text(whole),
                     percent_text(static_cast<double>(part) / static_cast<double>(whole)));
}

// How many reads were stale so long after a write: from each power of ten to the next, where there are any;
// at most five, about the last that holds a stale one.
std::string after_write_words(const std::vector<verify::StaleAfter>& points) {
  constexpr std::size_t most = 5;
  std::vector<verify::StaleAfter> decades;
  for (const auto& point : points) {
    verify::Nanos decade = point.from == 0 ? 0 : 1;
    while (decade != 0 && decade * 10 <= point.from) decade *= 10;
    if (decades.empty() || decades.back().from != decade) decades.push_back({decade, 0, 0});
    decades.back().reads += point.reads;
    decades.back().stale += point.stale;
  }
  std::size_t end = decades.size();
  while (end > 1 && decades[end - 1].stale == 0 && decades[end - 2].stale == 0) --end;
  std::string text;
  for (std::size_t i = end - std::min(end, most); i < end; ++i) {
    const auto& [from, reads, stale] = decades[i];
    text += fmt::format("{}from {}: {}", text.empty() ? "" : "; ", duration_text(from),
                        share_words(stale, reads));
  }
  return text;
}

// How many reads were 1, 2, 4 … or more versions behind; at most five.
std::string behind_words(const verify::HistoryVerdict& verdict) {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t told = 0;
  std::uint32_t next = 1;
  for (const auto& point : verdict.behind_by) {
    if (point.versions < next || told == most) continue;
    next = 2 * point.versions;
    text += fmt::format("{}{} or more: {}", ++told == 1 ? "" : "; ", point.versions,
                        share_words(point.reads, verdict.reads));
  }
  return text;
}

std::string session_words(const verify::Sessions& sessions) {
  std::string broken, unknown;
  for (const auto& [name, words, of] : verify::session_guarantees) {
    const verify::Session& session = sessions.*of;
    if (session.holds.value_or(false)) continue;
    std::string& list = session.holds ? broken : unknown;
    list += (list.empty() ? "" : ", ") + std::string(words);
  }
  std::string text = broken.empty() ? "" : "broken: " + broken;
  if (!unknown.empty()) text += (text.empty() ? "not known: " : "; not known: ") + unknown;
  return text.empty() ? "all four hold" : text;
}

}  // namespace

std::vector<const CheckedHistory*> worst_first(const CheckResult& result) {
  std::vector<const CheckedHistory*> order;
  for (const auto& checked : result.histories) order.push_back(&checked);
  std::ranges::stable_sort(order, {}, [](const CheckedHistory* checked) {
    const auto& verdict = checked->verdict;
    const int holds = verdict.linearizable ? (*verdict.linearizable ? 2 : 0) : 1;
    return std::tuple(holds, -verdict.ages.max, -verdict.lags.max);
  });
  return order;
}

std::string file_words(std::string file) {
  constexpr std::size_t longest = 59;
  if (file == "-") return "standard input";
  bool cut = false;
  for (auto slash = file.find('/', 1); display_width(file) > longest - 2 && slash != std::string::npos;
       slash = file.find('/', 1)) {
    file.erase(0, slash);
    cut = true;
  }
  return (cut ? "…" : "") + printable(file);
}

std::string history_title(const CheckedHistory& checked) {
  std::string title = file_words(checked.file);
  if (!checked.history.strategy.empty()) title += ", " + printable(checked.history.strategy);
  if (checked.history.run >= 0) title += fmt::format(", run {}", checked.history.run);
  return title;
}

std::string value_words(const History& history, verify::Value value) {
  if (value == History::nothing) return "nothing";
  if (value < History::first_text) return std::to_string(value);
  const std::string& text = history.texts.at(value - History::first_text);
  if (text.empty()) return "\"\"";
  constexpr std::size_t longest = 30, head = 12, tail = 15;
  if (text.size() <= longest) return printable(text);
  std::size_t end = head, begin = text.size() - tail;
  const auto inside = [&text](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
  };
  while (end > 0 && inside(end)) --end;
  while (begin < text.size() && inside(begin)) ++begin;
  return printable(text.substr(0, end)) + "…" + printable(text.substr(begin));
}

std::string operation_words(const History& history, const Operation& operation) {
  const std::string& name = history.keys.at(operation.key);
  const std::string key = name.empty() ? "" : " " + printable(name);
  const std::string value = value_words(history, operation.value);
  const bool not_known = operation.outcome == Outcome::unknown;
  std::string text;
  switch (operation.kind) {
    case OperationKind::read:
      text = "read" + key + (operation.outcome == Outcome::ok ? " -> " + value : "");
      break;
    case OperationKind::write:
      text = "write" + key + (key.empty() ? " " : " = ") + value;
      break;
    case OperationKind::cas:
      text = "cas" + key + " " + value_words(history, operation.from) + " -> " + value;
      break;
    case OperationKind::append:
      text = "append" + key + (key.empty() ? " " : " + ") + value;
      break;
  }
  if (operation.outcome == Outcome::fail) text += " (failed)";
  return not_known ? text + " (unknown)" : text;
}

std::string labelled_operation(const History& history, const Operation& operation) {
  return client_of(history, operation) + ": " + operation_words(history, operation);
}

std::string why_not(const CheckedHistory& checked, const verify::KeyVerdict& key) {
  const History& history = checked.history;
  const Operation* const read = read_of(history, key);
  const auto says = [&](std::string_view what) {
    return capital(
        fmt::format("{} read {}, {}.", client_of(history, *read), value_words(history, read->value), what));
  };
  if (read != nullptr && key.kind == ViolationKind::unwritten) {
    return says(key.linearizable ? "which nobody wrote"
                                 : "which nobody wrote, unless its write is among the entries left out");
  }
  if (read != nullptr && key.kind == ViolationKind::dirty_read) return says("whose write had failed");
  if (read != nullptr && key.kind == ViolationKind::early_read) {
    return says("and returned before the write of that value was invoked");
  }
  if (const auto* violation = telling_violation(checked, key)) return capital(why_pair(history, *violation));
  if (key.witness.empty()) {
    if (key.first_bad == verify::no_operation) return "No order of its operations explains what was read.";
    return "Up to the operation above some order explains everything; with it, none does.";
  }
  return key.searched
             ? why_no_order(history, key)
             : fmt::format("No order of these operations, {}, lets every read return what was written last.",
                           "each at an instant between its invocation and its return");
}

std::string_view undecided_name(verify::Undecided undecided) {
  switch (undecided) {
    case verify::Undecided::no:
      break;
    case verify::Undecided::steps:
      return "steps";
    case verify::Undecided::memory:
      return "memory";
    case verify::Undecided::stopped:
      return "stopped";
    case verify::Undecided::too_many_open:
      return "too_many_open";
  }
  return "left_out";
}

std::string why_undecided(verify::Undecided undecided) {
  switch (undecided) {
    case verify::Undecided::no:
      break;
    case verify::Undecided::steps:
      return "the search took more steps than it may; values that are written only once need no search";
    case verify::Undecided::memory:
      return "the search needs more memory than it may have; --memory-limit sets it";
    case verify::Undecided::stopped:
      return "it was stopped before the answer; --time-limit says how long it may take";
    case verify::Undecided::too_many_open:
      return "too many operations of one key overlap; values that are written only once need no search";
  }
  return "a read returned what nobody wrote, unless its write is among the entries left out";
}

std::string why_unknown(const CheckedHistory& checked) {
  const auto& verdict = checked.verdict;
  const bool left_out = verdict.undecided == verify::Undecided::no && verdict.worst < verdict.keys.size();
  return left_out ? why_not(checked, verdict.keys[verdict.worst]) : why_undecided(verdict.undecided);
}

std::vector<Measure> measures_of(const CheckedHistory& checked) {
  const auto& verdict = checked.verdict;
  std::vector<Measure> measures;
  const auto add = [&](std::string name, std::string words) {
    measures.push_back({std::move(name), std::move(words)});
  };
  const auto bad = std::ranges::count_if(
      verdict.keys, [](const auto& key) { return key.linearizable && !*key.linearizable; });
  if (verdict.keys.size() > 1) {
    add("keys", fmt::format("{} of {} not linearizable", count_text(static_cast<std::uint64_t>(bad)),
                            count_text(verdict.keys.size())));
  }
  if (verdict.measured != 0) {
    std::string words =
        fmt::format("{} of {}", count_text(verdict.old_reads.size()), counted(verdict.reads, "read"));
    if (verdict.measured < verdict.keys.size()) {
      words +=
          fmt::format(", of {} of {} keys", count_text(verdict.measured), count_text(verdict.keys.size()));
    }
    if (!verdict.old_reads.empty()) {
      if (verdict.ages.count != 0) {
        words += fmt::format("; age p50 {}, p99 {}, most {}", duration_text(verdict.ages.p50),
                             duration_text(verdict.ages.p99), duration_text(verdict.ages.max));
      }
      words += fmt::format("; at most {} behind",
                           counted(static_cast<std::uint64_t>(verdict.lags.max), "version"));
    }
    add("certainly old", words);
    const auto inversions =
        std::ranges::count(verdict.violations, ViolationKind::inversion, &verify::ReadViolation::kind);
    if (!verdict.old_reads.empty()) {
      const auto after = after_write_words(verdict.stale_after);
      if (!after.empty()) add("after a write", after);
      add("behind", behind_words(verdict));
    }
    add("inversions", fmt::format("{} (older than what had been read before)",
                                  count_text(static_cast<std::uint64_t>(inversions))));
  }
  if (verdict.k) add("versions", k_words(*verdict.k));
  if (checked.history.timed && verdict.delta) {
    add("Δ", fmt::format("{}: linearizable, if a read may return what was current so long before",
                         duration_text(*verdict.delta)));
  }
  if (checked.history.timed && verdict.gamma) {
    add("Γ", fmt::format("{}: linearizable, if operations may have lasted so much longer",
                         duration_text(*verdict.gamma)));
  }
  if (verdict.measured != 0) add("sessions", session_words(verdict.sessions));
  return measures;
}

std::string next_step(const CheckedHistory& checked) {
  const auto& verdict = checked.verdict;
  std::string_view option;
  if (verdict.linearizable == false) option = "--svg violation.svg";
  if (!verdict.linearizable && verdict.undecided == verify::Undecided::memory) option = "--memory-limit 8GB";
  if (!verdict.linearizable && verdict.undecided == verify::Undecided::stopped) option = "--time-limit 10min";
  const bool nothing_helps = option.empty() || checked.file == "-";
  return nothing_helps ? "" : fmt::format("cacherace check {} {}", shell_word(checked.file), option);
}

}  // namespace cacherace::reports
