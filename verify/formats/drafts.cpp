#include "verify/formats/drafts.hpp"

#include <algorithm>
#include <numeric>

#include "verify/formats/whole_number.hpp"
#include "verify/formats/written.hpp"

namespace cacherace::verify::formats {
namespace {

// What the place of a text means as a value; `nothing` keeps the last one to itself.
Value place_of_text(std::uint32_t number) {
  return History::first_text + std::min(number, History::nothing - History::first_text - 1);
}

}  // namespace

Meaning meaning_of(Format format, const ReadOptions& options) {
  Meaning meaning;
  switch (format) {
    case Format::json_lines:
    case Format::csv:
      meaning.initial = "0";
      meaning.nil_reads = options.initial ? NilRead::absent : NilRead::initial;
      break;
    case Format::edn:
      meaning.initial = "0";
      meaning.nil_reads = NilRead::wildcard;
      meaning.order = Order::index;
      break;
    case Format::jepsen_log:
      meaning.initial = "nil";
      meaning.nil_reads = NilRead::absent;
      meaning.failed_cas = FailedCas::mismatch;
      meaning.order = Order::index;
      break;
    case Format::porcupine:
      meaning.object = Object::text;
      meaning.order = Order::index;
      break;
  }
  meaning.nil_reads = options.nil_reads.value_or(meaning.nil_reads);
  meaning.failed_cas = options.failed_cas.value_or(meaning.failed_cas);
  meaning.order = options.order.value_or(meaning.order);
  meaning.initial = options.initial.value_or(meaning.initial);
  return meaning;
}

Draft::Draft(const Meaning& meaning, std::string_view strategy, std::int64_t run) {
  history_.object = meaning.object;
  history_.nil_reads = meaning.nil_reads;
  history_.failed_cas = meaning.failed_cas;
  history_.strategy = strategy;
  history_.run = run;
  if (is_nothing(meaning.initial)) {
    history_.initial = History::nothing;
  } else if (meaning.object == Object::reg && whole_number(meaning.initial).is_one) {
    history_.initial = number(meaning.initial);
  } else {
    history_.initial = word(meaning.initial);
  }
}

ClientIndex Draft::client(std::int64_t number) {
  constexpr std::int64_t small_max = 1 << 16;
  constexpr ClientIndex none = UINT32_MAX;
  if (number < 0 || number >= small_max) return client(std::to_string(number));
  const auto place = static_cast<std::size_t>(number);
  if (place >= small_clients_.size()) small_clients_.resize(place + 1, none);
  if (small_clients_[place] == none) small_clients_[place] = client(std::to_string(number));
  return small_clients_[place];
}

Value Draft::number(std::int64_t number) {
  if (number >= 0 && number < static_cast<std::int64_t>(History::first_text)) {
    return static_cast<Value>(number);
  }
  return word(std::to_string(number));
}

Value Draft::number(std::string_view digits) {
  const WholeNumber whole = whole_number(digits);
  return whole.fits ? number(whole.value) : word(digits);
}

Value Draft::text(std::string_view text) {
  return word(kept_text(history_.object, text));
}

Value Draft::word(std::string_view word) {
  return place_of_text(texts_.number(word, history_.texts));
}

void Draft::expect(std::size_t operations) {
  history_.operations.reserve(operations);
}

void Draft::add(const Operation& operation, std::uint64_t line) {
  if (line != next_line_ || history_.operations.empty()) {
    lines_.push_back({static_cast<OperationIndex>(history_.operations.size()), line});
  }
  next_line_ = line + 1;
  in_order_ = in_order_ && operation.start >= last_start_;
  last_start_ = operation.start;
  history_.operations.push_back(operation);
}

std::uint64_t Draft::line_of(OperationIndex operation) const {
  if (!sorted_from_.empty()) operation = sorted_from_[operation];
  const auto behind = std::ranges::upper_bound(lines_, operation, {}, &LineStep::operation);
  const auto& step = *(behind - 1);
  return step.line + (operation - step.operation);
}

void Draft::sort_by_start() {
  auto& operations = history_.operations;
  sorted_from_.resize(operations.size());
  std::iota(sorted_from_.begin(), sorted_from_.end(), OperationIndex{0});
  std::ranges::stable_sort(sorted_from_, {}, [&](OperationIndex i) { return operations[i].start; });
  // In place, one cycle of the permutation after another; a place that is done maps to itself.
  auto from = sorted_from_;
  for (OperationIndex first = 0; first < from.size(); ++first) {
    OperationIndex at = first;
    while (from[at] != first) {
      const OperationIndex next = from[at];
      std::swap(operations[at], operations[next]);
      if (!history_.clock.empty()) std::swap(history_.clock[at], history_.clock[next]);
      from[at] = at;
      at = next;
    }
    from[at] = at;
  }
}

void Draft::drop_overlapping(Faults& faults) {
  struct Last {
    Nanos end = -1;
    OperationIndex operation = 0;
  };
  std::vector<Last> last(history_.clients.size());
  auto& operations = history_.operations;
  std::vector<OperationIndex> bad;
  for (OperationIndex i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    Last& before = last[operation.client];
    if (operation.start < before.end) {
      faults.add(line_of(i), 1,
                 "client " + history_.clients[operation.client] + " begins an operation at " +
                     std::to_string(operation.start) + ", while that of line " +
                     std::to_string(line_of(before.operation)) + " lasts until " +
                     std::to_string(before.end) + "; expected one operation of a client at a time");
      bad.push_back(i);
    } else if (operation.outcome == Outcome::ok) {
      before = {operation.end, i};
    }
  }
  if (bad.empty()) return;
  const auto keep = [&bad](auto& list) {
    std::size_t next_bad = 0, to = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (next_bad < bad.size() && bad[next_bad] == i) {
        ++next_bad;
      } else {
        list[to++] = list[i];
      }
    }
    list.resize(to);
  };
  keep(operations);
  if (!history_.clock.empty()) keep(history_.clock);
}

History Draft::finish(Faults& faults) {
  if (!in_order_) sort_by_start();
  drop_overlapping(faults);
  sorted_from_ = {};
  return std::move(history_);
}

Draft& Drafts::of(std::string_view strategy, std::int64_t run) {
  if (last_ != nullptr && last_->history().run == run && last_->history().strategy == strategy) {
    return *last_;
  }
  const auto [place, added] = places_.try_emplace({std::string(strategy), run}, drafts_.size());
  if (added) drafts_.push_back(std::make_unique<Draft>(meaning_, strategy, run));
  return *(last_ = drafts_[place->second].get());
}

std::vector<History> Drafts::finish() {
  std::vector<History> histories;
  histories.reserve(drafts_.size());
  for (auto& draft : drafts_) {
    histories.push_back(draft->finish(faults_));
    draft.reset();
  }
  drafts_.clear();
  places_.clear();
  last_ = nullptr;
  return histories;
}

}  // namespace cacherace::verify::formats
