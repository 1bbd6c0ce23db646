// The section faults: a list of objects with one key each, the kind of fault.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>

#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

using models::FaultKind;
using models::Moment;

constexpr std::uint64_t occurrence_max = 1'000'000'000'000;

constexpr std::array<std::string_view, 4> fail_keys = {"command", "client", "probability", "occurrence"};
constexpr std::array<std::string_view, 7> timeout_keys = {"command", "client",      "after",     "effect",
                                                          "delay",   "probability", "occurrence"};
constexpr std::array<std::string_view, 6> crash_keys = {"command", "client",      "at",
                                                        "for",     "probability", "occurrence"};
constexpr std::array<std::string_view, 6> pause_keys = {"command", "client",      "at",
                                                        "for",     "probability", "occurrence"};
constexpr std::array<std::string_view, 2> lose_keys = {"probability", "occurrence"};
constexpr std::array<std::string_view, 3> duplicate_keys = {"delay", "probability", "occurrence"};

constexpr std::array<std::string_view, 8> drop_keys = {"what", "time",   "count",       "command",
                                                       "at",   "client", "probability", "occurrence"};
constexpr std::array<std::string_view, 6> failover_keys = {"time",   "command",     "at",
                                                           "client", "probability", "occurrence"};
constexpr std::array<std::string_view, 7> restart_keys = {"snapshot", "time",        "command",   "at",
                                                          "client",   "probability", "occurrence"};
constexpr std::array<std::string_view, 7> partition_keys = {"between", "replica", "time",       "for",
                                                            "after",   "count",   "probability"};
constexpr std::array<std::string_view, 5> stall_keys = {"replica", "time", "for", "count", "probability"};
constexpr std::array<std::string_view, 8> jump_keys = {"by", "time",   "count",       "command",
                                                       "at", "client", "probability", "occurrence"};
constexpr std::array<std::string_view, 7> kill_keys = {"time",   "count",       "command",   "at",
                                                       "client", "probability", "occurrence"};

// In the order of models::fault_names.
constexpr std::array<Names, models::fault_names.size()> keys_of_kind = {
    Names(fail_keys),     Names(timeout_keys),   Names(crash_keys),     Names(pause_keys),
    Names(lose_keys),     Names(duplicate_keys), Names(duplicate_keys), Names(partition_keys),
    Names(stall_keys),    Names(drop_keys),      Names(drop_keys),      Names(kill_keys),
    Names(failover_keys), Names(restart_keys),   Names(jump_keys),      Names(failover_keys),
    Names(kill_keys)};

constexpr std::uint32_t strikes_max = 1000;

bool strikes_messages(FaultKind kind) {
  return kind == FaultKind::lose || kind == FaultKind::duplicate || kind == FaultKind::reorder;
}

bool any_has_consumers(const std::vector<StrategyChoice>& strategies) {
  return std::ranges::any_of(strategies, [](const StrategyChoice& choice) {
    return choice.info->make(choice.parameters)->service().consumers > 0;
  });
}

bool any_waits(const std::vector<StrategyChoice>& strategies) {
  return std::ranges::any_of(strategies, [](const StrategyChoice& choice) {
    return choice.info->make(choice.parameters)->service().waits_for_redis_replica;
  });
}

class FaultReader {
 public:
  FaultReader(Reading& reading, const std::vector<StrategyChoice>& strategies, const models::Setup& setup)
      : reading_(reading),
        consumers_possible_(strategies.empty() || any_has_consumers(strategies)),
        waits_possible_(strategies.empty() || any_waits(strategies)),
        ttl_possible_(strategies.empty() || anything_has_ttl(setup, strategies)),
        redis_has_replica_(setup.redis.replica),
        mysql_replicas_(setup.mysql.replicas) {
    for (const auto& group : setup.clients) client_names_.push_back(group.name);
    client_names_.push_back(models::consumer_name);
  }

  std::optional<models::Fault> read(JsonValue value) {
    const Fields fields(reading_, value, models::fault_names);
    if (!fields.is_object()) return std::nullopt;
    const auto kinds = value.children();
    if (kinds.size() != 1) {
      reading_.fault(value, kinds.empty() ? "no fault in here; expected " + either_of(models::fault_names)
                                          : "one object holds one fault; write a list of objects");
      return std::nullopt;
    }
    const auto name = std::ranges::find(models::fault_names, kinds.front().key());
    if (name == models::fault_names.end()) return std::nullopt;
    return read_kind(static_cast<FaultKind>(name - models::fault_names.begin()), kinds.front());
  }

 private:
  models::Fault read_kind(FaultKind kind, JsonValue value) {
    models::Fault fault;
    fault.kind = kind;
    const Fields fields(reading_, value, keys_of_kind[static_cast<std::size_t>(kind)]);
    if (!fields.is_object()) return fault;
    if (models::lasts(kind)) {
      read_outage(fields, fault);
      return fault;
    }
    if (models::is_about_stores(kind)) {
      read_store_fault(fields, fault);
      return fault;
    }
    if (strikes_messages(kind)) {
      if (!consumers_possible_) {
        reading_.fault_at_key(value,
                              "no strategy of this scenario has a queue, so this fault can never happen");
      }
    } else {
      read_target(fields, fault);
    }
    read_chance(fields, fault);
    if (kind == FaultKind::timeout) read_timeout(fields, fault);
    if (kind == FaultKind::crash) read_crash(fields, fault);
    if (kind == FaultKind::pause) read_pause(fields, fault);
    if (kind == FaultKind::duplicate || kind == FaultKind::reorder) {
      assign(fault.delay, fields.get("delay"), [&](JsonValue v) { return read_latency(reading_, v); });
    }
    return fault;
  }

  // At a command, or at instants of its own.
  void read_store_fault(const Fields& fields, models::Fault& fault) {
    assign(fault.thing, fields.get("what"), [&](JsonValue v) -> std::optional<models::Thing> {
      const auto choice = read_choice(reading_, v, models::thing_names);
      return choice ? std::optional(static_cast<models::Thing>(*choice)) : std::nullopt;
    });
    if (fault.kind == FaultKind::failover && !redis_has_replica_) {
      reading_.fault(fields.value(), "Redis has no replica to take over; write \"redis\": {\"replicas\": 1}");
    }
    if (fault.kind == FaultKind::restart) {
      assign(fault.snapshot, fields.require("snapshot", "write \"snapshot\": \"5ms\", when it is taken"),
             [&](JsonValue v) { return read_latency(reading_, v); });
    }
    if (fault.kind == FaultKind::database_failover && mysql_replicas_ == 0) {
      reading_.fault(fields.value(), "MySQL has no replica to take over; write \"mysql\": {\"replicas\": 1}");
    }
    if (fault.kind == FaultKind::rebalance && !consumers_possible_) {
      reading_.fault(fields.value(), no_consumers);
    }
    if (fault.kind == FaultKind::clock_jump) {
      const auto by = fields.require("by", "write \"by\": \"10s\", how far ahead");
      assign(fault.by, by, [&](JsonValue v) { return read_duration(reading_, v); });
      if (by && fault.by == sim::Duration{0}) reading_.fault(*by, "a jump by 0 is none; write how far");
      if (!ttl_possible_) {
        reading_.fault(fields.value(),
                       "nothing here has a TTL that a clock could end, so this fault can never happen; write "
                       "\"redis\": {\"ttl\": \"30s\"}");
      }
    }
    const auto time = fields.get("time");
    if (!time && !fields.get("command")) {
      reading_.fault(fields.value(),
                     "when? write \"time\": {\"uniform\": [\"0ms\", \"50ms\"]}, or the \"command\" at which");
      return;
    }
    if (!time) {
      forbid(fields, {"count"}, "does not go with \"command\"; write \"occurrence\", or \"time\" instead");
      read_target(fields, fault);
      read_chance(fields, fault);
      read_moment(fields, fault, pause_moments);
      return;
    }
    forbid(fields, {"command", "at", "occurrence"}, "does not go with \"time\"; remove one of them");
    if (fault.kind != FaultKind::kill) {
      forbid(fields, {"client"}, "does not go with \"time\", which strikes whatever clients do; remove it");
    }
    if (const auto client = fields.get("client"); client && fault.kind == FaultKind::kill) {
      if (read_choice(reading_, *client, client_names_)) fault.client = client->text();
    }
    read_instants(fields, *time, fault);
  }

  // When it strikes, how often, and whether at all.
  void read_instants(const Fields& fields, JsonValue time, models::Fault& fault) {
    if (auto latency = read_latency(reading_, time)) fault.time = std::move(*latency);
    assign(fault.probability, fields.get("probability"),
           [&](JsonValue v) { return read_number(reading_, v, 0.0, 1.0); });
    assign(fault.count, fields.get("count"), [&](JsonValue v) -> std::optional<std::uint32_t> {
      const auto count = read_count(reading_, v, 1, strikes_max);
      return count ? std::optional(static_cast<std::uint32_t>(*count)) : std::nullopt;
    });
  }

  // What goes on for a while.
  void read_outage(const Fields& fields, models::Fault& fault) {
    if (fault.kind == FaultKind::partition) {
      read_parties(fields, fault);
    } else {
      read_stalled(fields, fault);
    }
    assign(fault.length, fields.require("for", "write \"for\": \"1s\", how long it lasts"),
           [&](JsonValue v) { return read_latency(reading_, v); });
    if (const auto length = fields.get("for"); length && fault.length.support().max == sim::Duration{0}) {
      reading_.fault(*length, "it lasts for 0, which is not at all; write how long");
    }
    const auto time = fields.require("time", "write \"time\": \"20ms\", when it begins");
    if (time) read_instants(fields, *time, fault);
  }

  // "between": ["reader", "redis"], or ["mysql", "queue"].
  void read_parties(const Fields& fields, models::Fault& fault) {
    static constexpr std::string_view remedy =
        "write \"between\": [\"writer\", \"redis\"]: a client (or \"consumer\") and a store; or [\"mysql\", "
        "\"queue\"], [\"queue\", \"consumer\"], [\"mysql\", \"replica\"], [\"redis\", \"replica\"]";
    const auto between = fields.require("between", std::string(remedy));
    if (!between) return;
    const auto parties = between->children();
    if (!between->is(JsonKind::list) || parties.size() != 2) {
      reading_.fault(*between, "expected two parties; " + std::string(remedy));
      return;
    }
    read_link(parties[0], parties[1], fault);
    const auto after = fields.get("after");
    const bool of_client = fault.link == models::Link::client_store;
    if (!of_client && after) {
      reading_.fault_at_key(*after, "goes with a client, who gives up then; remove it");
    } else if (of_client) {
      assign(fault.after, fields.require("after", "write \"after\": \"50ms\", when the client gives up"),
             [&](JsonValue v) { return read_duration(reading_, v); });
    }
    const auto replica = fields.get("replica");
    if (!replica) return;
    if (fault.link == models::Link::mysql_replica) {
      if (mysql_replicas_ > 0) read_replica(*replica, fault);
    } else {
      reading_.fault_at_key(*replica, "goes with \"between\": [\"mysql\", \"replica\"]; remove it");
    }
  }

  // A client's name comes before what it may mean else.
  void read_link(JsonValue first, JsonValue second, models::Fault& fault) {
    static constexpr std::array<std::string_view, 3> servers = {"mysql", "redis", "queue"};
    std::vector<std::string_view> firsts(client_names_.begin(), client_names_.end());
    firsts.insert(firsts.end(), servers.begin(), servers.end());
    const auto chosen = read_choice(reading_, first, firsts);
    if (!chosen) return;
    if (*chosen < client_names_.size()) {
      const auto store = read_choice(reading_, second, models::store_names);
      if (!store) return;
      fault.store = static_cast<models::Store>(*store);
      fault.client = first.text();
      if (fault.client == models::consumer_name && !consumers_possible_) reading_.fault(first, no_consumers);
      return;
    }
    fault.link = models::Link::mysql_queue;  // whatever is wrong with the other one: no client is meant
    std::vector<std::string_view> seconds;
    for (const auto& [from, to] : models::link_names) {
      if (from == first.text()) seconds.push_back(to);
    }
    const auto other = read_choice(reading_, second, seconds);
    if (!other) return;
    const auto link = std::ranges::find(models::link_names, std::array{firsts[*chosen], seconds[*other]});
    fault.link = static_cast<models::Link>(link - models::link_names.begin());
    refuse_missing_party(first, fault.link);
  }

  void refuse_missing_party(JsonValue first, models::Link link) {
    const bool of_queue = link == models::Link::mysql_queue || link == models::Link::queue_consumer;
    if (of_queue && !consumers_possible_) reading_.fault(first, no_consumers);
    if (link == models::Link::mysql_replica && mysql_replicas_ == 0) {
      reading_.fault(first, "MySQL has no replica; write \"mysql\": {\"replicas\": 1}");
    }
    if (link == models::Link::redis_replica && !redis_has_replica_) {
      reading_.fault(first, "Redis has no replica; write \"redis\": {\"replicas\": 1}");
    }
  }

  void read_stalled(const Fields& fields, models::Fault& fault) {
    if (mysql_replicas_ == 0) {
      reading_.fault(fields.value(), "MySQL has no replica; write \"mysql\": {\"replicas\": 1}");
      return;
    }
    if (const auto number = fields.get("replica")) read_replica(*number, fault);
  }

  // Counted from 1.
  void read_replica(JsonValue number, models::Fault& fault) {
    const auto count = read_count(reading_, number, 1, mysql_replicas_);
    if (count) fault.replica = static_cast<std::uint32_t>(*count - 1);
  }

  void forbid(const Fields& fields, std::initializer_list<std::string_view> keys, const std::string& why) {
    for (const auto key : keys) {
      if (const auto value = fields.get(key)) reading_.fault_at_key(*value, why);
    }
  }

  void read_target(const Fields& fields, models::Fault& fault) {
    const auto command = fields.require("command", "write \"command\": \"redis.del\", say");
    assign(fault.command, command, [&](JsonValue v) -> std::optional<models::Command> {
      const auto choice = read_choice(reading_, v, models::command_names);
      return choice ? std::optional(static_cast<models::Command>(*choice)) : std::nullopt;
    });
    if (fault.command == models::Command::wait && !waits_possible_) {
      reading_.fault(*command, "no strategy of this scenario sends WAIT, so this fault can never happen");
    }
    const auto client = fields.get("client");
    if (!client) return;
    const auto choice = read_choice(reading_, *client, client_names_);
    if (!choice) return;
    fault.client = client->text();
    if (*fault.client != models::consumer_name) return;
    if (!consumers_possible_) reading_.fault(*client, no_consumers);
  }

  // A consumer's place is taken by another after a while; others stay away.
  void read_crash(const Fields& fields, models::Fault& fault) {
    read_moment(fields, fault, crash_moments);
    const auto length = fields.get("for");
    if (length && fault.client != models::consumer_name) {
      reading_.fault_at_key(
          *length, "goes with \"client\": \"consumer\", whose place another takes; others never come back");
    }
    assign(fault.length, length, [&](JsonValue v) { return read_latency(reading_, v); });
  }

  void read_chance(const Fields& fields, models::Fault& fault) {
    const auto probability = fields.get("probability");
    const auto occurrence = fields.get("occurrence");
    if (probability && occurrence) {
      reading_.fault_at_key(*occurrence, "does not go with \"probability\"; remove one of them");
    } else if (!probability && !occurrence) {
      reading_.fault(fields.value(), "when? write \"occurrence\": 1 (the first), or \"probability\": 0.01");
    }
    assign(fault.occurrence, occurrence,
           [&](JsonValue v) { return read_count(reading_, v, 1, occurrence_max); });
    assign(fault.probability, probability, [&](JsonValue v) { return read_number(reading_, v, 0.0, 1.0); });
    if (fault.probability == 0.0) {
      reading_.fault(*probability, "a probability of 0 never strikes; expected more, up to 1");
    }
  }

  void read_timeout(const Fields& fields, models::Fault& fault) {
    static constexpr std::array<std::string_view, 2> effects = {"none", "applied"};
    const auto after = fields.require("after", "write \"after\": \"50ms\", when the client gives up");
    assign(fault.after, after, [&](JsonValue v) { return read_duration(reading_, v); });
    assign(fault.takes_effect, fields.get("effect"),
           [&](JsonValue v) { return read_choice(reading_, v, effects); });
    const auto delay = fields.get("delay");
    assign(fault.delay, delay, [&](JsonValue v) { return read_latency(reading_, v); });
    if (delay && !fault.takes_effect) {
      reading_.fault_at_key(*delay, "has no effect where \"effect\" is \"none\"; remove one of them");
    }
  }

  void read_pause(const Fields& fields, models::Fault& fault) {
    read_moment(fields, fault, pause_moments);
    assign(fault.length, fields.require("for", "write \"for\": \"1s\", how long the client stands still"),
           [&](JsonValue v) { return read_latency(reading_, v); });
  }

  struct NamedMoment {
    std::string_view name;
    Moment moment;
  };
  static constexpr std::array<NamedMoment, 3> crash_moments = {
      {{"before", Moment::before}, {"sent", Moment::sent}, {"after", Moment::after}}};
  static constexpr std::array<NamedMoment, 2> pause_moments = {
      {{"before", Moment::before}, {"after", Moment::after}}};

  void read_moment(const Fields& fields, models::Fault& fault, std::span<const NamedMoment> moments) {
    std::vector<std::string_view> names;
    for (const auto& moment : moments) names.push_back(moment.name);
    assign(fault.moment, fields.get("at"), [&](JsonValue v) -> std::optional<Moment> {
      const auto choice = read_choice(reading_, v, names);
      return choice ? std::optional(moments[*choice].moment) : std::nullopt;
    });
  }

  static constexpr const char* no_consumers =
      "no strategy of this scenario has consumers, so this fault can never happen";

  Reading& reading_;
  bool consumers_possible_;
  bool waits_possible_;
  bool ttl_possible_;
  bool redis_has_replica_;
  std::uint32_t mysql_replicas_;
  std::vector<std::string_view> client_names_;
};

}  // namespace

bool anything_has_ttl(const models::Setup& setup, const std::vector<StrategyChoice>& strategies) {
  const auto keeps_guards = [](const StrategyChoice& choice) {
    if (choice.own != nullptr) return choice.info->takes_guards;
    return std::ranges::any_of(choice.info->parameters,
                               [](const auto& parameter) { return parameter.name.ends_with("_ttl"); });
  };
  return setup.redis.ttl || setup.redis.negative_ttl || std::ranges::any_of(strategies, keeps_guards);
}

void read_faults(Reading& reading, JsonValue value, const std::vector<StrategyChoice>& strategies,
                 models::Setup& setup) {
  if (!value.is(JsonKind::list)) {
    reading.fault(value,
                  wrong_kind(value, R"(a list, as [{"fail": {"command": "redis.del", "occurrence": 1}}])"));
    return;
  }
  FaultReader reader(reading, strategies, setup);
  for (const auto& entry : value.children()) {
    if (auto fault = reader.read(entry)) setup.faults.push_back(std::move(*fault));
  }
}

}  // namespace cacherace::scenarios
