#include "reports/risk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/markdown.hpp"
#include "reports/risk_words.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using scenarios::StrategyResult;

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;  // the first one: headings

std::string verdict_of(const RiskResult& result, const RiskPoint& point) {
  if (result.sample.safe && point.value >= result.safe()) return "safe";
  if (point.at.is_above(result.risk)) return "unsafe";
  return "";
}

std::string percent_or_dash(const std::optional<double>& share) {
  return share ? percent_number(*share) : "-";
}

std::string value_cell(sim::Duration value) {
  return value == sim::Duration{0} ? "0 ms" : unrounded_duration(sim::nanos(value));
}

// One row for each value: the curve.
Rows curve(const RiskResult& result) {
  Rows rows = {{result.parameter, spaced(property_names[index_of(result.property)]) + " (99 %)", "",
                "write p50", "write p99", "wrong, % of time"}};
  for (std::size_t i = 0; i < result.sample.points.size(); ++i) {
    const RiskPoint& point = result.sample.points[i];
    Row row = {value_cell(point.value), risk_cell(point.at), verdict_of(result, point)};
    if (i < result.costs.size()) {
      const StrategyResult& cost = result.costs[i];
      row.push_back(duration_text(cost.write_latency.p50_ns));
      row.push_back(duration_text(cost.write_latency.p99_ns));
      row.push_back(percent_or_dash(cost.state_time_share));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// What the parameter covers, with its sum.
Rows cover(const scenarios::Scenario& scenario, const RiskResult& result) {
  Rows rows;
  std::int64_t rest = sim::nanos(result.cover.sum);
  const auto add = [&](std::int64_t ns, const std::string& what) {
    rows.push_back({fmt::format("{} {}", ns < 0 ? '-' : '+', duration_text(ns < 0 ? -ns : ns)), what});
    rest -= ns;
  };
  for (const CoverTerm& term : cover_terms(scenario, result)) add(term.ns, term.what);
  if (rows.empty()) return rows;
  if (rest != 0) add(rest, "as medians do not add up");
  rows.push_back({"= " + duration_text(sim::nanos(result.cover.sum)), ""});
  return rows;
}

std::string cover_heading(const RiskResult& result) {
  return fmt::format("What {} has to cover, in the median of {}", result.parameter,
                     counted(result.cover.runs, "bad run"));
}

Rows instead(const RiskResult& result) {
  Rows rows = {{"strategy", "stuck, % of runs", "stale, % of reads", "write p99", "wrong, % of time"}};
  for (const StrategyResult& other : result.instead) {
    rows.push_back({strategy_argument(other.strategy), estimate_cell(other.stuck),
                    estimate_cell(other.stale_share), duration_text(other.write_latency.p99_ns),
                    percent_or_dash(other.state_time_share)});
  }
  return rows;
}

std::string instead_heading(const RiskResult& result) {
  return fmt::format("What others do instead, in {} of each", counted(result.instead.front().runs, "run"));
}

std::string table_of(const Rows& rows, const std::vector<Align>& alignments, Paint paint) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < rows.front().size(); ++i) columns.push_back({rows.front()[i], alignments[i]});
  Table table(std::move(columns));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::vector<Cell> cells;
    for (const std::string& text : rows[i]) {
      const Colour colour = text == "safe" ? Colour::green : text == "unsafe" ? Colour::red : Colour::none;
      cells.push_back({text, colour});
    }
    table.add(std::move(cells));
  }
  return table.text(paint);
}

std::string markdown_row(const Row& row) {
  std::string text = "|";
  for (const std::string& cell : row) text += fmt::format(" {} |", markdown_text(cell));
  return text + "\n";
}

std::string markdown_of(const Rows& rows) {
  std::string text = markdown_row(rows.front()) + "|";
  for (std::size_t i = 0; i < rows.front().size(); ++i) text += i == 0 ? "---|" : "---:|";
  text += "\n";
  for (std::size_t i = 1; i < rows.size(); ++i) text += markdown_row(rows[i]);
  return text;
}

std::string sums_text(const Rows& rows) {
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, display_width(row[0]));
  std::string text;
  for (const Row& row : rows) {
    text += std::string(2 + width - display_width(row[0]), ' ') + row[0];
    text += row[1].empty() ? "\n" : "  " + row[1] + "\n";
  }
  return text;
}

}  // namespace

std::string risk_table(const scenarios::Scenario& scenario, const RiskResult& result, const Source& source,
                       Paint paint) {
  std::string text = paragraph(risk_heading(result)) + "\n";
  if (!result.sample.complete) text += paragraph(fmt::format("NOT COMPLETE  {}", risk_reason(result)));
  for (const std::string& sentence : risk_answer(scenario, result)) text += paragraph(sentence);
  if (const Rows rows = cover(scenario, result); !rows.empty()) {
    text += fmt::format("\n{}:\n{}", cover_heading(result), sums_text(rows));
  }
  if (!result.sample.points.empty()) {
    using enum Align;
    text += "\n" + table_of(curve(result), {right, right, left, right, right, right}, paint);
  }
  if (!result.instead.empty()) {
    using enum Align;
    text += fmt::format("\n{}:\n", instead_heading(result)) +
            table_of(instead(result), {left, right, right, right, right}, paint);
    for (const std::string& remark : risk_remarks(scenario, result)) text += paragraph("  " + remark, 4);
  }
  const Expectations expectations = {{std::string(result.strategy.info->name), &result.expectations}};
  if (const auto judged = expectations_text(expectations, paint); !judged.empty()) text += "\n" + judged;
  if (const auto next = risk_next(scenario, result, source); !next.empty()) text += "\nNext: " + next + "\n";
  return text;
}

std::string risk_markdown(const scenarios::Scenario& scenario, const RiskResult& result,
                          const Source& source) {
  std::string text = fmt::format("# {}\n\n", markdown_text(risk_heading(result)));
  for (const std::string& sentence : risk_answer(scenario, result)) text += markdown_text(sentence) + "\n";
  if (Rows rows = cover(scenario, result); !rows.empty()) {
    rows.insert(rows.begin(), {"length", "of"});
    text += fmt::format("\n## {}\n\n{}", cover_heading(result), markdown_of(rows));
  }
  if (!result.sample.points.empty()) text += "\n## The curve\n\n" + markdown_of(curve(result));
  if (!result.instead.empty()) {
    text += fmt::format("\n## {}\n\n{}", instead_heading(result), markdown_of(instead(result)));
    for (const std::string& remark : risk_remarks(scenario, result))
      text += "\n" + markdown_text(remark) + "\n";
  }
  if (!result.expectations.empty()) text += "\n## Expectations\n\n";
  for (const auto& checked : result.expectations) {
    text += fmt::format("- **{}** {}\n", verdict_name(checked.verdict),
                        markdown_text(expectation_text(result.strategy.info->name, checked)));
  }
  if (const auto next = risk_next(scenario, result, source); !next.empty()) {
    text += fmt::format("\nNext: `{}`\n", next);
  }
  return text;
}

}  // namespace cacherace::reports
