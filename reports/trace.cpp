#include "reports/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "reports/holdings.hpp"
#include "reports/json_parts.hpp"
#include "reports/step_words.hpp"
#include "reports/store_lanes.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

constexpr int clients = 1, stores = 2;  // the two "processes"

// Something of a client that lasts. What a client does after an operation's return, or no longer waits for,
// overlaps what it does else, and is beside it.
struct Slice {
  std::uint32_t client = 0;
  bool beside = false;
  std::string name;
  std::string answer;  // what came of it; empty: nothing is known
  std::int64_t start = 0;
  std::optional<std::int64_t> end;
  int depth = 0;                       // 0: a whole operation; 1: a part of one
  std::optional<std::size_t> arrives;  // the effect that a command has
};

struct Effect {
  std::size_t lane = 0;
  std::int64_t at = 0;
  std::string words;
  std::optional<Contents> held;
};

class Gathering {
 public:
  explicit Gathering(const Played& played)
      : played_(played), lanes_(played.scenario.setup, has_queue(played.strategy)) {}

  void gather() {
    Holdings holdings(played_.scenario.setup, lanes_.has_queue());
    for (const Record& record : played_.records) {
      last_ = std::max(last_, sim::nanos(record.at));
      while (const auto expiry = holdings.expire_one(record.at)) {
        effects.push_back({lanes_.redis(), sim::nanos(expiry->at), key_text(expiry->key) + " expires",
                           holdings.contents(expiry->key)});
      }
      const bool late = holdings.of(record.key).primary != models::number_of(record.row.value);
      holdings.apply(record);
      see(record, late, holdings);
    }
    for (Slice& slice : slices) finish(slice, last_);
  }

  std::vector<Slice> slices;
  std::vector<Effect> effects;

 private:
  using Work = std::tuple<std::uint32_t, std::uint32_t, bool, models::Command, models::Key>;
  static Work work_of(const Record& record) {
    return {record.client, record.operation, is_beside(record), record.command, record.key};
  }
  static bool is_beside(const Record& record) { return record.background || record.abandoned; }

  void see(const Record& record, bool late, Holdings& holdings) {
    const auto words = step_words(record, late);
    if (record.client == models::no_client || is_effect(record)) {
      if (words && record.fact != Fact::refused) {
        add_effect(record, *words, holdings);
        return;
      }
    }
    see_client(record, words.value_or(""));
  }

  void add_effect(const Record& record, const std::string& words, Holdings& holdings) {
    effects.push_back({lanes_.lane_of(record), sim::nanos(record.at), words, holdings.contents(record.key)});
    const auto command = commands_.find(work_of(record));
    if (record.client == models::no_client || command == commands_.end()) return;
    Slice& slice = slices[command->second];
    if (!slice.arrives) slice.arrives = effects.size() - 1;
    slice.answer = words;
  }

  void see_client(const Record& record, const std::string& words) {
    const auto at = sim::nanos(record.at);
    const auto place = std::pair(record.client, is_beside(record));
    switch (record.fact) {
      case Fact::invoked:
        operations_[record.operation] = open(record, words, 0);
        return;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        end_commands(record);
        close(operations_, record.operation, at, words);
        return;
      case Fact::taken:
        handled_[record.client] =
            open(record, fmt::format("handles {} = {}", key_text(record.key), version(record)), 0);
        return;
      case Fact::dealt_with:
        close(handled_, record.client, at, "");
        return;
      case Fact::issued:
        commands_[work_of(record)] = open(record, command_words(record), 1);
        return;
      case Fact::refused:
      case Fact::replied:
      case Fact::timed_out:
        close(commands_, work_of(record), at, record.fact == Fact::replied ? "" : words);
        return;
      case Fact::slept:
      case Fact::paused:
        sleeps_[place] = open(record, words, 1);
        return;
      case Fact::woke:
        close(sleeps_, place, at, "");
        return;
      default:
        if (!words.empty() && record.client != models::no_client) {
          finish(slices[open(record, words, 1)], at);
        }
    }
  }

  static std::string version(const Record& record) {
    return version_text(models::number_of(record.row.value));
  }

  std::size_t open(const Record& record, std::string name, int depth) {
    slices.push_back(
        {record.client, is_beside(record), std::move(name), "", sim::nanos(record.at), {}, depth});
    return slices.size() - 1;
  }

  template <class Key>
  void close(std::map<Key, std::size_t>& all, const Key& key, std::int64_t at, const std::string& answer) {
    const auto found = all.find(key);
    if (found == all.end()) return;
    if (!answer.empty()) slices[found->second].answer = answer;
    finish(slices[found->second], at);
    all.erase(found);
  }

  static void finish(Slice& slice, std::int64_t at) {
    if (!slice.end) slice.end = at;
  }

  // Of an operation that is over, by a crash too: nobody waits for them.
  void end_commands(const Record& record) {
    std::erase_if(commands_, [&](const auto& each) {
      const bool is_its = std::get<0>(each.first) == record.client &&
                          std::get<1>(each.first) == record.operation && !std::get<2>(each.first);
      if (is_its) finish(slices[each.second], sim::nanos(record.at));
      return is_its;
    });
  }

  const Played& played_;
  StoreLanes lanes_;
  std::int64_t last_ = 0;
  std::map<std::uint32_t, std::size_t> operations_, handled_;
  std::map<Work, std::size_t> commands_;
  std::map<std::pair<std::uint32_t, bool>, std::size_t> sleeps_;
};

class Trace {
 public:
  explicit Trace(const Played& played)
      : played_(played), lanes_(played.scenario.setup, has_queue(played.strategy)) {}

  Json events() {
    Gathering gathered(played_);
    gathered.gather();
    name_process(clients, "clients");
    name_process(stores, "stores");
    for (std::size_t lane = 0; lane < lanes_.names().size(); ++lane) {
      name_thread(stores, static_cast<int>(lane) + 1, lanes_.names()[lane]);
    }
    add_slices(gathered);
    for (const Effect& effect : gathered.effects) add_effect(effect);
    add_journeys();
    add_windows();
    return std::move(events_);
  }

 private:
  // Of an untimed order a step lasts a millisecond, less what keeps its slices apart.
  [[nodiscard]] double microseconds(std::int64_t at) const {
    constexpr double ns_per_us = 1000, us_per_step = 1000;
    return played_.timed ? static_cast<double>(at) / ns_per_us : static_cast<double>(at) * us_per_step;
  }
  [[nodiscard]] double lasts(std::int64_t from, std::int64_t to, int depth) const {
    constexpr double of_a_step = 900, less_inside = 100;
    return microseconds(to - from) + (played_.timed ? 0 : of_a_step - less_inside * depth);
  }

  void name_process(int process, std::string_view name) {
    events_.push_back({{"ph", "M"}, {"name", "process_name"}, {"pid", process}, {"args", {{"name", name}}}});
  }
  void name_thread(int process, int thread, std::string_view name) {
    events_.push_back({{"ph", "M"},
                       {"name", "thread_name"},
                       {"pid", process},
                       {"tid", thread},
                       {"args", {{"name", name}}}});
    events_.push_back({{"ph", "M"},
                       {"name", "thread_sort_index"},
                       {"pid", process},
                       {"tid", thread},
                       {"args", {{"sort_index", thread}}}});
  }

  // The thread for a slice of that client: the first beside its own that is free by then.
  int thread_for(const Slice& slice) {
    auto& of_client = threads_[slice.client];
    const std::size_t first = slice.beside ? 1 : 0;
    std::size_t place = first;
    while (slice.beside && place < of_client.size() && of_client[place].free_from > slice.start) ++place;
    while (of_client.size() <= place) {
      const auto number = of_client.size();
      of_client.push_back({next_thread_++, INT64_MIN});
      name_thread(clients, of_client.back().id,
                  played_.name(slice.client) + (number == 0 ? "" : fmt::format(", beside {}", number)));
    }
    of_client[place].free_from = *slice.end + 1;
    return of_client[place].id;
  }

  void add_slices(const Gathering& gathered) {
    std::vector<const Slice*> ordered;
    for (const Slice& slice : gathered.slices) ordered.push_back(&slice);
    std::ranges::stable_sort(ordered, {}, [](const Slice* slice) {
      return std::tuple(slice->client, slice->beside, slice->start, slice->depth);
    });
    for (const Slice* slice : ordered) {
      const int thread = thread_for(*slice);
      Json event = begin("X", slice->depth == 0 ? "operation" : "command", slice->name, clients, thread,
                         microseconds(slice->start));
      event["dur"] = lasts(slice->start, *slice->end, slice->depth);
      if (!slice->answer.empty()) event["args"] = {{"answer", slice->answer}};
      events_.push_back(std::move(event));
      if (slice->arrives) add_flow(*slice, thread, gathered.effects[*slice->arrives]);
    }
  }

  static Json begin(std::string_view phase, std::string_view category, std::string_view name, int process,
                    int thread, double at) {
    return {{"ph", phase}, {"cat", category}, {"name", name}, {"pid", process}, {"tid", thread}, {"ts", at}};
  }

  void add_flow(const Slice& slice, int thread, const Effect& effect) {
    Json leaves = begin("s", "flow", slice.name, clients, thread, microseconds(slice.start));
    Json arrives = begin("f", "flow", slice.name, stores, thread_of(effect.lane), microseconds(effect.at));
    leaves["id"] = arrives["id"] = ++flows_;
    arrives["bp"] = "e";
    events_.push_back(std::move(leaves));
    events_.push_back(std::move(arrives));
  }

  static int thread_of(std::size_t lane) { return static_cast<int>(lane) + 1; }

  // A nanosecond long: a slice without length is not drawn, and no flow can end at it.
  void add_effect(const Effect& effect) {
    constexpr double a_nanosecond = 0.001;
    Json event = begin("X", "effect", effect.words, stores, thread_of(effect.lane), microseconds(effect.at));
    event["dur"] = played_.timed ? a_nanosecond : lasts(effect.at, effect.at, 2);
    Json args = {{"key", effect.held->key},
                 {"redis", effect.held->redis.empty() ? "-" : effect.held->redis},
                 {"mysql", effect.held->primary}};
    if (!effect.held->replicas.empty()) args["replicas"] = effect.held->replicas;
    event["args"] = std::move(args);
    events_.push_back(std::move(event));
  }

  void add_span(std::string_view category, const std::string& name, std::int64_t from, std::int64_t to) {
    for (const auto& [phase, at] : {std::pair("b", from), std::pair("e", to)}) {
      Json event = begin(phase, category, name, stores, 1, microseconds(at));
      event["id"] = spans_ + 1;
      events_.push_back(std::move(event));
    }
    ++spans_;
  }

  // From a commit to where it arrives by itself: at replicas, and through the queue.
  void add_journeys() {
    std::map<models::WriteId, std::int64_t> commits;
    for (const Record& record : played_.records) {
      const auto at = sim::nanos(record.at);
      if (record.fact == Fact::committed) commits[record.row.value] = at;
      const auto commit = commits.find(record.row.value);
      if (commit == commits.end()) continue;
      const auto what =
          fmt::format("{} = {}", key_text(record.key), version_text(models::number_of(record.row.value)));
      if (record.fact == Fact::applied) {
        const auto name = fmt::format("{} to replica {}", what, record.replica + 1);
        add_span("replication", name, commit->second, at);
      }
      if (record.fact == Fact::delivered) add_span("queue", what + " in the queue", commit->second, at);
    }
  }

  void add_windows() {
    for (const verify::Window& window : played_.verdict.windows) {
      const auto cause = spaced(verify::cause_names[static_cast<std::size_t>(window.cause)]);
      const auto name = fmt::format("k{} wrong: {}", window.key, cause);
      add_span("window", name, window.from, window.to);
    }
  }

  struct Thread {
    int id;
    std::int64_t free_from;
  };

  const Played& played_;
  StoreLanes lanes_;
  Json events_ = Json::array();
  std::map<std::uint32_t, std::vector<Thread>> threads_;
  int next_thread_ = 1;
  std::uint64_t flows_ = 0, spans_ = 0;
};

// A trace has many events: each has a line.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string trace_document(const Played& played, const Source& source) {
  const Json about = {{"cacherace", source.version},
                      {"title", played.title},
                      {"time", played.timed ? "virtual" : "steps, a millisecond each"}};
  std::string text =
      "{\"displayTimeUnit\": \"ms\",\n\"otherData\": " + line_of(about) + ",\n\"traceEvents\": [";
  const char* before = "\n";
  for (const Json& event : Trace(played).events()) {
    text += before + line_of(event);
    before = ",\n";
  }
  return text + "\n]}\n";
}

}  // namespace cacherace::reports
