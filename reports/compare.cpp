#include "reports/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/compare_words.hpp"
#include "reports/markdown.hpp"
#include "reports/units.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using namespace scenarios;

constexpr const char* incomplete_text =
    "NOT COMPLETE: a side was interrupted or met a limit, or this comparison was interrupted";

std::string heading(const Comparison& comparison) {
  const std::string &a = comparison.a->scenario_name, &b = comparison.b->scenario_name;
  return fmt::format("{}: A = {}, B = {}", a == b ? printable(a) : printable(a) + " and " + printable(b),
                     printable(comparison.a->file), printable(comparison.b->file));
}

std::string confidence_text(const ComparedStrategy& strategy) {
  for (const FigureChange& change : strategy.changes) {
    if (change.difference && change.difference->has_interval() && change.difference->level < 1.0)
      return fmt::format("Intervals of the change at {} % confidence.",
                         std::lround(100.0 * change.difference->level));
  }
  return "";
}

Colour colour_of(ExpectationVerdict verdict) {
  return verdict == ExpectationVerdict::held ? Colour::green : Colour::red;
}

std::string section(const Comparison& comparison, const ComparedStrategy& strategy, Paint paint) {
  std::string text = sides_text(comparison, strategy) + "\n" + paragraph(pairing_text(strategy)) + "\n";
  Table table({{"", Align::left}, {"A"}, {"B"}, {"change, B - A", Align::left}, {"", Align::left}});
  for (const ChangeRow& row : change_rows(strategy)) {
    table.add({{row.figure}, {row.a}, {row.b}, {row.change}, {row.judgement, row.colour}});
  }
  text += table.text(paint);
  if (const auto level = confidence_text(strategy); !level.empty()) text += level + "\n";
  for (const CheckedFailOn& checked : strategy.conditions) {
    text += painted("  " + paragraph(condition_text(checked), 4), colour_of(checked.verdict), paint);
  }
  return text;
}

Json json_of(const FigureChange& change) {
  const auto number = [](const std::optional<double>& value) { return value ? Json(*value) : Json(); };
  Json object = {{"figure", change.figure->path}, {"a", number(change.a)}, {"b", number(change.b)},
                 {"difference", Json()},          {"low", Json()},         {"high", Json()},
                 {"confidence", Json()},          {"method", Json()}};
  if (const auto& difference = change.difference) {
    object["difference"] = difference->estimate;
    if (difference->has_interval()) {
      object["low"] = difference->low;
      object["high"] = difference->high;
      object["confidence"] = difference->level;
    }
    object["method"] = difference->method;
  }
  return object;
}

Json json_of(const CheckedFailOn& checked) {
  return {{"fail_on", checked.condition->text},
          {"figure", checked.condition->figure->path},
          {"observed", checked.observed ? Json(*checked.observed) : Json()},
          {"relative", checked.condition->relative},
          {"verdict", verdict_name(checked.verdict)},
          {"remark", checked.remark}};
}

constexpr std::array<const char*, 3> pairing_names = {"apart", "paired", "identical"};

Json json_of(const ComparedStrategy& strategy) {
  Json changes = Json::array(), conditions = Json::array();
  for (const auto& change : strategy.changes) changes.push_back(json_of(change));
  for (const auto& checked : strategy.conditions) conditions.push_back(json_of(checked));
  return {{"a", strategy.label_a},
          {"b", strategy.label_b},
          {"pairing", pairing_names[static_cast<std::size_t>(strategy.pairing)]},
          {"pairs", strategy.pairs},
          {"differences", std::move(changes)},
          {"conditions", std::move(conditions)}};
}

Json json_of(const SavedResult& side) {
  return {{"file", side.file},
          {"cacherace", side.version},
          {"scenario", side.scenario_name},
          {"seed", side.seed}};
}

}  // namespace

std::string compare_table(const Comparison& comparison, Paint paint) {
  std::string text = paragraph(heading(comparison));
  if (!comparison.complete) text += std::string(incomplete_text) + "\n";
  for (const auto& remark : comparison.remarks) text += paragraph("note: " + remark, 6);
  for (const auto& strategy : comparison.strategies) text += "\n" + section(comparison, strategy, paint);
  return text;
}

std::string compare_markdown(const Comparison& comparison) {
  std::string text = fmt::format("# {}\n", markdown_text(heading(comparison)));
  if (!comparison.complete) text += fmt::format("\n**{}**\n", incomplete_text);
  for (const auto& remark : comparison.remarks) text += fmt::format("\n{}.\n", markdown_text(remark));
  for (const auto& strategy : comparison.strategies) {
    text +=
        strategy.label_a == strategy.label_b
            ? fmt::format("\n## {}\n", markdown_text(strategy.label_a))
            : fmt::format("\n## {} → {}\n", markdown_text(strategy.label_a), markdown_text(strategy.label_b));
    text += fmt::format("\n{}. {}\n\n| | A | B | change, B − A | |\n|---|---:|---:|---|---|\n",
                        pairing_text(strategy), confidence_text(strategy));
    for (const ChangeRow& row : change_rows(strategy)) {
      text +=
          fmt::format("| {} | {} | {} | {} | {} |\n", row.figure, row.a, row.b, row.change, row.judgement);
    }
    if (!strategy.conditions.empty()) text += "\n";
    for (const auto& checked : strategy.conditions) {
      text += fmt::format("- {}\n", markdown_text(condition_text(checked)));
    }
  }
  return text;
}

std::string compare_document(const Comparison& comparison, std::string_view version) {
  const std::string &a = comparison.a->scenario_name, &b = comparison.b->scenario_name;
  Json strategies = Json::array();
  for (const auto& strategy : comparison.strategies) strategies.push_back(json_of(strategy));
  return text_of({{"cacherace", version},
                  {"command", "compare"},
                  {"scenario", a == b ? Json(a) : Json()},
                  {"complete", comparison.complete},
                  {"a", json_of(*comparison.a)},
                  {"b", json_of(*comparison.b)},
                  {"remarks", comparison.remarks},
                  {"strategies", std::move(strategies)},
                  {"verdict", verdict_name(comparison.verdict)}});
}

}  // namespace cacherace::reports
