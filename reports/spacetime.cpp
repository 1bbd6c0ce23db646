#include "reports/spacetime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "exploration/past.hpp"
#include "reports/draw_words.hpp"
#include "reports/holdings.hpp"
#include "reports/reason_words.hpp"
#include "reports/step_words.hpp"
#include "reports/store_lanes.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"
#include "reports/witness_table.hpp"
#include "scenarios/simulation.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using models::Command;
using models::Fact;
using models::Key;
using models::no_client;
using models::Record;

// A record, and what the picture makes of it.
struct Told {
  Record record;
  std::int64_t at = 0;
  bool drawn = true;  // else it only changes what the stores hold
  bool decides = false;
};

std::uint32_t actors_in(const models::Setup& setup) {
  std::uint32_t actors = 0;
  for (const auto& group : setup.clients) actors += group.count;
  return actors;
}

class Drawing {
 public:
  Drawing(const models::Setup& setup, bool has_queue, bool timed, const std::vector<Told>& told,
          const std::map<std::uint32_t, std::string>& names)
      : setup_(setup),
        has_queue_(has_queue),
        holdings_(setup_, has_queue),
        told_(told),
        lanes_(setup, has_queue) {
    if (!timed) setup_.redis.ttl.reset();  // where any step may take any time, nothing expires
    picture_.timed = timed;
    add_lanes(names);
    for (const Told& each : told_) {
      if (each.drawn) keys_.insert(each.record.key);
    }
  }
  Drawing(const Drawing&) = delete;
  Drawing& operator=(const Drawing&) = delete;

  Spacetime draw() {
    for (const Told& each : told_) see(each);
    for (const auto& [work, command] : sent_) {
      if (!command.effect) picture_.passages.push_back({.from = command.issue, .toward = command.server});
    }
    for (const std::size_t open : open_) picture_.stretches[open].to = picture_.moments.size() - 1;
    std::ranges::stable_sort(picture_.passages, {}, &Passage::from);
    return std::move(picture_);
  }

 private:
  struct Sent {
    std::size_t issue, server;
    std::optional<std::size_t> effect;
    bool given_up = false;  // its client waits no longer
  };
  using Work = std::tuple<std::uint32_t, std::uint32_t, bool, Command, Key>;

  void add_lanes(const std::map<std::uint32_t, std::string>& names) {
    const std::uint32_t actors = actors_in(setup_);
    const auto clients = [&](bool consume) {
      std::set<std::uint32_t> moving;
      for (const Told& each : told_) {
        const auto client = each.record.client;
        if (each.drawn && client != no_client && (client >= actors) == consume) moving.insert(client);
      }
      for (const auto client : moving) {
        lane_of_client_[client] = picture_.lanes.size();
        const auto name = names.find(client);
        picture_.lanes.push_back({consume ? LaneKind::consumer : LaneKind::client,
                                  name == names.end() ? "client" : printable(name->second)});
      }
    };
    clients(false);
    stores_ = picture_.lanes.size();
    const auto& names_of_stores = lanes_.names();
    for (std::size_t lane = 0; lane < names_of_stores.size(); ++lane) {
      picture_.lanes.push_back({kind_of(lane), names_of_stores[lane]});
    }
    clients(true);
  }

  [[nodiscard]] LaneKind kind_of(std::size_t store) const {
    if (store == StoreLanes::redis()) return LaneKind::redis;
    if (store == StoreLanes::primary()) return LaneKind::primary;
    return has_queue_ && store == lanes_.queue() ? LaneKind::queue : LaneKind::replica;
  }

  [[nodiscard]] std::size_t lane_of(const Record& record) const {
    const bool at_store = record.client == no_client || record.fact == Fact::applied ||
                          (is_effect(record) && record.fact != Fact::refused);
    if (at_store) return stores_ + lanes_.lane_of(record);
    const auto lane = lane_of_client_.find(record.client);
    return lane == lane_of_client_.end() ? stores_ : lane->second;
  }

  static Work work_of(const Record& record) {
    return {record.client, record.operation, record.background, record.command, record.key};
  }

  std::size_t add(const Told& told, std::size_t lane, std::string words) {
    const auto client = lane_of_client_.find(told.record.client);
    const std::size_t actor = client == lane_of_client_.end() ? lane : client->second;
    picture_.moments.push_back(
        {told.at, lane, actor, std::move(words), told.record.fact, told.decides, contents()});
    return picture_.moments.size() - 1;
  }

  void pass(std::size_t from, std::size_t to, bool is_reply = false) {
    picture_.passages.push_back({from, to, picture_.moments[to].lane, is_reply});
  }

  void see(const Told& told) {
    const Record& record = told.record;
    while (picture_.timed) {
      const auto expiry = holdings_.expire_one(record.at);
      if (!expiry) break;
      if (!picture_.moments.empty() && keys_.contains(expiry->key)) {
        Told gone{.at = sim::nanos(expiry->at)};
        gone.record.fact = Fact::expired;
        add(gone, stores_ + StoreLanes::redis(), key_text(expiry->key) + " expires");
      }
    }
    const bool late = holdings_.is_overtaken(record);
    holdings_.apply(record);
    if (told.drawn) draw(told, late);
  }

  void draw(const Told& told, bool late) {
    const Record& record = told.record;
    switch (record.fact) {
      case Fact::issued:
        depart(told);
        return;
      case Fact::replied:
        reply(told);
        return;
      case Fact::woke:
        close(sleeping_, record, add(told, lane_of(record), ""));
        return;
      default:
        break;
    }
    auto words = step_words(record, late);
    if (record.fact == Fact::delivered && !has_queue_) words.reset();
    if (!words) return;
    arrive(told, add(told, lane_of(record), *words));
  }

  void arrive(const Told& told, std::size_t moment) {
    const Record& record = told.record;
    if (is_effect(record)) take_effect(record, moment);
    if (record.fact == Fact::invoked) open(operating_, record, moment, true);
    if (record.fact == Fact::slept || record.fact == Fact::paused) open(sleeping_, record, moment, false);
    if (record.fact == Fact::timed_out) give_up(record);
    if (ends_operation(record.fact)) {
      answer_what_is_open(record, moment);
      close(operating_, record, moment);
    }
    if (record.fact == Fact::committed) commits_[record.row.value] = moment;
    if (record.fact == Fact::applied || record.fact == Fact::delivered) {
      const auto commit = commits_.find(record.row.value);
      if (commit != commits_.end()) pass(commit->second, moment);
    }
    if (record.fact == Fact::delivered) delivered_[record.row.value] = moment;
    const auto message = delivered_.find(record.for_write);
    if (record.client != no_client && record.client >= actors_in(setup_) && message != delivered_.end()) {
      const auto work = sent_.find(work_of(record));
      if (work != sent_.end()) pass(message->second, work->second.issue);
      delivered_.erase(message);
    }
  }

  void depart(const Told& told) {
    const std::size_t moment = add(told, lane_of(told.record), "");
    answer_what_is_open(told.record, moment);
    sent_[work_of(told.record)] = {.issue = moment, .server = stores_ + StoreLanes::server_of(told.record)};
  }

  void give_up(const Record& record) {
    const auto found = sent_.find(work_of(record));
    if (found == sent_.end()) return;
    if (found->second.effect) {
      sent_.erase(found);
    } else {
      found->second.given_up = true;
    }
  }

  // Whoever goes on has had the reply to the command before, also where a witness does not tell of it.
  void answer_what_is_open(const Record& record, std::size_t moment) {
    std::erase_if(sent_, [&](const auto& each) {
      const auto& [client, operation, background, command, key] = each.first;
      const bool is_his = client == record.client && operation == record.operation &&
                          background == record.background && !each.second.given_up;
      if (!is_his || !each.second.effect) return false;
      pass(*each.second.effect, moment, true);
      return true;
    });
  }

  // A command arrives where its effect is. One that is told without its departure left in the same step.
  void take_effect(const Record& record, std::size_t moment) {
    const auto found = sent_.find(work_of(record));
    const bool refused = record.fact == Fact::refused;
    if (found == sent_.end() || found->second.effect || refused) return;
    found->second.effect = moment;
    pass(found->second.issue, moment);
  }

  void reply(const Told& told) {
    const auto found = sent_.find(work_of(told.record));
    if (found == sent_.end() || !found->second.effect) return;
    const std::size_t from = *found->second.effect;
    pass(from, add(told, lane_of(told.record), ""), true);
    sent_.erase(found);
  }

  using Open = std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, std::size_t>;

  static std::tuple<std::uint32_t, std::uint32_t, bool> place_of(const Record& record, bool is_operation) {
    return {record.client, record.operation, !is_operation && record.background};
  }

  void open(Open& all, const Record& record, std::size_t moment, bool is_operation) {
    all[place_of(record, is_operation)] = picture_.stretches.size();
    open_.insert(picture_.stretches.size());
    picture_.stretches.push_back({moment, moment, is_operation, false});
  }

  void close(Open& all, const Record& record, std::size_t moment) {
    const auto found = all.find(place_of(record, &all == &operating_));
    if (found == all.end()) return;
    picture_.stretches[found->second].to = moment;
    picture_.stretches[found->second].ends = true;
    open_.erase(found->second);
    all.erase(found);
  }

  std::vector<Contents> contents() {
    std::vector<Contents> all;
    for (const Key key : keys_) all.push_back(holdings_.contents(key));
    return all;
  }

  models::Setup setup_;
  bool has_queue_;
  Holdings holdings_;
  const std::vector<Told>& told_;
  Spacetime picture_;
  StoreLanes lanes_;
  std::size_t stores_ = 0;  // the lane of the first store
  std::map<std::uint32_t, std::size_t> lane_of_client_;
  std::set<Key> keys_;
  std::map<Work, Sent> sent_;  // commands under way, and those that nobody answers
  std::map<models::WriteId, std::size_t> commits_, delivered_;
  Open operating_, sleeping_;
  std::set<std::size_t> open_;  // stretches without an end so far
};

bool is_same(const Record& a, const Record& b) {
  return a.at == b.at && a.fact == b.fact && a.client == b.client && a.operation == b.operation &&
         a.key == b.key && a.command == b.command && a.row == b.row && a.replica == b.replica;
}

// Of a run with too many moments those around the one that decides.
std::uint64_t shorten(std::vector<Told>& told) {
  const auto drawn = static_cast<std::size_t>(std::ranges::count_if(told, &Told::drawn));
  if (drawn <= moments_most) return 0;
  std::size_t place = 0, decider = drawn;
  for (const Told& each : told) {
    if (each.decides) decider = place;
    place += each.drawn ? 1U : 0U;
  }
  const std::size_t before = moments_most / 2;
  const std::size_t first = std::min(decider - std::min(decider, before), drawn - moments_most);
  place = 0;
  for (Told& each : told) {
    if (!each.drawn) continue;
    each.drawn = place >= first && place < first + moments_most;
    ++place;
  }
  return drawn - moments_most;
}

// What the stores did by themselves before anybody who takes part began.
void leave_out_before(std::vector<Told>& told) {
  for (Told& each : told) {
    if (!each.drawn) continue;
    if (each.record.client != no_client) return;
    each.drawn = false;
  }
}

void explain(Spacetime& picture, const Reason& reason, std::uint32_t replicas) {
  picture.cause = verify::cause_names[static_cast<std::size_t>(reason.cause)];
  picture.reason = reason_words(reason, replicas);
}

// What takes part in a violation: whole operations, and what happened to their keys meanwhile.
class Parts {
 public:
  Parts(const models::Setup& setup, const Witness& witness) : actors_(actors_in(setup)) {
    for (const WitnessStep& step : witness.steps) {
      for (const Record& record : step.records) {
        keys_.insert(record.key);
        if (record.client == no_client) continue;
        if (record.client < actors_) {
          operations_.emplace(record.client, record.operation);
        } else {
          consumed_.insert(record.for_write);
        }
      }
    }
  }

  [[nodiscard]] bool has(const Record& record) const {
    if (record.client == no_client) {
      if (record.fact == Fact::delivered) return consumed_.contains(record.row.value);
      return keys_.contains(record.key);
    }
    if (record.client < actors_) return operations_.contains({record.client, record.operation});
    return record.for_write != models::WriteId(0) && consumed_.contains(record.for_write);
  }

 private:
  std::uint32_t actors_;
  std::set<Key> keys_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> operations_;
  std::set<models::WriteId> consumed_;
};

}  // namespace

Spacetime spacetime_of_witness(const scenarios::Scenario& scenario, const scenarios::StrategyChoice& strategy,
                               const Witness& witness, Property property) {
  const models::Setup& setup = setup_of(scenario, witness);
  const Reason reason = reason_of(setup, witness, property);
  std::vector<Told> told;
  for (std::size_t step = 0; step < witness.steps.size(); ++step) {
    for (const Record& record : witness.steps[step].records) {
      const auto at = witness.timed ? sim::nanos(record.at) : static_cast<std::int64_t>(step + 1);
      told.push_back({record, at, true, step == reason.decider.step && is_counted(record)});
    }
  }
  Parts parts(setup, witness);
  if (witness.timed) {
    std::ranges::stable_sort(told, {}, &Told::at);
    for (const Record& record : witness.rest) {
      told.push_back({record, sim::nanos(record.at), parts.has(record)});
    }
  }
  const std::uint64_t left_out = shorten(told);
  Spacetime picture = Drawing(setup, has_queue(strategy), witness.timed, told, client_names(witness)).draw();
  picture.left_out = left_out;
  explain(picture, reason, setup.mysql.replicas);
  return picture;
}

std::variant<Spacetime, std::string> spacetime_of_run(const scenarios::Scenario& scenario,
                                                      const scenarios::StrategyChoice& strategy,
                                                      std::uint64_t run, Property property) {
  scenarios::Simulation simulation(scenario, strategy);
  const sim::RunEnd end = simulation.run(run, true);
  if (end.ending != sim::Ending::quiescent) return "the run did not come to its end";
  const auto& records = simulation.records();
  if (records.size() > records_most) {
    return fmt::format("the run has {} records; with more than {} none is drawn", count_text(records.size()),
                       count_text(records_most));
  }
  const auto name = [&](std::uint32_t client) { return simulation.client_name(client); };
  const Witness witness = tell_past(scenario.setup, records, end, property, name);
  if (witness.steps.empty()) return "the run does not show it";
  const Reason reason = reason_of(scenario.setup, witness, property);
  const Parts parts(scenario.setup, witness);
  std::vector<Told> told;
  std::map<std::uint32_t, std::string> names;
  for (const Record& record : records) {
    const bool decides = is_same(record, reason.decider.record);
    told.push_back({record, sim::nanos(record.at), parts.has(record), decides});
    if (record.client != no_client) names.try_emplace(record.client, name(record.client));
  }
  leave_out_before(told);
  const std::uint64_t left_out = shorten(told);
  Spacetime picture = Drawing(scenario.setup, has_queue(strategy), true, told, names).draw();
  picture.left_out = left_out;
  explain(picture, reason, scenario.setup.mysql.replicas);
  return picture;
}

}  // namespace cacherace::reports
