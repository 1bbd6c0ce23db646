#include "reports/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "reports/step_words.hpp"
#include "reports/timeline.hpp"
#include "reports/units.hpp"
#include "verify/judge.hpp"
#include "verify/witness.hpp"

namespace cacherace::reports {
namespace {

using verify::Execution;
using verify::Operation;
using verify::OperationIndex;
using verify::OperationKind;
using verify::Outcome;
using verify::ReadFinding;

constexpr std::size_t shown_max = 5;  // of findings of one kind

class Findings {
 public:
  Findings(const Execution& execution, const ClientNames& name_of, Paint paint)
      : execution_(execution), name_of_(name_of), paint_(paint) {}

  void stuck(const std::vector<verify::StuckKey>& keys) {
    Section section(*this, "STUCK", Colour::red);
    for (const auto& key : keys) {
      const auto healing = key.expires == verify::never
                               ? std::string("without a TTL it stays")
                               : fmt::format("it heals {} later, when the entry expires",
                                             duration_text(key.expires - execution_.quiescence));
      section.add(fmt::format("when all is quiet the cache holds {} of k{}, the database {}; {}",
                              version_text(key.cached), key.key, version_text(key.newest), healing));
    }
  }

  void contradiction(verify::KeyIndex key) {
    text_ += headed("NOT LINEARIZABLE", Colour::red,
                    fmt::format("no order of these operations on k{} explains what they returned:", key));
    std::vector<Bar> bars;
    for (const OperationIndex index : verify::minimal_witness(execution_, key)) bars.push_back(bar_of(index));
    text_ += timeline(bars);
  }

  // One kind of finding about reads.
  template <class Holds, class Describe>
  void about_reads(const std::vector<ReadFinding>& reads, std::string_view word, Holds holds,
                   Describe describe) {
    Section section(*this, word, Colour::yellow);
    for (const auto& finding : reads) {
      if (holds(finding)) section.add(describe(finding));
    }
  }

  void reads(const std::vector<ReadFinding>& all) {
    about_reads(
        all, "STALE", [](const auto& f) { return f.stale_age >= 0; },
        [this](const auto& f) {
          return fmt::format("{}, begun {} after {} had returned", described(f.operation),
                             duration_text(f.stale_age), newer_write(f));
        });
    about_reads(
        all, "INVERSION", [](const auto& f) { return f.inversion; },
        [this](const auto& f) {
          return described(f.operation) + ", older than what an earlier read returned";
        });
    about_reads(
        all, "DIRTY READ", [](const auto& f) { return f.dirty; },
        [this](const auto& f) { return described(f.operation) + ", which had not committed"; });
  }

  void lost(std::uint32_t writes) {
    if (writes == 0) return;
    text_ += headed("LOST WRITE", Colour::red,
                    fmt::format("{} acknowledged and not in the end's order", counted(writes, "write")));
  }

  void nothing(const std::vector<verify::Window>& windows) {
    std::int64_t total = 0;
    for (const auto& window : windows) total += window.to - window.from;
    const auto wrong = total > 0
                           ? fmt::format("; the cache was wrong for {} in all, unseen", duration_text(total))
                           : std::string();
    text_ += headed("CLEAN", Colour::green, "this run violates nothing" + wrong);
  }

  std::string take() { return std::move(text_); }

 private:
  // Lines of one kind; beyond `shown_max` they are counted.
  class Section {
   public:
    Section(Findings& findings, std::string_view word, Colour colour)
        : findings_(findings), word_(word), colour_(colour) {}
    Section(const Section&) = delete;
    Section& operator=(const Section&) = delete;
    ~Section() {
      if (count_ <= shown_max) return;
      findings_.text_ +=
          findings_.headed(word_, colour_, fmt::format("and {} more", count_text(count_ - shown_max)));
    }
    void add(const std::string& line) {
      if (++count_ <= shown_max) findings_.text_ += findings_.headed(word_, colour_, line);
    }

   private:
    Findings& findings_;
    std::string_view word_;
    Colour colour_;
    std::size_t count_ = 0;
  };

  [[nodiscard]] std::string headed(std::string_view word, Colour colour, const std::string& line) const {
    return painted(word, colour, paint_) + "  " + paragraph(line, display_width(word) + 2);
  }

  // "reader's read of k0 returned v0".
  [[nodiscard]] std::string described(OperationIndex index) const {
    const Operation& read = execution_.operations[index];
    return fmt::format("{}'s read of k{} returned {}", name_of_(read.client), read.key,
                       version_text(read.value));
  }

  // The oldest newer write: it returned `stale_age` before the read began.
  [[nodiscard]] std::string newer_write(const ReadFinding& finding) const {
    const Operation& read = execution_.operations[finding.operation];
    const auto found = std::ranges::find_if(execution_.operations, [&](const Operation& write) {
      return write.kind == OperationKind::write && write.outcome == Outcome::ok && write.key == read.key &&
             write.value != read.value && write.end == read.start - finding.stale_age;
    });
    if (found == execution_.operations.end()) return "a newer write";
    return fmt::format("{}'s write of {}", name_of_(found->client), version_text(found->value));
  }

  [[nodiscard]] Bar bar_of(OperationIndex index) const {
    const Operation& operation = execution_.operations[index];
    const auto* const format =
        operation.kind == OperationKind::read ? "{}: read k{} -> {}" : "{}: write k{} = {}";
    return {fmt::format(fmt::runtime(format), name_of_(operation.client), operation.key,
                        version_text(operation.value)),
            operation.start, operation.outcome == Outcome::unknown ? verify::never : operation.end};
  }

  const Execution& execution_;
  const ClientNames& name_of_;
  Paint paint_;
  std::string text_;
};

}  // namespace

std::string findings(const Execution& execution, const verify::Verdict& verdict, const ClientNames& name_of,
                     Paint paint) {
  Findings found(execution, name_of, paint);
  if (!verdict.violates()) {
    found.nothing(verdict.windows);
    return found.take();
  }
  found.stuck(verdict.stuck);
  found.lost(verdict.lost_writes);
  found.reads(verdict.reads);
  if (!verdict.linearizable) found.contradiction(verdict.first_bad_key);
  return found.take();
}

}  // namespace cacherace::reports
