#include "reports/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "exploration/reason.hpp"
#include "reports/draw_words.hpp"
#include "reports/json_parts.hpp"
#include "reports/markdown.hpp"
#include "reports/reason_words.hpp"
#include "reports/units.hpp"
#include "reports/witness_json.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;

// Columns of faults that fit beside the names of strategies.
constexpr std::size_t faults_beside = 7;
// So many violations are told below the table.
constexpr std::size_t told_max = 3;

std::string_view short_name(Property property) {
  switch (property) {
    case Property::stale_read:
      return "stale";
    case Property::inversion:
      return "inversion";
    case Property::dirty_read:
      return "dirty";
    case Property::nonlinearizable:
      return "not lin.";
    case Property::lost_write:
      return "lost";
    case Property::deadlock:
      return "hangs";
    default:
      return "stuck";
  }
}

Colour colour_of(const MatrixCell& cell) {
  switch (cell.verdict) {
    case CellVerdict::safe:
    case CellVerdict::unmet:
      return Colour::green;
    case CellVerdict::not_applicable:
      return Colour::none;
    case CellVerdict::unknown:
    case CellVerdict::transient:
      return Colour::yellow;
    default:
      return Colour::red;
  }
}

// A heading in two lines, broken at its first space.
std::string heading(std::string name) {
  const auto space = name.find(' ');
  if (space != std::string::npos) name[space] = '\n';
  return name;
}

std::string start_of(const CellWitness& witness) {
  return witness.scenario.setup.keys.cached ? "cached" : "cold";
}

std::string bounds_text(const MatrixResult& result) {
  return fmt::format("{}: {}, one operation each; every untimed order, from a cold and from a cached start",
                     printable(result.scenario), result.clients);
}

// Of a cell whose orders were not all explored, runs say more.
bool has_note(const MatrixFault& fault, const MatrixCell& cell) {
  return cell.sampled.has_value() && !fault.by_time;
}

std::string marked_text(const MatrixFault& fault, const MatrixCell& cell) {
  return cell_text(cell) + (has_note(fault, cell) ? " *" : "");
}

// Of a fault that only runs have.
bool is_share(const MatrixCell& cell) {
  return cell.sampled && !cell.witness && cell.verdict != CellVerdict::unknown;
}

template <CellVerdict verdict>
bool found(const MatrixFault&, const MatrixCell& cell) {
  return cell.verdict == verdict && !is_share(cell);
}

struct Mark {
  std::string_view text, meaning;
  bool (*is_in)(const MatrixFault&, const MatrixCell&);
};
// How to read a cell.
constexpr std::array legend = {
    Mark{"safe", "nothing goes wrong, in any order", found<CellVerdict::safe>},
    Mark{"stuck N", "the cache stays wrong; the shortest way to that takes N steps",
         found<CellVerdict::stuck>},
    Mark{"lost N", "an acknowledged write is lost, after N steps", found<CellVerdict::lost_write>},
    Mark{
        "hangs N",
        "somebody waits for a lock or a lease that nobody gives back (its TTL ends that, which no order here "
        "waits for); without a number: in every order",
        found<CellVerdict::hangs>},
    Mark{"stale N",
         "a read is wrong after N steps, and the cache is right in the end; also: inversion, dirty, not lin. "
         "(not "
         "linearizable)",
         found<CellVerdict::transient>},
    Mark{"-", "the strategy cannot meet the fault", found<CellVerdict::not_applicable>},
    Mark{"?", "not all orders were explored; none of those that were was wrong", found<CellVerdict::unknown>},
    Mark{"*", "not all orders were explored, so there may be worse, or a shorter way: see below", has_note},
    Mark{"stuck 45 % (2 %)",
         "of a fault that is about instants: in so many of the runs by the scenario's own latencies, where "
         "clients "
         "and faults begin within 50 ms; in brackets, the same runs without the fault",
         [](const MatrixFault&, const MatrixCell& cell) {
           return is_share(cell) && cell.verdict != CellVerdict::unmet;
         }},
    Mark{"none in 10,000", "no such run went wrong, which proves nothing",
         [](const MatrixFault&, const MatrixCell& cell) { return cell.verdict == CellVerdict::unmet; }}};

std::vector<Mark> marks_in(const MatrixResult& result) {
  std::vector<Mark> marks;
  for (const Mark& mark : legend) {
    const bool is_in = std::ranges::any_of(result.rows, [&](const MatrixRow& row) {
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        if (mark.is_in(result.faults[i], row.cells[i])) return true;
      }
      return false;
    });
    if (is_in) marks.push_back(mark);
  }
  return marks;
}

std::string legend_text(const MatrixResult& result) {
  const auto marks = marks_in(result);
  std::size_t width = 0;
  for (const Mark& mark : marks) width = std::max(width, mark.text.size());
  std::string text;
  for (const Mark& mark : marks) {
    text += fmt::format("  {:<{}}  {}", mark.text, width, paragraph(std::string(mark.meaning), width + 4));
  }
  return text;
}

std::string legend_markdown(const MatrixResult& result) {
  std::string text;
  for (const Mark& mark : marks_in(result)) {
    text += fmt::format("- `{}`: {}\n", mark.text, markdown_text(mark.meaning));
  }
  return text;
}

// How to see what is behind a cell, with the first one where something is wrong as the example.
std::string way_markdown(const MatrixResult& result, const Source& source) {
  for (const MatrixRow& row : result.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].witness) continue;
      const auto command = cell_command(row, result.faults[i], source);
      return "What happens in a cell, step by step, and the same to go through one by one; for "
             "instance:\n\n" +
             fenced(fmt::format("{}\n{} --record way.json\ncacherace replay way.json --step\n", command,
                                command)) +
             "\n";
    }
  }
  return "";
}

struct Told {
  const MatrixRow* row;
  const MatrixFault* fault;
  const MatrixCell* cell;
};

std::vector<Told> violations(const MatrixResult& result) {
  std::vector<Told> all;
  for (const MatrixRow& row : result.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].witness) all.push_back({&row, &result.faults[i], &row.cells[i]});
    }
  }
  return all;
}

std::string told_text(const Told& told, Paint paint) {
  return fmt::format("\n{}, {}: {} ({} start)\n", strategy_argument(told.row->strategy), told.fault->name,
                     cell_text(*told.cell), start_of(*told.cell->witness)) +
         cell_way(*told.row, *told.cell, paint);
}

std::string block(const MatrixResult& result, std::size_t first, Paint paint) {
  const std::size_t last = std::min(first + faults_beside, result.faults.size());
  std::vector<Column> columns = {{"strategy", Align::left}};
  for (std::size_t i = first; i < last; ++i) columns.push_back({heading(result.faults[i].name), Align::left});
  Table table(std::move(columns));
  for (const MatrixRow& row : result.rows) {
    std::vector<Cell> cells = {{strategy_argument(row.strategy)}};
    for (std::size_t i = first; i < last; ++i)
      cells.push_back({marked_text(result.faults[i], row.cells[i]), colour_of(row.cells[i])});
    table.add(std::move(cells));
  }
  return table.text(paint);
}

std::string sampled_text(const MatrixResult& result) {
  std::string text;
  for (const MatrixRow& row : result.rows) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto& sampled = row.cells[i].sampled;
      if (!has_note(result.faults[i], row.cells[i])) continue;
      text += fmt::format("* {}, {}: of {} runs by the scenario's latencies {} not linearizable, {} stuck\n",
                          strategy_argument(row.strategy), result.faults[i].name, count_text(sampled->runs),
                          count_text(sampled->violating_runs), count_text(sampled->stuck_runs));
    }
  }
  return text;
}

std::string json_name(CellVerdict verdict) {
  std::string name(cell_verdict_names[static_cast<std::size_t>(verdict)]);
  std::ranges::replace(name, ' ', '_');
  return name;
}

Json json_of(const scenarios::Estimate& estimate) {
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  return {{"estimate", number(estimate.estimate)},
          {"low", number(estimate.low)},
          {"high", number(estimate.high)},
          {"confidence", scenarios::confidence},
          {"method", estimate.method}};
}

Json json_of_form(const std::vector<models::Fault>& form) {
  Json faults = Json::array();
  for (const models::Fault& fault : form) faults.push_back(json_of_fault(fault));
  return faults;
}

Json json_of_first_violation(const scenarios::StrategyResult& runs) {
  if (!runs.first_violation) return nullptr;
  return {{"run", runs.first_violation->run}, {"kind", runs.first_violation->kind}};
}

Json json_of(const MatrixRow& row, const MatrixFault& fault, const MatrixCell& cell, const Source& source) {
  Json object = {{"fault", fault.name},       {"verdict", json_name(cell.verdict)},
                 {"complete", cell.complete}, {"states", cell.states},
                 {"property", Json()},        {"length", Json()}};
  if (cell.witness || (cell.sampled && cell.sampled->first_violation)) {
    object["command"] = cell_command(row, fault, source);
  }
  if (cell.witness) {
    const CellWitness& found = *cell.witness;
    object["property"] = property_names[index_of(found.property)];
    object["length"] = found.witness.steps.size();
    object["start"] = start_of(found);
    object["faults"] = json_of_form(found.scenario.setup.faults);
    object["witness"] = json_of_witness(found.scenario, found.witness, found.property);
  }
  if (cell.sampled) {
    object["sampled"] = {{"runs", cell.sampled->runs},
                         {"start", cell.sampled_scenario->setup.keys.cached ? "cached" : "cold"},
                         {"faults", json_of_form(cell.sampled_scenario->setup.faults)},
                         {"linearizability", json_of(cell.sampled->linearizability)},
                         {"stuck", json_of(cell.sampled->stuck)},
                         {"first_violation", json_of_first_violation(*cell.sampled)}};
  }
  if (cell.without) {
    object["without_fault"] = {{"linearizability", json_of(cell.without->linearizability)},
                               {"stuck", json_of(cell.without->stuck)}};
  }
  return object;
}

}  // namespace

// Of the runs that had one; in brackets, of those without the fault.
std::string share_text(const MatrixCell& cell) {
  const auto share = [](const scenarios::StrategyResult& runs, std::uint64_t count) {
    return percent_text(static_cast<double>(count) /
                        static_cast<double>(std::max<std::uint64_t>(runs.runs, 1)));
  };
  const auto both = [&](const char* what, std::uint64_t scenarios::StrategyResult::*count) {
    std::string text = fmt::format("{} {}", what, share(*cell.sampled, (*cell.sampled).*count));
    if (cell.without) text += fmt::format(" ({})", share(*cell.without, (*cell.without).*count));
    return text;
  };
  switch (cell.verdict) {
    case CellVerdict::stuck:
      return both("stuck", &scenarios::StrategyResult::stuck_runs);
    case CellVerdict::lost_write:
      return "lost";
    case CellVerdict::transient:
      if (cell.sampled->violating_runs == 0) return "stale";
      return both("not lin.", &scenarios::StrategyResult::violating_runs);
    default:
      return fmt::format("none in {}", count_text(cell.sampled->runs));
  }
}

std::string cell_text(const MatrixCell& cell) {
  if (is_share(cell)) return share_text(cell);
  if (cell.witness) {
    if (cell.witness->witness.steps.empty()) return std::string(short_name(cell.witness->property));
    return fmt::format("{} {}", short_name(cell.witness->property), cell.witness->witness.steps.size());
  }
  if (cell.verdict == CellVerdict::not_applicable) return "-";
  return cell.verdict == CellVerdict::unknown ? "?" : "safe";
}

std::string cell_way(const MatrixRow& row, const MatrixCell& cell, Paint paint) {
  const CellWitness& found = *cell.witness;
  const models::Setup& setup = found.scenario.setup;
  const Reason reason = reason_of(setup_of(found.scenario, found.witness), found.witness, found.property);
  const std::string steps = found.witness.steps.empty()
                                ? ""
                                : witness_table(setup, has_queue(row.strategy), found.witness, reason, paint);
  return steps + "Why: " + paragraph(reason_words(reason, setup.mysql.replicas) + ".", 5);
}

std::string_view cell_start(const MatrixCell& cell) {
  const Scenario& scenario = cell.witness ? cell.witness->scenario : *cell.sampled_scenario;
  return scenario.setup.keys.cached ? "cached" : "cold";
}

std::string cell_command(const MatrixRow& row, const MatrixFault& fault, const Source& source) {
  return fmt::format("cacherace matrix {} --strategy {} --fault {}{}{}", shell_word(source.scenario),
                     shell_word(strategy_argument(row.strategy)), shell_word(fault.name),
                     clients_argument(source), source.options);
}

std::string matrix_table(const MatrixResult& result, const Source& source, Paint paint) {
  std::string text = paragraph(bounds_text(result) + ".") + legend_text(result);
  if (!result.complete) text += "NOT COMPLETE: a limit or an interruption came first\n";
  for (std::size_t first = 0; first < result.faults.size(); first += faults_beside) {
    text += "\n" + block(result, first, paint);
  }
  if (const auto sampled = sampled_text(result); !sampled.empty()) text += "\n" + sampled;
  const auto all = violations(result);
  if (all.empty()) return text;
  if (all.size() <= told_max) {
    for (const Told& told : all) text += told_text(told, paint);
    return text;
  }
  return text + fmt::format("\nNext: {}\n", cell_command(*all.front().row, *all.front().fault, source));
}

std::string matrix_document(const MatrixResult& result, const Source& source) {
  Json faults = Json::array(), rows = Json::array();
  for (const MatrixFault& fault : result.faults) {
    faults.push_back({{"name", fault.name},
                      {"meaning", fault.meaning},
                      {"forms", fault.forms.size()},
                      {"mode", fault.by_time ? "runs" : "untimed"}});
  }
  for (const MatrixRow& row : result.rows) {
    Json cells = Json::array();
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      cells.push_back(json_of(row, result.faults[i], row.cells[i], source));
    rows.push_back({{"strategy", row.strategy.info->name},
                    {"parameters", json_of_parameters(row.strategy)},
                    {"cells", std::move(cells)}});
  }
  return text_of({{"cacherace", source.version},
                  {"command", "matrix"},
                  {"scenario", result.scenario},
                  {"complete", result.complete},
                  {"clients", result.clients},
                  {"mode", "untimed"},
                  {"faults", std::move(faults)},
                  {"strategies", std::move(rows)}});
}

std::string matrix_markdown(const MatrixResult& result, const Source& source) {
  std::string text = fmt::format("# Strategies and faults\n\n{}.\n\n{}\n", markdown_text(bounds_text(result)),
                                 legend_markdown(result));
  text += way_markdown(result, source);
  std::string head = "| strategy |", rule = "|---|";
  for (const MatrixFault& fault : result.faults) {
    head += fmt::format(" {} |", markdown_text(fault.name));
    rule += "---|";
  }
  text += head + "\n" + rule + "\n";
  for (const MatrixRow& row : result.rows) {
    text += fmt::format("| {} |", markdown_text(strategy_argument(row.strategy)));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const bool bad = row.cells[i].verdict >= CellVerdict::hangs;
      const std::string cell = markdown_text(marked_text(result.faults[i], row.cells[i]));
      text += bad ? fmt::format(" **{}** |", cell) : fmt::format(" {} |", cell);
    }
    text += "\n";
  }
  text += "\n";
  for (const MatrixFault& fault : result.faults) {
    text += fmt::format("- **{}**: {}\n", markdown_text(fault.name), markdown_text(fault.meaning));
  }
  if (const auto sampled = sampled_text(result); !sampled.empty()) text += "\n" + sampled;
  return text;
}

}  // namespace cacherace::reports
