#include "exploration/scenario_runs.hpp"

#include <algorithm>

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;

// The last fill with a row of which a newer version was committed before; null: there is none.
const Record* last_late_fill(const std::vector<Record>& records) {
  std::vector<std::pair<models::Key, std::uint32_t>> newest;  // committed versions
  const Record* found = nullptr;
  for (const Record& record : records) {
    const bool fill = record.fact == Fact::cache_set && record.origin == models::Origin::fill;
    if (record.fact != Fact::committed && !fill) continue;
    const auto known = std::ranges::find(newest, record.key, &std::pair<models::Key, std::uint32_t>::first);
    if (record.fact == Fact::committed) {
      if (known == newest.end()) {
        newest.emplace_back(record.key, record.row.version);
      } else {
        known->second = record.row.version;
      }
    } else if (known != newest.end() && record.row.version < known->second) {
      found = &record;
    }
  }
  return found;
}

// How many commands of each kind the client had sent when the record was made, as far as records tell.
void count_sent(const std::vector<Record>& records, const Record& end, Anchor& anchor) {
  for (const Record* record = records.data(); record <= &end; ++record) {
    if (record->client != anchor.who || record->background) continue;
    const Fact fact = record->fact;
    if (fact == Fact::cache_set || fact == Fact::cache_deleted || fact == Fact::selected ||
        fact == Fact::committed) {
      ++anchor.sent[index_of(record->command)];
    }
  }
}

// Which clients are of one group with the anchor's.
void find_alike(const std::vector<models::ClientGroup>& groups, Anchor& anchor) {
  std::uint32_t first = 0;
  for (const models::ClientGroup& group : groups) {
    if (anchor.who >= first && anchor.who < first + group.count) {
      anchor.first = first;
      anchor.alike = group.count;
      return;
    }
    first += group.count;
  }
  anchor.first = anchor.who;
}

}  // namespace

void Milestone::see(const Record& record) {
  if (record.fact == Fact::committed) *this = {record.at, MilestoneKind::commit, record.client};
  if (record.fact == Fact::slept && at && record.client == writer) {
    *this = {record.until, MilestoneKind::sleep_end, record.client};
  }
}

scenarios::StrategyChoice RunQuestion::strategy_at(sim::Duration value) const {
  scenarios::StrategyChoice choice = strategy;
  choice.parameters.set_raw(parameter, sim::nanos(value));
  return choice;
}

std::optional<std::string> why_not_judged(Property property) {
  if (property != Property::cache_ahead && property != Property::deadlock) return std::nullopt;
  return std::string(property_names[index_of(property)]) +
         " is nothing that single runs are judged by; use --exact, or stuck, stale_read, inversion, "
         "nonlinearizable, dirty_read or lost_write";
}

bool shows(const verify::Verdict& verdict, Property property) {
  using verify::ReadFinding;
  switch (property) {
    case Property::stuck:
      return !verdict.stuck.empty();
    case Property::stale_read:
      return std::ranges::any_of(verdict.reads, [](const ReadFinding& read) { return read.stale_age >= 0; });
    case Property::inversion:
      return std::ranges::any_of(verdict.reads, &ReadFinding::inversion);
    case Property::nonlinearizable:
      return !verdict.linearizable;
    case Property::dirty_read:
      return std::ranges::any_of(verdict.reads, &ReadFinding::dirty);
    case Property::lost_write:
      return verdict.lost_writes > 0;
    case Property::cache_ahead:
    case Property::deadlock:
      break;
  }
  return false;
}

ScenarioRuns::ScenarioRuns(const RunQuestion& question, const std::vector<sim::Duration>& values)
    : question_(question), observer_(question.scenario.setup) {
  for (const sim::Duration value : values) {
    simulations_.push_back(
        std::make_unique<scenarios::Simulation>(question.scenario, question.strategy_at(value)));
  }
  for (const models::ClientGroup& group : question.scenario.setup.clients) {
    thinking_.insert(thinking_.end(), group.count, thinking_of(group));
  }
}

ScenarioRuns::Thinking ScenarioRuns::thinking_of(const models::ClientGroup& group) {
  constexpr int grid = 256;
  if (group.think.is_constant()) return {};
  Thinking thinking{.law = group.think.law()};
  for (int i = 0; i < grid; ++i) thinking.mean += thinking.law->quantile((i + 0.5) / grid) / grid;
  if (thinking.mean <= 0.0) return {};
  const std::uint64_t operations = scenarios::operations_of(group);
  thinking.times = static_cast<std::uint32_t>(std::min<std::uint64_t>(operations, UINT32_MAX)) - 1;
  return thinking;
}

bool ScenarioRuns::bad_at(std::size_t value) {
  scenarios::Simulation& simulation = *simulations_[value];
  under_way_ = value;
  seen_ = {};
  const sim::RunEnd end = simulation.run(sim::played_run);
  if (end.ending != sim::Ending::quiescent) {
    ++incomplete_;
    return false;
  }
  const auto& execution = observer_.observe(simulation.records(), end);
  const bool of_the_cache = question_.property == Property::stuck;
  return shows(of_the_cache ? judge_.judge_cache(execution) : judge_.judge(execution), question_.property);
}

// A client thinks once it has returned, and that is the last record then.
std::optional<Thought> ScenarioRuns::thought(std::uint32_t who, std::uint32_t number) {
  const auto& records = simulations_[under_way_]->records();
  for (; seen_.records < records.size(); ++seen_.records) {
    seen_.milestone.see(records[seen_.records]);
  }
  if (who >= thinking_.size() || thinking_[who].law == nullptr) return std::nullopt;
  const Thinking& thinking = thinking_[who];
  Thought thought{.left = thinking.times - number, .law = thinking.law.get(), .mean = thinking.mean};
  if (seen_.milestone.at) {
    thought.milestone = seen_.milestone.kind;
    thought.since = records.back().at - *seen_.milestone.at;
  }
  return thought;
}

void ScenarioRuns::note_coming(const std::vector<Record>& records, const Record& end, Anchor& anchor) const {
  if (anchor.who >= thinking_.size() || thinking_[anchor.who].law == nullptr) return;
  Milestone milestone;
  Coming came{.thoughts = 0};
  sim::Time began{};
  for (const Record* record = records.data(); record <= &end; ++record) {
    milestone.see(*record);
    if (record->client != anchor.who) continue;
    if (models::ends_operation(record->fact)) {
      came.busy += record->at - began;
      ++came.thoughts;
    }
    if (record->fact != Fact::invoked) continue;
    began = record->at;
    if (record->operation != end.operation) continue;
    if (!milestone.at || came.thoughts == 0) return;
    came.milestone = milestone.kind;
    came.since = began - *milestone.at;
    anchor.came = came;
    return;
  }
}

std::optional<Anchor> ScenarioRuns::anchor(std::size_t value) const {
  const auto& records = simulations_[value]->records();
  const Record* const fill = last_late_fill(records);
  if (fill == nullptr) return std::nullopt;
  Anchor anchor{.who = fill->client};
  count_sent(records, *fill, anchor);
  note_coming(records, *fill, anchor);
  find_alike(question_.scenario.setup.clients, anchor);
  return anchor;
}

}  // namespace cacherace::exploration
