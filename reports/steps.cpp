#include "reports/steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/explore_words.hpp"
#include "reports/telling.hpp"

namespace cacherace::reports {
namespace {

std::vector<Column> columns_of(const Telling& telling) {
  std::vector<Column> all = {{telling.timed ? "ms" : ""},
                             {"who", Align::left},
                             {"step", Align::left},
                             {"redis", Align::left},
                             {"mysql", Align::left}};
  if (telling.replicas > 0) all.push_back({telling.replicas == 1 ? "replica" : "replicas", Align::left});
  return all;
}

void add_contents(std::vector<Cell>& row, const Contents& held, const std::string& prefix) {
  row.push_back(
      {prefix + (held.redis.empty() ? "-" : held.redis), held.differs ? Colour::red : Colour::none});
  row.push_back({prefix + held.primary});
  if (!held.replicas.empty()) row.push_back({prefix + fmt::format("{}", fmt::join(held.replicas, " "))});
}

std::string table_of(const Telling& telling, Paint paint) {
  Table table(columns_of(telling));
  const Instants instants(telling);
  for (const TellingLine& line : telling.lines) {
    if (line.kind == LineKind::wrong_from || line.kind == LineKind::right_again) {
      table.add({{}, {}, {line.words, line.kind == LineKind::wrong_from ? Colour::red : Colour::green}});
      continue;
    }
    std::vector<Cell> row = {{instants.text(line.at)}, {line.who}, {line.words}};
    const bool named = telling.many_keys && line.kind == LineKind::step;
    if (line.held && !line.only_queue) add_contents(row, *line.held, named ? line.held->key + "=" : "");
    table.add(std::move(row));
  }
  return table.text(paint);
}

}  // namespace

std::string steps_text(const Played& played, Paint paint) {
  std::string text = paragraph(played.title) + "\n" + table_of(tell(played), paint) + "\n";
  if (played.timed) return text + findings_of(played, paint);
  return text;
}

std::string run_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                      std::uint64_t run, Paint paint) {
  return steps_text(play_run(scenario, strategy, run), paint);
}

std::string violations_text(const exploration::Violations& violations) {
  const std::string text = properties_text(violations);
  return text.empty() ? "Nothing is wrong with it.\n" : fmt::format("It comes to: {}.\n", text);
}

}  // namespace cacherace::reports
