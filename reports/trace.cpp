#include "reports/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "reports/json_parts.hpp"
#include "reports/slices.hpp"
#include "reports/step_words.hpp"
#include "reports/store_lanes.hpp"
#include "reports/telling.hpp"
#include "reports/witness_table.hpp"
#include "reports/words.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

constexpr int clients = 1, stores = 2;  // the two "processes"

// Of the stores; those of the clients come after them. All differ, and from the processes', too: some
// programs know a thread by its number alone, and take a process's for that of its first thread.
constexpr int first_thread = 10;

// Of an order without time each record has an instant of its own, a millisecond after the one before.
Played with_instants(Played played) {
  if (played.timed) return played;
  std::int64_t ordinal = 0;
  constexpr std::int64_t millisecond = 1'000'000;
  for (Record& record : played.records) {
    record.at = sim::time_zero + sim::Duration(millisecond * ordinal++);
  }
  played.end.at = sim::time_zero + sim::Duration(millisecond * ordinal);
  return played;
}

class Trace {
 public:
  explicit Trace(const Played& played)
      : played_(played),
        lanes_(played.scenario.setup, has_queue(played.strategy)),
        next_thread_(thread_of(lanes_.names().size())) {}

  Json events() {
    const Slices gathered = slices_of(played_);
    name_process(clients, "clients");
    name_process(stores, "stores");
    for (std::size_t lane = 0; lane < lanes_.names().size(); ++lane) {
      name_thread(stores, thread_of(lane), lanes_.names()[lane]);
    }
    add_slices(gathered);
    std::set<std::size_t> arrived_at;
    for (const Slice& slice : gathered.slices) {
      if (slice.arrives) arrived_at.insert(*slice.arrives);
    }
    for (std::size_t i = 0; i < gathered.effects.size(); ++i) {
      add_effect(gathered.effects[i], i, arrived_at.contains(i));
    }
    add_journeys();
    add_windows();
    return std::move(events_);
  }

 private:
  static double microseconds(std::int64_t ns) {
    constexpr double ns_per_us = 1000;
    return static_cast<double>(ns) / ns_per_us;
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

  void add_slices(const Slices& gathered) {
    std::vector<const Slice*> ordered;
    for (const Slice& slice : gathered.slices) ordered.push_back(&slice);
    std::ranges::stable_sort(ordered, {}, [](const Slice* slice) {
      return std::tuple(slice->client, slice->beside, slice->start, slice->depth);
    });
    for (const Slice* slice : ordered) {
      const int thread = thread_for(*slice);
      Json event = begin("X", slice->depth == 0 ? "operation" : "command", slice->name, clients, thread,
                         microseconds(slice->start));
      event["dur"] = microseconds(*slice->end - slice->start);
      if (!slice->answer.empty()) event["args"] = {{"answer", slice->answer}};
      if (slice->arrives) {
        event["bind_id"] = flow_to(*slice->arrives);
        event["flow_out"] = true;
      }
      events_.push_back(std::move(event));
    }
  }

  static Json begin(std::string_view phase, std::string_view category, std::string_view name, int process,
                    int thread, double at) {
    return {{"ph", phase}, {"cat", category}, {"name", name}, {"pid", process}, {"tid", thread}, {"ts", at}};
  }

  // The flow that ends at that effect: named at both of its slices, so that equal instants do not matter.
  static std::string flow_to(std::size_t effect) { return fmt::format("0x{:x}", effect + 1); }

  static int thread_of(std::size_t lane) { return first_thread + static_cast<int>(lane); }

  // A nanosecond long: a slice without length is not drawn.
  void add_effect(const Effect& effect, std::size_t number, bool is_arrived_at) {
    constexpr double a_nanosecond = 0.001;
    Json event = begin("X", "effect", effect.words, stores, thread_of(effect.lane), microseconds(effect.at));
    event["dur"] = a_nanosecond;
    if (is_arrived_at) {
      event["bind_id"] = flow_to(number);
      event["flow_in"] = true;
    }
    if (effect.held) {
      Json args = {{"key", effect.held->key},
                   {"redis", effect.held->redis.empty() ? "-" : effect.held->redis},
                   {"mysql", effect.held->primary}};
      if (!effect.held->replicas.empty()) args["replicas"] = effect.held->replicas;
      if (lanes_.has_queue()) args["queue"] = effect.held->queue;
      event["args"] = std::move(args);
    }
    events_.push_back(std::move(event));
  }

  // All of one name share a track.
  void add_span(std::string_view category, const std::string& name, std::int64_t from, std::int64_t to,
                Json args) {
    ++spans_;
    for (const auto& [phase, at] : {std::pair("b", from), std::pair("e", to)}) {
      Json event = begin(phase, category, name, stores, thread_of(StoreLanes::redis()), microseconds(at));
      event["id"] = spans_;
      if (phase == std::string_view("b")) event["args"] = std::move(args);
      events_.push_back(std::move(event));
    }
  }

  // From a commit to where it arrives by itself: at replicas, and through the queue.
  void add_journeys() {
    std::map<models::WriteId, std::int64_t> commits;
    for (const Record& record : played_.records) {
      const auto at = sim::nanos(record.at);
      if (record.fact == Fact::committed) commits[record.row.value] = at;
      const auto commit = commits.find(record.row.value);
      if (commit == commits.end()) continue;
      Json what = {{"key", key_text(record.key)},
                   {"version", version_text(models::number_of(record.row.value))}};
      if (record.fact == Fact::applied) {
        const auto name = fmt::format("to replica {}", record.replica + 1);
        add_span("replication", name, commit->second, at, std::move(what));
      } else if (record.fact == Fact::delivered || record.fact == Fact::message_lost) {
        if (record.fact == Fact::message_lost) what["lost"] = true;
        add_span("queue", "in the queue", commit->second, at, std::move(what));
      }
    }
  }

  // Those of an untimed order are none: nothing takes time there.
  void add_windows() {
    if (!played_.timed) return;
    for (const verify::Window& window : played_.verdict.windows) {
      Json args = {{"key", fmt::format("k{}", window.key)},
                   {"cause", verify::cause_names[static_cast<std::size_t>(window.cause)]}};
      if (window.open) args["open_at_end"] = true;
      add_span("window", "cache wrong", window.from, window.to, std::move(args));
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
  int next_thread_;
  std::uint64_t spans_ = 0;
};

// A trace has many events: each has a line.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string trace_document(const Played& played, const Source& source) {
  const Json about = {{"cacherace", source.version},
                      {"title", played.title},
                      {"verdict", tell(played).verdict},
                      {"complete", played.is_judged},
                      {"time", played.timed ? "virtual" : "a millisecond for each thing that happens"}};
  std::string text =
      "{\"displayTimeUnit\": \"ms\",\n\"otherData\": " + line_of(about) + ",\n\"traceEvents\": [";
  const char* before = "\n";
  const Played with_time = with_instants(played);
  for (const Json& event : Trace(with_time).events()) {
    text += before + line_of(event);
    before = ",\n";
  }
  return text + "\n]}\n";
}

}  // namespace cacherace::reports
