#include "reports/witness_table.hpp"

#include <algorithm>
#include <vector>

#include "exploration/past.hpp"
#include "reports/explore_words.hpp"
#include "reports/holdings.hpp"
#include "reports/step_words.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using models::Fact;
using models::Key;
using models::Record;

constexpr std::size_t witness_width = 110;
constexpr std::size_t told_width_min = 30;
constexpr std::size_t gap = 2;

models::Setup setup_of(const models::Setup& setup, bool timed) {
  models::Setup changed = setup;
  if (!timed) changed.redis.ttl.reset();  // where any step may take any time, nothing expires
  return changed;
}

// What the stores and the queue hold, step after step.
class Stores {
 public:
  Stores(const models::Setup& setup, bool has_queue, bool timed)
      : setup_(setup_of(setup, timed)), holdings_(setup_, false), has_queue_(has_queue), timed_(timed) {}
  Stores(const Stores&) = delete;
  Stores& operator=(const Stores&) = delete;

  [[nodiscard]] std::vector<Column> columns() const {
    std::vector<Column> all = {{"redis", Align::left}, {"mysql", Align::left}};
    const auto replicas = setup_.mysql.replicas;
    if (replicas > 0) all.push_back({replicas == 1 ? "replica" : "replicas", Align::left});
    if (has_queue_) all.push_back({"queue", Align::left});
    return all;
  }

  void apply(const WitnessStep& step) {
    for (const Record& record : step.records) {
      while (timed_ && holdings_.expire_one(record.at)) {
      }
      holdings_.apply(record);
      apply_to_queue(record);
      if (record.fact != Fact::slept && record.fact != Fact::woke) key_ = record.key;
    }
  }

  // Of the key that the step was about, and the whole queue.
  [[nodiscard]] std::vector<Cell> cells() {
    const Holding& holding = holdings_.of(key_);
    const bool wrong = holding.cached && *holding.cached != holding.primary;
    const std::string prefix = prefix_of(key_);
    const std::string cached = holding.cached ? version_text(*holding.cached) : "-";
    std::vector<Cell> all = {{prefix + cached + (wrong ? " !" : ""), wrong ? Colour::red : Colour::none},
                             {prefix + version_text(holding.primary)}};
    if (!holding.replicas.empty()) all.push_back({prefix + listed(holding.replicas)});
    if (has_queue_) all.push_back({queued()});
    return all;
  }

 private:
  [[nodiscard]] std::string prefix_of(Key key) const {
    return setup_.keys.count > 1 ? key_text(key) + "=" : "";
  }

  static std::string listed(const std::vector<std::uint32_t>& values) {
    std::string text;
    for (const auto value : values) text += (text.empty() ? "" : " ") + version_text(value);
    return text;
  }

  [[nodiscard]] std::string queued() const {
    std::string text;
    for (const Record& message : queue_) {
      text += text.empty() ? "" : " ";
      text += prefix_of(message.key) + version_text(models::number_of(message.row.value));
    }
    return text.empty() ? "-" : text;
  }

  void apply_to_queue(const Record& record) {
    if (record.fact == Fact::published || record.fact == Fact::sent_again) queue_.push_back(record);
    if (record.fact != Fact::delivered) return;
    const auto gone = std::ranges::find_if(queue_, [&](const Record& message) {
      return message.key == record.key && message.row == record.row;
    });
    if (gone != queue_.end()) queue_.erase(gone);
  }

  models::Setup setup_;
  Holdings holdings_;
  bool has_queue_;
  bool timed_;
  std::vector<Record> queue_;  // the messages that it holds
  Key key_{0};
};

std::string told(const WitnessStep& step, const ClientNames& names) {
  const StepWords words = words_of(step, names);
  std::string text = words.begins;
  for (const auto* more : {&words.does, &words.ends}) {
    if (!text.empty() && !more->empty()) text += "; ";
    text += *more;
  }
  return printable(step.who) + ": " + text;
}

// The width of a column that holds `cells` at `index` of each row.
std::size_t width_of(const Column& column, const std::vector<std::vector<Cell>>& rows, std::size_t index) {
  std::size_t width = display_width(column.heading);
  for (const auto& row : rows) width = std::max(width, display_width(row[index].text));
  return width;
}

// Puts the lines of one step into the table: the stores stand beside the first.
void add_step(Table& table, const std::vector<Cell>& first, const std::vector<std::string>& lines,
              Colour colour, const std::vector<Cell>& stores) {
  const std::vector<Cell> blank(first.size());
  for (std::size_t line = 0; line < lines.size(); ++line) {
    std::vector<Cell> row = line == 0 ? first : blank;
    row.push_back({(line == 0 ? "" : "  ") + lines[line], colour});
    if (line == 0) row.insert(row.end(), stores.begin(), stores.end());
    table.add(std::move(row));
  }
}

}  // namespace

std::string witness_table(const models::Setup& setup, bool has_queue, const Witness& witness,
                          const Reason& reason, Paint paint) {
  Stores stores(setup, has_queue, witness.timed);
  const ClientNames names = client_names(witness);
  std::vector<std::vector<Cell>> heads;
  std::vector<std::vector<Cell>> held;
  for (const WitnessStep& step : witness.steps) {
    const bool decides = heads.size() == reason.decider.step;
    stores.apply(step);
    held.push_back(stores.cells());
    heads.push_back(
        {{(decides ? ">> " : "") + count_text(heads.size() + 1), decides ? Colour::red : Colour::none}});
    if (witness.timed) heads.back().push_back({duration_text(sim::nanos(exploration::instant_of(step)))});
  }

  std::vector<Column> columns = {{"#"}};
  if (witness.timed) columns.push_back({"time"});
  std::size_t others = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) others += width_of(columns[i], heads, i) + gap;
  const auto store_columns = stores.columns();
  for (std::size_t i = 0; i < store_columns.size(); ++i) others += width_of(store_columns[i], held, i) + gap;
  columns.push_back({"clients", Align::left});
  columns.insert(columns.end(), store_columns.begin(), store_columns.end());

  Table table(std::move(columns));
  const std::size_t left = witness_width - std::min(witness_width, others);
  const std::size_t width = std::max(left, told_width_min) - gap;  // of which the indent is part
  for (std::size_t i = 0; i < heads.size(); ++i) {
    const Colour colour = i == reason.decider.step ? Colour::red : Colour::none;
    add_step(table, heads[i], wrapped(told(witness.steps[i], names), width), colour, held[i]);
  }
  return table.text(paint, witness_width);
}

bool has_queue(const scenarios::StrategyChoice& strategy) {
  return strategy.info->make(strategy.parameters)->service().consumers > 0;
}

}  // namespace cacherace::reports
