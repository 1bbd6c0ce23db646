// For each expectation of a shipped scenario a neighbour: a small change of the scenario under which it must
// fail. So no expectation is vacuous.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cacherace::scenarios {

struct Neighbour {
  const char* scenario;
  const char* strategy;                                           // of the expectation
  const char* figure;                                             // of the expectation
  std::vector<std::pair<std::string, std::string>> replacements;  // in the scenario's text, all occurrences
};

inline const std::vector<Neighbour>& neighbours() {
  static const std::vector<Neighbour> all = [] {
    using Replacements = std::vector<std::pair<std::string, std::string>>;
    const auto quoted = [](std::string name) { return '"' + std::move(name) + '"'; };
    const auto swap = [&](const char* from, const char* to) {
      return Replacements{{quoted(from), quoted(to)}};
    };
    const auto sleep = [](const char* from, const char* to) {
      return Replacements{{std::string(R"("sleep": ")") + from, std::string(R"("sleep": ")") + to}};
    };
    const Replacements never_happens = {{R"("occurrence": 1)", R"("occurrence": 2)"}};
    const Replacements rarer = {{R"("probability": 0.01)", R"("probability": 0.0000001)"}};
    const Replacements no_failed_delete = {{R"("probability": 0.2)", R"("probability": 0.0000001)"}};
    const Replacements cached = {{R"("cached": false)", R"("cached": true)"}};
    const Replacements from_primary = {{R"("read_from": "replica")", R"("read_from": "primary")"}};
    const Replacements one_writer = {{R"("name": "writer", "count": 2)", R"("name": "writer", "count": 1)"}};
    const Replacements deletes_fail = {{R"("command": "mysql.update", "client": "writer", "occurrence": 1)",
                                        R"("command": "redis.del", "client": "writer", "probability": 1)"}};
    const Replacements only_update = {{R"(["binlog-delete", "binlog-update"])", R"(["binlog-update"])"},
                                      {R"("strategy": "binlog-delete")", R"("strategy": "binlog-update")"}};
    const Replacements only_delete = {{R"(["binlog-delete", "binlog-update"])", R"(["binlog-delete"])"},
                                      {R"("strategy": "binlog-update")", R"("strategy": "binlog-delete")"}};
    const auto judge_instead = [](std::string from, std::string to) {
      return Replacements{{R"("strategy": ")" + from + '"', R"("strategy": ")" + to + '"'}};
    };
    const Replacements no_ttl_30s = {{R"(, "ttl": "30s")", ""}};
    const Replacements joined = {{R"("count": 200,)", R"("count": 200, "coalesce": true,)"}};
    const Replacements not_joined = {{R"("coalesce": true, )", ""}};
    const Replacements jittered = {{R"("ttl": "1s")", R"("ttl": "500ms", "ttl_jitter": "1s")"}};
    const Replacements not_jittered = {{R"("ttl": "500ms", "ttl_jitter": "1s")", R"("ttl": "1s")"}};
    const Replacements negative = {
        {R"(["200us", "600us"]})", R"(["200us", "600us"]}, "negative_ttl": "10s")"}};
    const Replacements lease_stays = swap("key and lease", "key");
    const Replacements not_negative = {{R"(, "negative_ttl": "10s")", ""}};
    const char* const dtw = "delete-then-write";
    const char* const wtd = "write-then-delete";
    const char* const ddd = "delayed-double-delete";
    return std::vector<Neighbour>{
        {"article/delete-first", dtw, "stuck.probability", swap(dtw, wtd)},
        {"article/delete-first", dtw, "windows.by_cause.no_invalidation", swap(dtw, wtd)},
        {"article/delete-first", dtw, "windows.by_cause.late_fill", swap(dtw, wtd)},
        {"article/write-first", wtd, "stuck.probability", swap(wtd, dtw)},
        {"article/write-first", wtd, "windows.by_cause.late_fill", cached},
        {"article/failed-delete", wtd, "stuck.probability", rarer},
        {"article/failed-delete", wtd, "windows.by_cause.failed_command", rarer},
        {"article/failed-write", "*", "stuck.runs", deletes_fail},
        {"article/failed-write", "*", "windows.state.count", deletes_fail},
        {"article/failed-write", "*", "reads.stale", deletes_fail},
        {"article/failed-write", "*", "writes.fail", deletes_fail},
        {"article/sleep-too-short", ddd, "stuck.probability", sleep("1ms", "60ms")},
        {"article/sleep-too-short",
         ddd,
         "windows.by_cause.late_fill",
         {{R"("sleep": "1ms")", R"("sleep": "1ms", "first_delete": false)"}}},
        {"article/sleep-long-enough", ddd, "stuck.runs", sleep("60ms", "1ms")},
        {"article/sleep-long-enough", ddd, "latency.write.p50_ns", sleep("60ms", "1ms")},
        {"article/sleep-and-lag", ddd, "stuck.probability", sleep("60ms", "500ms")},
        {"article/sleep-and-lag", ddd, "windows.by_cause.replica_lag", from_primary},
        {"article/sleep-covers-lag", ddd, "stuck.runs", sleep("500ms", "60ms")},
        {"article/sleep-covers-lag", ddd, "latency.write.p50_ns", sleep("500ms", "60ms")},
        {"article/sleep-covers-lag", ddd, "windows.by_cause.replica_lag", from_primary},
        {"article/ttl", "ttl-only", "stuck.permanent_runs", {{R"(, "ttl": "100ms")", ""}}},
        {"article/ttl", "ttl-only", "reads.stale_share", swap("ttl-only", wtd)},
        {"article/ttl", "ttl-only", "windows.by_cause.no_invalidation", swap("ttl-only", wtd)},
        {"article/ttl", "ttl-only", "stuck.heals_after.max_ns", {{R"("ttl": "100ms")", R"("ttl": "1s")"}}},
        {"article/double-delete-and-ttl", ddd, "stuck.permanent_runs", {{R"(, "ttl": "200ms")", ""}}},
        {"article/double-delete-and-ttl", ddd, "stuck.runs", sleep("1ms", "60ms")},
        {"article/double-delete-and-ttl",
         ddd,
         "stuck.heals_after.max_ns",
         {{R"("ttl": "200ms")", R"("ttl": "2s")"}}},
        {"own/delayed-double-delete", ddd, "stuck.probability", no_failed_delete},
        {"own/delayed-double-delete",
         "ours",
         "stuck.probability",
         {{R"("attempts": 5)", R"("attempts": 1)"}}},
        {"own/delayed-double-delete", "ours", "windows.by_cause.failed_command", no_failed_delete},
        {"own/wait-for-replica", wtd, "stuck.probability", judge_instead(wtd, "delete-and-wait")},
        {"own/wait-for-replica", "delete-and-wait", "stuck.probability",
         judge_instead("delete-and-wait", wtd)},
        {"own/lease", wtd, "stuck.runs", judge_instead(wtd, "with-lease")},
        {"own/lease", "with-lease", "stuck.runs", lease_stays},
        {"own/lease", "with-lease", "reads.stale", lease_stays},
        {"article/binlog-delete", "binlog-delete", "stuck.probability", swap("binlog-delete", "ttl-only")},
        {"article/binlog-delete", "binlog-delete", "windows.by_cause.in_flight",
         swap("binlog-delete", "ttl-only")},
        {"article/binlog-delete", "binlog-delete", "latency.write.p99_ns", swap("binlog-delete", ddd)},
        {"article/binlog-update", "binlog-update", "stuck.runs", swap("binlog-update", "ttl-only")},
        {"article/binlog-update", "binlog-update", "cache.hit_ratio", swap("binlog-update", "binlog-delete")},
        {"article/binlog-update", "binlog-update", "windows.by_cause.in_flight",
         swap("binlog-update", "ttl-only")},
        {"article/queue-loses", "*", "stuck.probability", rarer},
        {"article/queue-loses", "*", "windows.by_cause.lost_message", rarer},
        {"article/queue-repeats", "binlog-delete", "stuck.runs", only_update},
        {"article/queue-repeats", "binlog-update", "stuck.probability", only_delete},
        {"article/queue-repeats", "binlog-update", "windows.by_cause.reordered", only_delete},
        {"article/side-by-side", dtw, "stuck.probability", judge_instead(dtw, wtd)},
        {"article/side-by-side", wtd, "stuck.probability", judge_instead(wtd, dtw)},
        {"article/side-by-side", ddd, "stuck.probability", sleep("500ms", "1ms")},
        {"article/side-by-side", ddd, "latency.write.p50_ns", sleep("500ms", "250ms")},
        {"article/side-by-side", "ttl-only", "stuck.permanent_runs", no_ttl_30s},
        {"article/side-by-side", "binlog-update", "stuck.probability",
         judge_instead("binlog-update", "ttl-only")},
        {"article/side-by-side", "write-then-update", "windows.by_cause.reordered", one_writer},
        {"article/side-by-side", "update-then-write", "windows.by_cause.write_ahead",
         judge_instead("update-then-write", "write-then-update")},
        {"article/late-reader", ddd, "stuck.runs", sleep("10000001ns", "1ms")},
        {"article/late-reader-replica", ddd, "stuck.runs", sleep("50000001ns", "1ms")},
        {"article/every-order", wtd, "stuck.runs", judge_instead(wtd, dtw)},
        {"article/every-order", dtw, "stuck.runs", judge_instead(dtw, wtd)},
        {"causes/late-fill", wtd, "windows.by_cause.late_fill", cached},
        {"causes/replica-lag", wtd, "windows.by_cause.replica_lag", from_primary},
        {"causes/in-flight", wtd, "windows.by_cause.in_flight", swap(wtd, "ttl-only")},
        {"causes/failed-command", wtd, "windows.by_cause.failed_command", never_happens},
        {"causes/crash", wtd, "windows.by_cause.crash", never_happens},
        {"causes/lost-by-failover",
         wtd,
         "windows.by_cause.lost_by_failover",
         {{R"({"uniform": ["5ms", "20ms"]})", R"("0ms")"}}},
        {"causes/lost-message", "binlog-delete", "windows.by_cause.lost_message", never_happens},
        {"causes/reordered", "write-then-update", "windows.by_cause.reordered", one_writer},
        {"causes/no-invalidation", "ttl-only", "windows.by_cause.no_invalidation", swap("ttl-only", wtd)},
        {"causes/write-ahead", "update-then-write", "windows.by_cause.write_ahead",
         swap("update-then-write", "write-then-update")},
        {"load/stampede", wtd, "database.peak_concurrent_loads", joined},
        {"load/stampede", wtd, "database.reads_per_second.peak", joined},
        {"load/stampede-coalesced", wtd, "database.peak_concurrent_loads", not_joined},
        {"load/stampede-coalesced", wtd, "database.reads_per_second.peak", not_joined},
        {"load/stampede-coalesced", wtd, "reads.stale", not_joined},
        {"load/avalanche", wtd, "database.reads_per_second.peak", jittered},
        {"load/avalanche-jittered", wtd, "database.reads_per_second.peak", not_jittered},
        {"load/penetration", wtd, "cache.hit_ratio", negative},
        {"load/penetration", wtd, "database.reads_per_second.mean", negative},
        {"load/penetration-negative-caching", wtd, "cache.hit_ratio", not_negative},
        {"load/penetration-negative-caching", wtd, "database.reads_per_second.mean", not_negative},
    };
  }();
  return all;
}

}  // namespace cacherace::scenarios
