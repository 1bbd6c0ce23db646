#include "exploration/run_excerpt.hpp"

#include <algorithm>
#include <map>

#include "exploration/past.hpp"
#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

using models::Actor;
using models::Fact;
using models::FaultKind;
using models::Record;

class Sequence {
 public:
  Sequence(const Scenario& scenario, const std::vector<Record>& records)
      : setup_(scenario.setup), records_(records), actors_(clients_in(scenario)) {
    for (const auto& group : setup_.clients) groups_.insert(groups_.end(), group.count, group.name);
    std::vector<std::uint32_t> invoked(actors_, 0);
    for (const Record& record : records) {
      if (record.fact != Fact::invoked) continue;
      places_[record.operation] = {record.client, invoked[record.client]++};
      if (record.kind == models::OperationKind::write) writes_[record.row.value] = places_[record.operation];
    }
  }

  std::vector<ServingMove> moves() {
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const Record& record = records_[i];
      switch (record.fact) {
        case Fact::issued:
          if (ending_of(i) == Fact::timed_out) of_client(i, i);
          break;
        case Fact::applied:
          add(models::tag_of(Actor::replica, record.replica), written_by(record.row.value));
          break;
        case Fact::delivered:
          delivered_.push_back(i);
          break;
        case Fact::timed_out:
          of_client(i, SIZE_MAX);
          break;
        default:
          if (is_counted(record) && record.client != models::no_client) of_client(i, issue_of(i));
      }
    }
    return std::move(moves_);
  }

 private:
  void add(sim::Tag tag, std::optional<OperationPlace> serves, sim::Choices picks = {}) {
    moves_.push_back({{.tag = tag, .picks = std::move(picks)}, serves});
  }

  // `issue`: of the command that takes effect, or of which the client learns; SIZE_MAX: none.
  void of_client(std::size_t at, std::size_t issue) {
    const Record& record = records_[at];
    const bool consumes = record.client >= actors_;
    if (consumes && deliver(record.for_write)) return;
    const auto place = consumes ? written_by(record.for_write) : places_.at(record.operation);
    add(models::tag_of(actor_of(at, issue), record.client), place,
        issue == SIZE_MAX ? sim::Choices{} : picks_of(issue));
  }

  // A message goes together with what its consumer does first: then it is delivered. Whether there was one.
  bool deliver(models::WriteId value) {
    const auto is_it = [&](std::size_t at) { return records_[at].row.value == value; };
    const auto message = std::ranges::find_if(delivered_, is_it);
    if (message == delivered_.end()) return false;
    add(models::tag_of(Actor::partition, records_[*message].number), written_by(value));
    delivered_.erase(message);
    return true;
  }

  // What takes effect for a client that does not wait for it is a work of its own.
  [[nodiscard]] Actor actor_of(std::size_t at, std::size_t issue) const {
    const Record& record = records_[at];
    if (issue < at && record.fact != Fact::crashed) {
      const Fact ending = ending_of(issue);
      if (ending == Fact::timed_out || ending == Fact::crashed) return Actor::late_command;
    }
    return record.background ? Actor::background : Actor::client;
  }

  // What the client learns of the command issued at `issue`.
  [[nodiscard]] Fact ending_of(std::size_t issue) const {
    for (std::size_t i = issue + 1; i < records_.size(); ++i) {
      if (!same_work(records_[i], records_[issue])) continue;
      const Fact fact = records_[i].fact;
      if (fact == Fact::timed_out || fact == Fact::refused || fact == Fact::crashed || fact == Fact::replied)
        return fact;
    }
    return Fact::crashed;
  }

  [[nodiscard]] std::size_t issue_of(std::size_t at) const {
    if (records_[at].fact == Fact::woke) return SIZE_MAX;
    for (std::size_t i = at; i-- > 0;) {
      if (records_[i].fact == Fact::issued && same_work(records_[i], records_[at])) return i;
    }
    return SIZE_MAX;
  }

  static bool same_work(const Record& a, const Record& b) {
    return a.client == b.client && a.operation == b.operation && a.background == b.background;
  }

  // What chance decided about a command: the replica, then of each fault that may strike it whether it did.
  [[nodiscard]] sim::Choices picks_of(std::size_t issue) const {
    const Record& command = records_[issue];
    sim::Choices picks;
    if (command.from_replica && setup_.mysql.replicas > 1) {
      picks.push_back(static_cast<std::uint16_t>(command.replica));
    }
    const Fact ending = ending_of(issue);
    bool struck = false;
    for (const models::Fault& fault : setup_.faults) {
      const bool open = fault.probability && *fault.probability > 0.0 && *fault.probability < 1.0;
      if (!open || fault.command != command.command) continue;
      if (fault.client && *fault.client != group_of(command.client)) continue;
      const bool strikes = !struck && ((fault.kind == FaultKind::fail && ending == Fact::refused) ||
                                       (fault.kind == FaultKind::timeout && ending == Fact::timed_out) ||
                                       (fault.kind == FaultKind::crash && ending == Fact::crashed));
      struck = struck || strikes;
      picks.push_back(strikes ? 1 : 0);
    }
    if (command.command == models::Command::update) add_fate(command.row.value, picks);
    return picks;
  }

  // What became of the message about a commit.
  void add_fate(models::WriteId value, sim::Choices& picks) const {
    const auto count = [&](Fact fact) {
      return std::ranges::count_if(
          records_, [&](const Record& record) { return record.fact == fact && record.row.value == value; });
    };
    for (const models::Fault& fault : setup_.faults) {
      const bool open = fault.probability && *fault.probability > 0.0 && *fault.probability < 1.0;
      const bool loses = fault.kind == FaultKind::lose;
      if (!open || (!loses && fault.kind != FaultKind::duplicate)) continue;
      picks.push_back((loses ? count(Fact::message_lost) > 0 : count(Fact::delivered) > 1) ? 1 : 0);
    }
  }

  [[nodiscard]] std::string_view group_of(std::uint32_t client) const {
    return client < actors_ ? std::string_view(groups_[client]) : models::consumer_name;
  }

  [[nodiscard]] std::optional<OperationPlace> written_by(models::WriteId value) const {
    const auto found = writes_.find(value);
    return found == writes_.end() ? std::nullopt : std::optional(found->second);
  }

  const models::Setup& setup_;
  const std::vector<Record>& records_;
  std::uint32_t actors_;
  std::vector<std::string> groups_;  // the name of each client's
  std::map<std::uint32_t, OperationPlace> places_;
  std::map<models::WriteId, OperationPlace> writes_;
  std::vector<std::size_t> delivered_;  // messages of which the consumer has done nothing yet
  std::vector<ServingMove> moves_;
};

std::vector<std::vector<OperationSpan>> spans_of(const std::vector<Record>& records, std::size_t clients) {
  std::vector<std::vector<OperationSpan>> spans(clients);
  std::vector<OperationPlace> places;
  for (const Record& record : records) {
    switch (record.fact) {
      case Fact::invoked:
        places.push_back({record.client, static_cast<std::uint32_t>(spans[record.client].size())});
        spans[record.client].push_back({record.at, sim::time_never});
        break;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        spans[record.client][places[record.operation].nth].to = record.at;
        break;
      default:
        break;
    }
  }
  return spans;
}

}  // namespace

Excerpt excerpt_of_run(const Scenario& scenario, const std::vector<Record>& records) {
  Excerpt excerpt{.scenario = untimed(scenario)};
  excerpt.scenario.setup.clients = clients_of(excerpt.scenario, records);
  excerpt.spans = spans_of(records, excerpt.scenario.setup.clients.size());
  excerpt.moves = Sequence(scenario, records).moves();
  return only(excerpt, excerpt.operations());
}

}  // namespace cacherace::exploration
