#include "reports/run_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/advice.hpp"
#include "reports/markdown.hpp"
#include "reports/run_table.hpp"
#include "reports/steps.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

std::string verdict_line(const RunResult& result) {
  if (result.only_run) return "A single run: no expectation is judged.\n";
  std::size_t held = 0;
  std::size_t judged = 0;
  for (const auto& s : result.strategies) {
    for (const auto& checked : s.expectations) {
      if (checked.verdict == ExpectationVerdict::not_evaluated) continue;
      ++judged;
      if (checked.verdict == ExpectationVerdict::held) ++held;
    }
  }
  std::string text;
  if (judged > 0) {
    text =
        fmt::format("**{}** {} of {} expectations hold.", held == judged ? "HELD" : "NOT HELD", held, judged);
  } else {
    text = "Nothing is expected of these strategies.";
  }
  if (!result.complete) text += " **Not complete.**";
  return text + "\n";
}

std::string unmet(const RunResult& result) {
  std::string text;
  for (const auto& s : result.strategies) {
    for (const auto& checked : s.expectations) {
      const bool shown =
          checked.verdict == ExpectationVerdict::failed || checked.verdict == ExpectationVerdict::undecided;
      if (!shown) continue;
      text += fmt::format("- **{}** {}\n", verdict_name(checked.verdict),
                          markdown_text(expectation_text(strategy_argument(s.strategy), checked)));
    }
  }
  return text.empty() ? text : "\n" + text;
}

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string figures(const RunResult& result) {
  std::string head = "\n|";
  std::string rule = "|";
  for (const auto& column : figure_columns()) {
    head += " " + on_one_line(column.heading) + " |";
    rule += column.align == Align::left ? "---|" : "---:|";
  }
  std::string text = head + "\n" + rule + "\n";
  for (const auto& strategy : result.strategies) {
    text += "|";
    for (const auto& cell : figure_row(strategy)) text += " " + markdown_text(cell.text) + " |";
    text += "\n";
  }
  return text;
}

std::string steps_section(const Scenario& scenario, const StrategyChoice& strategy, std::uint64_t run,
                          std::string_view heading) {
  return fmt::format("\n### {}\n\n{}", markdown_text(heading), fenced(run_steps(scenario, strategy, run)));
}

}  // namespace

std::string run_markdown(const Scenario& scenario, const RunResult& result, const Source& source,
                         std::size_t bytes_most) {
  Capped text(bytes_most);
  text.add(fmt::format("## {}: {}{}, seed {}\n\n{}", markdown_text(printable(result.scenario)),
                       counted(result.runs, "run"), result.strategies.size() > 1 ? " of each strategy" : "",
                       result.seed, verdict_line(result)));
  text.add(unmet(result));
  if (const auto missing = gaps(result); !missing.empty()) text.add("\n" + fenced(missing));
  text.add(figures(result));
  text.add(fmt::format("\n{}\n", markdown_text(advice(result))));
  if (const auto why = causes(result); !why.empty()) text.add("\n" + fenced(why));
  for (const auto& s : result.strategies) {
    if (!s.first_violation) continue;
    const std::uint64_t run = s.first_violation->run;
    const auto heading = fmt::format("{}: first violation ({}), run {}", strategy_argument(s.strategy),
                                     spaced(s.first_violation->kind), run);
    text.add(steps_section(scenario, s.strategy, run, heading) + "\nRepeat it:\n\n" +
             fenced(replay_command(result, s.strategy, run, source) + "\n"));
  }
  return text.finish();
}

std::string steps_markdown(const Scenario& scenario, std::uint64_t run, std::size_t bytes_most) {
  Capped text(bytes_most);
  text.add(fmt::format("## {}: run {}\n", markdown_text(printable(scenario.name)), run));
  for (const auto& strategy : scenario.strategies)
    text.add(steps_section(scenario, strategy, run, strategy_argument(strategy)));
  return text.finish();
}

}  // namespace cacherace::reports
