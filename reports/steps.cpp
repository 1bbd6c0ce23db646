#include "reports/steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "exploration/exploration.hpp"
#include "reports/commands.hpp"
#include "reports/findings.hpp"
#include "reports/holdings.hpp"
#include "reports/step_words.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"
#include "scenarios/observation.hpp"
#include "scenarios/simulation.hpp"
#include "verify/judge.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

// Where a state window opens or closes.
struct Mark {
  std::int64_t at;
  bool opens;
  std::string text;
};

std::vector<Mark> marks_of(const std::vector<verify::Window>& windows, bool many_keys) {
  std::vector<Mark> marks;
  for (const auto& window : windows) {
    const auto key = many_keys ? fmt::format("k{} ", window.key) : std::string();
    const auto cause = spaced(verify::cause_names[static_cast<std::size_t>(window.cause)]);
    marks.push_back({window.from, true, fmt::format("--- {}wrong from here: {}", key, cause)});
    if (window.open) continue;
    const auto length = duration_text(window.to - window.from);
    marks.push_back({window.to, false, fmt::format("--- {}right again, after {}", key, length)});
  }
  std::ranges::stable_sort(
      marks, [](const Mark& a, const Mark& b) { return a.at != b.at ? a.at < b.at : a.opens < b.opens; });
  return marks;
}

// Decimals of a millisecond: microseconds do unless they would hide that an instant is later than another.
int decimals_for(const std::vector<Record>& records) {
  constexpr std::int64_t microsecond = 1000;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const auto before = sim::nanos(records[i - 1].at);
    const auto now = sim::nanos(records[i].at);
    if (before != now && before / microsecond == now / microsecond) return 6;
  }
  return 3;
}

// What the first column says: when, or which step of an order without time.
enum class Clock : std::uint8_t { time, steps };

class StepTable {
 public:
  StepTable(const models::Setup& setup, Clock clock, int decimals, std::vector<Mark> marks)
      : setup_(setup),
        clock_(clock),
        decimals_(decimals),
        marks_(std::move(marks)),
        holdings_(setup),
        table_(columns(clock, setup.mysql.replicas)) {
    Holding first = holdings_.of(models::Key(0));
    add(0, "", "at first", held(first, ""));
  }

  void tell(const Record& record, const std::string& client) {
    while (const auto expiry = holdings_.expire_one(record.at)) {
      flush_marks_before(sim::nanos(expiry->at));
      add(sim::nanos(expiry->at), "redis", key_text(expiry->key) + " expires", held_of(expiry->key));
    }
    flush_marks_before(sim::nanos(record.at));
    if (record.fact == Fact::expired) return;
    const bool late = holdings_.of(record.key).primary != models::number_of(record.row.value);
    const auto words = step_words(record, late);
    const bool changed = holdings_.apply(record);
    if (words)
      add(sim::nanos(record.at), client, *words, changed ? held_of(record.key) : std::vector<Cell>());
  }

  std::string finish(Paint paint) {
    flush_marks_before(verify::never);
    return table_.text(paint);
  }

 private:
  static std::vector<Column> columns(Clock clock, std::uint32_t replicas) {
    std::vector<Column> all = {{clock == Clock::time ? "ms" : ""},
                               {"who", Align::left},
                               {"step", Align::left},
                               {"redis", Align::left},
                               {"mysql", Align::left}};
    if (replicas > 0) all.push_back({replicas == 1 ? "replica" : "replicas", Align::left});
    return all;
  }

  static std::vector<Cell> held(const Holding& holding, const std::string& prefix) {
    const bool wrong = holding.cached && *holding.cached != holding.primary;
    std::vector<Cell> cells = {{holding.cached ? prefix + version_text(*holding.cached) : prefix + "-",
                                wrong ? Colour::red : Colour::none},
                               {prefix + version_text(holding.primary)}};
    std::string replicas;
    for (const auto value : holding.replicas) replicas += (replicas.empty() ? "" : " ") + version_text(value);
    if (!replicas.empty()) cells.push_back({prefix + replicas});
    return cells;
  }

  std::vector<Cell> held_of(models::Key key) {
    return held(holdings_.of(key), setup_.keys.count > 1 ? key_text(key) + "=" : "");
  }

  void add(std::int64_t at, const std::string& who, const std::string& step, const std::vector<Cell>& held) {
    constexpr double ns_per_ms = 1e6;
    const std::string when = clock_ == Clock::time
                                 ? fmt::format("{:.{}f}", static_cast<double>(at) / ns_per_ms, decimals_)
                                 : fmt::format("{}", at);
    std::vector<Cell> row = {{when}, {who}, {step}};
    row.insert(row.end(), held.begin(), held.end());
    table_.add(std::move(row));
  }

  void flush_marks_before(std::int64_t instant) {
    for (; next_mark_ < marks_.size() && marks_[next_mark_].at < instant; ++next_mark_) {
      const Mark& mark = marks_[next_mark_];
      table_.add({{}, {}, {mark.text, mark.opens ? Colour::red : Colour::green}});
    }
  }

  const models::Setup& setup_;
  Clock clock_;
  int decimals_;
  std::vector<Mark> marks_;
  std::size_t next_mark_ = 0;
  Holdings holdings_;
  Table table_;
};

std::string who(const Record& record, const scenarios::Simulation& simulation) {
  if (record.client != models::no_client) return printable(simulation.client_name(record.client));
  return std::string(models::store_of(record));
}

std::string steps_text(const scenarios::Scenario& scenario, const scenarios::Simulation& simulation,
                       Clock clock, std::vector<Mark> marks, Paint paint) {
  StepTable table(scenario.setup, clock, decimals_for(simulation.records()), std::move(marks));
  for (const Record& record : simulation.records()) table.tell(record, who(record, simulation));
  return table.finish(paint);
}

// The steps of a run that came to its end, and what was wrong with it.
std::string told_run(const scenarios::Scenario& scenario, const scenarios::Simulation& simulation,
                     const sim::RunEnd& end, Paint paint) {
  scenarios::Observer observer(scenario.setup);
  const verify::Execution& execution = observer.observe(simulation.records(), end);
  verify::Judge judge;
  const verify::Verdict& verdict = judge.judge(execution);
  const auto name = [&](std::uint32_t client) { return printable(simulation.client_name(client)); };
  return "\n" +
         steps_text(scenario, simulation, Clock::time,
                    marks_of(verdict.windows, scenario.setup.keys.count > 1), paint) +
         "\n" + findings(execution, verdict, name, paint);
}

std::string limit_words(const sim::RunEnd& end) {
  const auto* const limit = end.ending == sim::Ending::out_of_time ? "limits.time" : "limits.events";
  return fmt::format("NOT COMPLETE  the run met {} after {}, so it is not judged\n", limit,
                     duration_text(sim::nanos(end.at)));
}

}  // namespace

std::string run_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                      std::uint64_t run, Paint paint) {
  scenarios::Simulation simulation(scenario, strategy);
  const sim::RunEnd end = simulation.run(run, true);
  const std::string text = paragraph(fmt::format("{}: run {} of seed {} under {}", printable(scenario.name),
                                                 run, scenario.seed, strategy_argument(strategy)));
  if (end.ending == sim::Ending::quiescent) return text + told_run(scenario, simulation, end, paint);
  return text + "\n" + steps_text(scenario, simulation, Clock::time, {}, paint) + "\n" + limit_words(end);
}

ToldSchedule schedule_steps(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                            const exploration::Schedule& schedule, Paint paint) {
  const scenarios::Scenario played = schedule.timed ? scenario : exploration::untimed(scenario);
  scenarios::Simulation simulation(played, strategy);
  exploration::Player player(schedule, !played.setup.faults.empty());
  simulation.choose_by(&player);
  const sim::RunEnd end = simulation.run(0, true);
  ToldSchedule told{.trouble = player.trouble()};
  if (!told.trouble.empty()) return told;
  told.violations = exploration::violations_of(played.setup, simulation.records(), end);
  told.text = paragraph(fmt::format("{}: a schedule under {}{}", printable(scenario.name),
                                    strategy_argument(strategy), schedule.timed ? "" : ", untimed"));
  if (schedule.timed) {
    told.text += told_run(played, simulation, end, paint);
  } else {
    told.text += "\n" + steps_text(played, simulation, Clock::steps, {}, paint) + "\n";
  }
  return told;
}

}  // namespace cacherace::reports
