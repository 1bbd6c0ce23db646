#include "reports/sequence_diagram.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exploration/past.hpp"
#include "reports/explore_words.hpp"
#include "reports/step_words.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using namespace exploration;
using models::Command;
using models::Fact;
using models::Record;

constexpr std::string_view redis = "redis";
constexpr std::string_view mysql = "mysql";
constexpr std::string_view queue = "queue";

// Names from a scenario stand only in labels; in the diagram clients go by number, as a name may be a word of
// the language.
std::string id_of_client(std::uint32_t client) {
  return fmt::format("c{}", client + 1);
}

std::string version_of(const Record& record) {
  return version_text(models::number_of(record.row.value));
}

std::string row_of(const Record& record) {
  return fmt::format("{} = {}", key_text(record.key), version_of(record));
}

bool is_of_redis(Command command) {
  return command == Command::get || command == Command::set || command == Command::del ||
         command == Command::script;
}

class Diagram {
 public:
  Diagram(const models::Setup& setup, bool has_queue, const Witness& witness)
      : setup_(setup), has_queue_(has_queue), witness_(witness), names_(client_names(witness)) {}

  std::string draw(const Reason& reason) {
    text_ = "sequenceDiagram\n";
    introduce();
    for (std::size_t step = 0; step < witness_.steps.size(); ++step) {
      const bool decides = step == reason.decider.step;
      if (decides) begin_deciding(witness_.steps[step]);
      tell(witness_.steps[step]);
      if (decides) end_deciding();
    }
    return std::move(text_);
  }

 private:
  void introduce() {
    std::string consumers;
    for (const auto& [client, name] : names_) {
      const auto line =
          fmt::format("  participant {} as {}\n", id_of_client(client), diagram_text(printable(name)));
      (consumes(client) ? consumers : text_) += line;
    }
    for (const auto store : {redis, mysql}) text_ += fmt::format("  participant {}\n", store);
    for (std::uint32_t replica = 0; replica < setup_.mysql.replicas; ++replica) {
      text_ += fmt::format("  participant {} as {}\n", id_of_replica(replica), name_of_replica(replica));
    }
    if (has_queue_) text_ += fmt::format("  participant {}\n", queue);
    text_ += consumers;
  }

  // Whether the client is none of the scenario's: those come first.
  [[nodiscard]] bool consumes(std::uint32_t client) const {
    std::uint32_t actors = 0;
    for (const auto& group : setup_.clients) actors += group.count;
    return client >= actors;
  }

  static std::string id_of_replica(std::uint32_t replica) { return fmt::format("replica{}", replica + 1); }
  [[nodiscard]] std::string name_of_replica(std::uint32_t replica) const {
    return setup_.mysql.replicas > 1 ? fmt::format("replica {}", replica + 1) : "replica";
  }

  void begin_deciding(const WitnessStep& step) {
    indent_ = "    ";
    text_ += "  rect rgba(255, 80, 80, 0.2)\n";
    const auto mover = std::ranges::find_if(
        step.records, [](const Record& record) { return record.client != models::no_client; });
    note(mover == step.records.end() ? std::string(mysql) : id_of_client(mover->client), "this step decides");
  }

  void end_deciding() {
    indent_ = "  ";
    text_ += "  end\n";
  }

  void tell(const WitnessStep& step) {
    moment_ = witness_.timed && !step.records.empty()
                  ? fmt::format("({}) ", duration_text(sim::nanos(exploration::instant_of(step))))
                  : std::string();
    const auto before = text_.size();
    for (const Record& record : step.records) tell(record, step);
    if (text_.size() > before || step.records.empty()) return;
    const Record& last = step.records.back();
    if (last.client != models::no_client) note(id_of_client(last.client), words_of(step, names_).does);
  }

  void tell(const Record& record, const WitnessStep& step) {
    const std::string client = id_of_client(record.client);
    switch (record.fact) {
      case Fact::looked_up:
        arrow(client, "->>", redis, command_words(record));
        arrow(redis, "-->>", client, record.missing ? "miss" : version_of(record));
        break;
      case Fact::cache_set:
        arrow(client, "->>", redis, fmt::format("{} = {}", command_words(record), version_of(record)));
        break;
      case Fact::cache_deleted:
        arrow(client, "->>", redis, command_words(record));
        break;
      case Fact::unchanged:
        arrow(client, "->>", redis, command_words(record));
        arrow(redis, "-->>", client, "nothing changes");
        break;
      case Fact::committed:
        arrow(client, "->>", mysql, fmt::format("UPDATE {} commits", row_of(record)));
        publish(record, step);
        break;
      case Fact::selected: {
        const auto server = record.from_replica ? id_of_replica(record.replica) : std::string(mysql);
        arrow(client, "->>", server, command_words(record));
        arrow(server, "-->>", client, version_of(record));
        break;
      }
      case Fact::applied:
        arrow(mysql, "->>", id_of_replica(record.replica), row_of(record));
        break;
      case Fact::delivered:
        deliver(record, step);
        break;
      case Fact::refused:
        arrow(client, "-x", is_of_redis(record.command) ? redis : mysql, command_words(record));
        note(client, *step_words(record, false));
        break;
      default:
        tell_aside(record, client);
    }
  }

  // What passes between nobody.
  void tell_aside(const Record& record, const std::string& client) {
    if (record.client == models::no_client || record.fact == Fact::slept || record.fact == Fact::paused)
      return;
    Record told = record;
    if (record.fact == Fact::woke) told.fact = Fact::slept;  // a sleep is told when it is over
    if (const auto words = step_words(told, false)) note(client, *words);
  }

  void publish(const Record& commit, const WitnessStep& step) {
    if (!has_queue_) return;
    const bool lost = std::ranges::any_of(step.records, [&](const Record& record) {
      return record.fact == Fact::message_lost && record.row == commit.row;
    });
    arrow(mysql, lost ? "-x" : "->>", queue, row_of(commit) + (lost ? " is lost" : ""));
  }

  void deliver(const Record& message, const WitnessStep& step) {
    const auto consumer = std::ranges::find_if(step.records, [&](const Record& record) {
      return record.client != models::no_client && consumes(record.client);
    });
    if (consumer == step.records.end()) {
      note(std::string(queue), "delivers " + row_of(message));
    } else {
      arrow(queue, "->>", id_of_client(consumer->client), row_of(message));
    }
  }

  void arrow(std::string_view from, std::string_view kind, std::string_view to, const std::string& message) {
    text_ += fmt::format("{}{}{}{}: {}\n", indent_, from, kind, to, diagram_text(moment_ + message));
  }

  void note(const std::string& over, const std::string& message) {
    if (!message.empty()) text_ += fmt::format("{}Note over {}: {}\n", indent_, over, diagram_text(message));
  }

  const models::Setup& setup_;
  bool has_queue_;
  const Witness& witness_;
  ClientNames names_;
  std::string text_;
  std::string indent_ = "  ";
  std::string moment_;  // of the step, where time means anything
};

bool is_plain(char c) {
  constexpr std::string_view harmless = " .,_=()'/-";
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         harmless.find(c) != std::string_view::npos;
}

}  // namespace

std::string diagram_text(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    safe += is_plain(c) ? std::string(1, c) : fmt::format("#{};", static_cast<int>(c));
  }
  return safe.find_first_not_of(' ') == std::string::npos ? "?" : safe;
}

std::string sequence_diagram(const models::Setup& setup, bool has_queue, const Witness& witness,
                             const Reason& reason) {
  return Diagram(setup, has_queue, witness).draw(reason);
}

}  // namespace cacherace::reports
