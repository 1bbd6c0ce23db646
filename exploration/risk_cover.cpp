#include "exploration/risk_cover.hpp"

#include <algorithm>

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;
using sim::Duration;

constexpr std::size_t place_of(CoverPart part) {
  return static_cast<std::size_t>(part);
}

using Records = std::vector<Record>;

// The last record that `wanted` takes and that stands before `end`; null: none.
template <class Wanted>
const Record* last_before(const Records& records, const Record* end, const Wanted& wanted) {
  for (const Record* record = end; record-- != records.data();) {
    if (wanted(*record)) return record;
  }
  return nullptr;
}

// The records of one race. Null: it is another one.
struct Race {
  const Record* fill = nullptr;    // leaves the old value
  const Record* select = nullptr;  // where the reader has it from
  const Record* sent = nullptr;    // the fill leaves
  const Record* commit = nullptr;  // of a newer value
  const Record* sleep = nullptr;   // of its writer
  const Record* change = nullptr;  // the writer's last change of the entry

  [[nodiscard]] bool is_whole() const {
    return fill && select && sent && commit && sleep && change && fill->at >= change->at;
  }
};

Race race_of(const Records& records) {
  Race race;
  const Record* const end = records.data() + records.size();
  race.fill = last_before(records, end, [](const Record& record) { return record.fact == Fact::cache_set; });
  if (race.fill == nullptr || race.fill->origin != models::Origin::fill) return {};
  const Record& fill = *race.fill;
  const auto by_reader = [&](const Record& record, Fact fact) {
    return record.fact == fact && record.client == fill.client && record.key == fill.key;
  };
  race.select =
      last_before(records, race.fill, [&](const Record& r) { return by_reader(r, Fact::selected); });
  race.sent = last_before(records, race.fill, [&](const Record& r) { return by_reader(r, Fact::issued); });
  const auto commit = std::ranges::find_if(records, [&](const Record& record) {
    return record.fact == Fact::committed && record.key == fill.key && record.row.version > fill.row.version;
  });
  if (commit == records.end()) return {};
  race.commit = &*commit;
  const auto sleep = std::find_if(commit, records.end(), [&](const Record& record) {
    return record.fact == Fact::slept && record.client == commit->client;
  });
  if (sleep == records.end()) return {};
  race.sleep = &*sleep;
  race.change = last_before(records, end, [&](const Record& record) {
    const bool changes = record.fact == Fact::cache_deleted || record.fact == Fact::cache_set;
    return changes && record.client == commit->client && record.key == fill.key && record.at >= sleep->until;
  });
  return race;
}

std::array<Duration, cover_part_count> parts_of(const Race& race) {
  std::array<Duration, cover_part_count> parts{};
  const Duration waited = race.select->at - race.commit->at;
  parts[place_of(CoverPart::outdated_replica)] = std::max(waited, Duration{0});
  parts[place_of(CoverPart::early_select)] = std::max(-waited, Duration{0});
  parts[place_of(CoverPart::select_reply)] = race.sent->at - race.select->at;
  parts[place_of(CoverPart::fill_request)] = race.fill->at - race.sent->at;
  parts[place_of(CoverPart::before_sleep)] = race.sleep->at - race.commit->at;
  parts[place_of(CoverPart::after_sleep)] = race.change->at - race.sleep->until;
  return parts;
}

Duration median_of(std::vector<Duration> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

Cover cover_of(const RunQuestion& question, std::uint64_t seed, const std::vector<Particle>& runs,
               sim::Duration value, std::size_t most) {
  Cover cover;
  if (question.property != Property::stuck) return cover;
  ScenarioRuns played(question, {value});
  sim::DrawTable table;
  const sim::Playing playing(table);
  std::array<std::vector<Duration>, cover_part_count> parts;
  std::vector<Duration> sums;
  for (const Particle& run : runs) {
    if (sums.size() == most) break;
    table.begin(seed, run.run, run.entries);
    if (!played.bad_at(0)) continue;
    played.simulation(0).run(sim::played_run, true);
    const Race race = race_of(played.simulation(0).records());
    if (!race.is_whole()) continue;
    if (sums.empty()) {
      cover.reader = race.fill->client;
      cover.writer = race.commit->client;
    }
    const auto lengths = parts_of(race);
    Duration sum{0};
    for (std::size_t i = 0; i < cover_part_count; ++i) {
      parts[i].push_back(lengths[i]);
      sum += is_taken_off(static_cast<CoverPart>(i)) ? -lengths[i] : lengths[i];
    }
    sums.push_back(sum);
  }
  cover.runs = sums.size();
  if (sums.empty()) return cover;
  for (std::size_t i = 0; i < cover_part_count; ++i) cover.parts[i] = median_of(std::move(parts[i]));
  cover.sum = median_of(std::move(sums));
  return cover;
}

}  // namespace cacherace::exploration
