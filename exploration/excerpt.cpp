#include "exploration/excerpt.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "models/roles.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::exploration {
namespace {

using models::Actor;
using models::Fact;
using models::Record;

// Says which operation a move serves.
class Servant {
 public:
  Servant(const std::vector<Record>& records, std::uint32_t actors) : records_(records), actors_(actors) {
    std::vector<std::uint32_t> invoked(actors, 0);
    for (const Record& record : records) {
      if (record.fact != Fact::invoked) continue;
      const OperationPlace place{record.client, invoked[record.client]++};
      places_[record.operation] = place;
      if (record.kind == models::OperationKind::write) writes_[record.row.value] = place;
    }
  }

  // The records from `from` to `to` are those of the move. What tells nothing goes with what its owner did
  // last.
  std::optional<OperationPlace> of(sim::Tag tag, std::size_t from, std::size_t to) {
    std::optional<OperationPlace>& last = last_[tag & models::owner_bits];
    const models::TagParts owner = models::parts_of(tag);
    for (std::size_t i = from; i < to; ++i) {
      const Record& record = records_[i];
      const bool of_actor = models::is_of_client(owner.actor) && owner.who < actors_;
      if (of_actor && record.client == owner.who) last = place_of(record);
      if (!of_actor && written_by(record)) last = written_by(record);
    }
    return last;
  }

  [[nodiscard]] std::optional<OperationPlace> place_of(const Record& record) const {
    const auto found = places_.find(record.operation);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  [[nodiscard]] std::optional<OperationPlace> written_by(const Record& record) const {
    const bool serves = record.for_write != models::WriteId(0);
    const auto found = writes_.find(serves ? record.for_write : record.row.value);
    return found == writes_.end() ? std::nullopt : std::optional(found->second);
  }

  const std::vector<Record>& records_;
  std::uint32_t actors_;
  std::map<std::uint32_t, OperationPlace> places_;
  std::map<models::WriteId, OperationPlace> writes_;
  std::map<sim::Tag, std::optional<OperationPlace>> last_;
};

// The group of each client.
std::vector<const models::ClientGroup*> groups_of_clients(const Scenario& scenario) {
  std::vector<const models::ClientGroup*> groups;
  for (const auto& group : scenario.setup.clients) groups.insert(groups.end(), group.count, &group);
  return groups;
}

// Whether chance chose the key of the operation.
bool draws_key(const models::ClientGroup& group, std::uint32_t nth) {
  return group.plan.empty() || !group.plan[nth % group.plan.size()].key;
}

class LenientPlayer final : public sim::ScriptChooser {
 public:
  LenientPlayer(const std::vector<ServingMove>& moves, std::uint32_t actors,
                const std::vector<Record>& records)
      : ScriptChooser({}), moves_(moves), records_(records), invoked_(actors, 0) {}

  std::size_t pick(std::size_t count) override {
    std::uint16_t picked = 0;
    if (!picks_.empty()) {
      picked = std::min(picks_.front(), static_cast<std::uint16_t>(count - 1));
      picks_.erase(picks_.begin());
    }
    go_on({picked});
    return ScriptChooser::pick(count);
  }

 private:
  bool between(std::span<const sim::Pending> pending) override {
    for (; taken_ < records_.size(); ++taken_) {
      if (records_[taken_].fact == Fact::invoked) ++invoked_[records_[taken_].client];
    }
    picks_.clear();
    sim::possible_places(pending, possible_);
    std::size_t chosen = possible_.size();
    while (chosen == possible_.size() && next_ < moves_.size()) chosen = follow(moves_[next_], pending);
    go_on({static_cast<std::uint16_t>(chosen == possible_.size() ? 0 : chosen)});
    return true;
  }
  void free_choice(std::size_t) override {}

  // The place, among the possible ones, of what the move asks for; their number: nothing, it is left out.
  std::size_t follow(const ServingMove& wanted, std::span<const sim::Pending> pending) {
    const models::TagParts owner = models::parts_of(wanted.move.tag);
    std::size_t place = find(wanted.move.tag, pending);
    if (place < possible_.size() && owner.actor == Actor::client && owner.who < invoked_.size()) {
      const bool begins = pending[possible_[place]].who->part() == sim::Part::opening;
      const std::uint32_t nth = invoked_[owner.who] - (begins ? 0 : 1);
      if (wanted.serves && nth < wanted.serves->nth) return place;
      if (wanted.serves && nth > wanted.serves->nth) place = possible_.size();
    }
    if (place == possible_.size() && owner.actor == Actor::client) {
      place = find(models::tag_of(Actor::late_command, owner.who), pending);
    }
    if (place < possible_.size()) picks_ = wanted.move.picks;
    ++next_;
    return place;
  }

  // The event with that tag, or else the first one of its owner.
  std::size_t find(sim::Tag tag, std::span<const sim::Pending> pending) const {
    const auto tag_at = [&](std::size_t place) { return pending[place].who->tag(); };
    auto found = std::ranges::find(possible_, tag, tag_at);
    if (found == possible_.end()) {
      const sim::Tag owner = tag & models::owner_bits;
      found = std::ranges::find(possible_, owner,
                                [&](std::size_t place) { return tag_at(place) & models::owner_bits; });
    }
    return static_cast<std::size_t>(found - possible_.begin());
  }

  const std::vector<ServingMove>& moves_;
  const std::vector<Record>& records_;
  std::vector<std::uint32_t> invoked_;  // operations of each client
  std::size_t taken_ = 0;
  std::size_t next_ = 0;
  sim::Choices picks_;
  std::vector<std::size_t> possible_;
};

}  // namespace

std::uint32_t clients_in(const Scenario& scenario) {
  std::uint32_t clients = 0;
  for (const auto& group : scenario.setup.clients) clients += group.count;
  return clients;
}

std::vector<OperationPlace> Excerpt::operations() const {
  std::vector<OperationPlace> all;
  for (std::uint32_t client = 0; client < scenario.setup.clients.size(); ++client) {
    const auto count = static_cast<std::uint32_t>(scenario.setup.clients[client].plan.size());
    for (std::uint32_t nth = 0; nth < count; ++nth) all.push_back({client, nth});
  }
  return all;
}

Schedule PlayedExcerpt::schedule() const {
  Schedule schedule;
  for (const ServingMove& move : excerpt.moves) schedule.moves.push_back(move.move);
  return schedule;
}

std::vector<models::ClientGroup> clients_of(const Scenario& scenario, const std::vector<Record>& records) {
  std::vector<models::ClientGroup> clients;
  for (const auto* group : groups_of_clients(scenario)) {
    clients.push_back({.name = group->name, .start = group->start, .think = group->think});
  }
  for (const Record& record : records) {
    if (record.fact != Fact::invoked) continue;
    clients[record.client].plan.push_back({record.kind, models::index_of(record.key)});
  }
  return clients;
}

Excerpt excerpt_of(const Scenario& scenario, const std::vector<Record>& records, const MoveLog& log) {
  Excerpt excerpt{.scenario = scenario};
  excerpt.scenario.setup.clients = clients_of(scenario, records);
  const auto groups = groups_of_clients(scenario);
  Servant servant(records, static_cast<std::uint32_t>(groups.size()));
  for (std::size_t i = 0; i < log.moves().size(); ++i) {
    const std::size_t from = log.records_then()[i];
    const std::size_t to = i + 1 < log.moves().size() ? log.records_then()[i + 1] : records.size();
    ServingMove move{log.moves()[i], servant.of(log.moves()[i].tag, from, to)};
    // The key is drawn when the operation begins, before anything else; now it is named.
    const auto begun = std::find_if(records.begin() + static_cast<std::ptrdiff_t>(from),
                                    records.begin() + static_cast<std::ptrdiff_t>(to),
                                    [](const Record& record) { return record.fact == Fact::invoked; });
    const bool begins = begun != records.begin() + static_cast<std::ptrdiff_t>(to);
    if (begins && scenario.setup.keys.count > 1 &&
        draws_key(*groups[begun->client], servant.place_of(*begun)->nth)) {
      move.move.picks.erase(move.move.picks.begin());
    }
    excerpt.moves.push_back(std::move(move));
  }
  return only(excerpt, excerpt.operations());
}

namespace {

// Work in the background and commands that outlive their clients' waiting are counted as they come; some are
// gone now.
void count_anew(std::vector<ServingMove>& moves) {
  std::map<sim::Tag, std::set<std::uint32_t>> numbers;
  for (const ServingMove& move : moves) {
    numbers[move.move.tag & models::owner_bits].insert(models::parts_of(move.move.tag).number);
  }
  for (ServingMove& move : moves) {
    const models::TagParts owner = models::parts_of(move.move.tag);
    if (owner.actor != Actor::background && owner.actor != Actor::late_command) continue;
    const auto& known = numbers[move.move.tag & models::owner_bits];
    const auto number = static_cast<std::uint32_t>(std::distance(known.begin(), known.find(owner.number)));
    move.move.tag = models::tag_of(owner.actor, owner.who, number);
  }
}

}  // namespace

Excerpt only(const Excerpt& excerpt, const std::vector<OperationPlace>& kept) {
  Excerpt result{.scenario = excerpt.scenario};
  auto& clients = result.scenario.setup.clients;
  const auto old_count = static_cast<std::uint32_t>(clients.size());
  clients.clear();
  std::vector<std::optional<std::uint32_t>> number(old_count);
  std::map<OperationPlace, OperationPlace> place;
  for (const OperationPlace& old : kept) {
    const models::ClientGroup& group = excerpt.scenario.setup.clients[old.client];
    if (!number[old.client]) {
      number[old.client] = static_cast<std::uint32_t>(clients.size());
      clients.push_back(group);
      clients.back().plan.clear();
      if (!excerpt.spans.empty()) result.spans.emplace_back();
    }
    auto& plan = clients.back().plan;
    place[old] = {*number[old.client], static_cast<std::uint32_t>(plan.size())};
    plan.push_back(group.plan[old.nth]);
    if (!excerpt.spans.empty()) result.spans.back().push_back(excerpt.spans[old.client][old.nth]);
  }
  for (const ServingMove& old : excerpt.moves) {
    ServingMove move = old;
    const models::TagParts owner = models::parts_of(move.move.tag);
    if (move.serves) {
      const auto found = place.find(*move.serves);
      if (found == place.end()) continue;
      move.serves = found->second;
    }
    if (models::is_of_client(owner.actor)) {
      const bool consumes = owner.who >= old_count;
      if (!consumes && !number[owner.who]) continue;
      const auto who =
          consumes ? owner.who - old_count + static_cast<std::uint32_t>(clients.size()) : *number[owner.who];
      move.move.tag = models::tag_of(owner.actor, who, owner.number);
    }
    result.moves.push_back(std::move(move));
  }
  count_anew(result.moves);
  return result;
}

Excerpt with_keys(const Excerpt& excerpt, const std::vector<std::uint32_t>& key_of, std::uint32_t count) {
  Excerpt result = excerpt;
  models::Setup& setup = result.scenario.setup;
  const bool by_key = setup.queue.partitioner == models::Partitioner::key;
  setup.keys.count = count;
  for (auto& client : setup.clients) {
    for (auto& operation : client.plan) operation.key = key_of[*operation.key];
  }
  for (ServingMove& move : result.moves) {
    const models::TagParts owner = models::parts_of(move.move.tag);
    if (!by_key || !move.serves || (owner.actor != Actor::partition && owner.actor != Actor::copy)) continue;
    const auto key = *setup.clients[move.serves->client].plan[move.serves->nth].key;
    move.move.tag = models::tag_of(owner.actor, key % setup.queue.partitions, owner.number);
  }
  return result;
}

std::optional<PlayedExcerpt> play_leniently(const Excerpt& excerpt, const StrategyChoice& strategy,
                                            std::uint64_t moves_max) {
  scenarios::Simulation simulation(excerpt.scenario, strategy);
  LenientPlayer player(excerpt.moves, clients_in(excerpt.scenario), simulation.records());
  MoveLog log(player, moves_max);
  log.watch(simulation.records());
  simulation.choose_by(&log);
  const sim::RunEnd end = simulation.run(0, true);
  if (end.ending != sim::Ending::quiescent) return std::nullopt;
  const auto& records = simulation.records();
  // A client that a fault kept from an operation still has it in its list: so faults and lists stay in step.
  Excerpt played{.scenario = excerpt.scenario, .spans = excerpt.spans};
  Servant servant(records, clients_in(excerpt.scenario));
  for (std::size_t i = 0; i < log.moves().size(); ++i) {
    const std::size_t to = i + 1 < log.moves().size() ? log.records_then()[i + 1] : records.size();
    played.moves.push_back({log.moves()[i], servant.of(log.moves()[i].tag, log.records_then()[i], to)});
  }
  return PlayedExcerpt{std::move(played), records, end};
}

}  // namespace cacherace::exploration
