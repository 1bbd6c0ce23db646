#include "reports/check_page.hpp"

#include <algorithm>

#include "reports/check_bars.hpp"
#include "reports/check_json.hpp"
#include "reports/check_words.hpp"
#include "reports/page.hpp"

namespace cacherace::reports {
namespace {

// Where a bar begins and ends: the place of its instant among all; null: no end.
Json json_of(const CheckedHistory& checked, const CheckBars& drawn, const CheckBar& bar) {
  const auto& operation = checked.history.operations[bar.operation];
  const auto place = [&drawn](verify::Nanos at) {
    return std::ranges::lower_bound(drawn.instants, at) - drawn.instants.begin();
  };
  return {{"lane", bar.lane},
          {"from", place(operation.start)},
          {"to", operation.end == verify::never ? Json() : Json(place(operation.end))},
          {"short", bar_words(checked.history, operation)},
          {"words", operation_words(checked.history, operation)},
          {"when", span_words(checked.history, bar.operation)},
          {"contradicts", bar.contradicts},
          {"first_bad", bar.first_bad},
          {"place", bar.place ? Json(*bar.place + 1) : Json()}};
}

Json json_of_contradiction(const CheckedHistory& checked) {
  const auto& key = checked.verdict.keys[checked.verdict.worst];
  const CheckBars drawn = check_bars(checked, key);
  Json bars = Json::array(), clients = Json::array();
  for (const CheckBar& bar : drawn.bars) bars.push_back(json_of(checked, drawn, bar));
  for (const auto client : drawn.clients) clients.push_back(checked.history.clients.at(client));
  return {{"key", checked.history.keys.at(key.key)}, {"why", why_not(checked, key)},
          {"timed", checked.history.timed},          {"clients", std::move(clients)},
          {"instants", drawn.instants.size()},       {"bars", std::move(bars)}};
}

std::string why(const CheckedHistory& checked) {
  if (checked.verdict.linearizable == false)
    return why_not(checked, checked.verdict.keys[checked.verdict.worst]);
  return checked.verdict.linearizable ? "" : why_unknown(checked);
}

Json json_of(const CheckedHistory& checked, bool is_drawn) {
  Json measures = Json::array();
  for (const Measure& measure : measures_of(checked)) {
    measures.push_back({{"name", measure.name}, {"words", measure.words}});
  }
  const auto& linearizable = checked.verdict.linearizable;
  return {{"title", history_title(checked)},
          {"linearizable", linearizable ? Json(*linearizable) : Json()},
          {"operations", checked.verdict.operations},
          {"keys", checked.verdict.keys.size()},
          {"why", why(checked)},
          {"next", next_step(checked)},
          {"measures", std::move(measures)},
          {"contradiction", is_drawn && linearizable == false ? json_of_contradiction(checked) : Json()}};
}

}  // namespace

std::string check_page(const CheckResult& result) {
  Json histories = Json::array();
  for (const CheckedHistory* checked : worst_first(result)) {
    if (histories.size() == listed_histories_max) break;
    histories.push_back(json_of(*checked, histories.size() < drawn_histories_max));
  }
  return page_with({{"command", "check"},
                    {"document", Json::parse(check_document(result))},
                    {"histories", std::move(histories)}});
}

}  // namespace cacherace::reports
