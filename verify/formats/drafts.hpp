// Histories in the making: what every reader puts its operations into.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "verify/formats/names.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::verify::formats {

// Times lie below this.
inline constexpr Nanos time_bound = Nanos{1} << 62U;

// Options of a reading with the format's own meaning where nothing was said.
struct Meaning {
  Object object = Object::reg;
  NilRead nil_reads = NilRead::initial;
  FailedCas failed_cas = FailedCas::nothing;
  Order order = Order::time;
  std::string initial;
};
Meaning meaning_of(Format format, const ReadOptions& options);

class Draft {
 public:
  Draft(const Meaning& meaning, std::string_view strategy, std::int64_t run);

  KeyIndex key(std::string_view name) { return keys_.number(name, history_.keys); }
  ClientIndex client(std::int64_t number);
  ClientIndex client(std::string_view name) { return clients_.number(name, history_.clients); }

  // A whole number, as it stands in the file.
  Value number(std::int64_t number);
  Value number(std::string_view digits);
  // A text; kept as written.hpp says.
  Value text(std::string_view text);
  // A keyword, a symbol: what cannot be mistaken for a text.
  Value word(std::string_view word);

  // `line`: where the operation stands (or begins) in the file.
  void add(const Operation& operation, std::uint64_t line);
  // There may be so many; memory that is not used costs nothing. (Large pages, by madvise, would cost less to
  // turn over but more to get: a virtual machine whose host has taken them back pays three times as much.)
  void expect(std::size_t operations);
  void add_clock(const ClockSpan& span) { history_.clock.push_back(span); }

  [[nodiscard]] std::size_t size() const { return history_.operations.size(); }
  [[nodiscard]] History& history() { return history_; }
  [[nodiscard]] std::uint64_t line_of(OperationIndex operation) const;

  // Puts the operations in order of invocation and leaves out those that overlap another of their client,
  // which are faults.
  History finish(Faults& faults);

 private:
  struct LineStep {
    OperationIndex operation;
    std::uint64_t line;
  };

  void sort_by_start();
  void drop_overlapping(Faults& faults);

  History history_;
  Names keys_, clients_, texts_;
  std::vector<ClientIndex> small_clients_;   // by number
  std::vector<LineStep> lines_;              // where the line is not that of the operation before plus one
  std::vector<OperationIndex> sorted_from_;  // place as read, by place now; empty: as it is
  std::uint64_t next_line_ = 0;
  Nanos last_start_ = 0;
  bool in_order_ = true;
};

class Drafts {
 public:
  Drafts(const Meaning& meaning, Faults& faults) : meaning_(meaning), faults_(faults) {}

  Draft& of(std::string_view strategy, std::int64_t run);
  std::vector<History> finish();
  // Where all operations so far went into one history: that one.
  [[nodiscard]] Draft* only() const { return drafts_.size() == 1 ? drafts_.front().get() : nullptr; }

 private:
  const Meaning& meaning_;
  Faults& faults_;
  std::vector<std::unique_ptr<Draft>> drafts_;
  std::map<std::pair<std::string, std::int64_t>, std::size_t, std::less<>> places_;
  Draft* last_ = nullptr;
};

}  // namespace cacherace::verify::formats
