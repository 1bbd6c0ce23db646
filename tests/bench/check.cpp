// The verdict on generated register histories, beside std::sort of the same timestamps in the same run.
#include "verify/check.hpp"

#include <malloc.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "measure.hpp"
#include "verify/formats/reader.hpp"

namespace cacherace::bench {
namespace {

using verify::History;
using verify::Nanos;
using verify::Operation;
using verify::OperationKind;
using verify::Outcome;

enum class Kind : std::uint8_t { linearizable, one_stale_read, some_unknown };
constexpr const char* names[] = {"linearizable", "one stale read", "1 % unknown"};

// Each client does one operation after the other; half are reads. An operation takes effect half way, and
// operations are made in the order of their effects.
class Generator {
 public:
  History make(std::size_t operations, std::uint32_t clients, Kind kind) {
    History history;
    history.operations.reserve(operations);
    std::vector<Nanos> free(clients, 0);
    for (std::uint32_t client = 0; client < clients; ++client) free[client] = below(1000);
    using Start = std::pair<Nanos, std::uint32_t>;
    std::priority_queue<Start, std::vector<Start>, std::greater<>> starts;
    for (std::uint32_t client = 0; client < clients; ++client) starts.emplace(free[client], client);
    for (std::size_t i = 0; i < operations; ++i) {
      const auto [start, client] = starts.top();
      starts.pop();
      Operation one;
      one.client = client;
      one.start = start;
      one.end = start + 100 + below(900);
      one.kind = below(2) == 0 ? OperationKind::write : OperationKind::read;
      starts.emplace(one.end + 1 + below(300), client);
      history.operations.push_back(one);
    }
    let_happen(history);
    spoil(history, kind);
    return history;
  }

 private:
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>((state_ >> 33U) % n);
  }

  static void let_happen(History& history) {
    std::vector<std::pair<Nanos, std::uint32_t>> effects;
    effects.reserve(history.operations.size());
    for (std::uint32_t i = 0; i < history.operations.size(); ++i) {
      effects.emplace_back(
          history.operations[i].start + (history.operations[i].end - history.operations[i].start) / 2, i);
    }
    std::sort(effects.begin(), effects.end());
    verify::Value newest = 0;
    verify::Value writes = 0;
    for (Operation& one : history.operations) {
      if (one.kind == OperationKind::write) one.value = ++writes;
    }
    for (const auto& [at, i] : effects) {
      Operation& one = history.operations[i];
      if (one.kind == OperationKind::write) {
        newest = one.value;
      } else {
        one.value = newest;
      }
    }
  }

  void spoil(History& history, Kind kind) {
    if (kind == Kind::some_unknown) {
      for (Operation& one : history.operations) {
        if (below(100) != 0) continue;
        one.outcome = Outcome::unknown;
        one.end = verify::never;
      }
    }
    if (kind != Kind::one_stale_read) return;
    std::size_t i = history.operations.size() - history.operations.size() / 100 - 1;
    while (history.operations[i].kind != OperationKind::read) --i;
    history.operations[i].value = history.operations[i].value > 200 ? history.operations[i].value - 200 : 0;
  }

  std::uint64_t state_ = 42;
};

// Bytes of memory, now or at most since the last reset, as the kernel counts them.
std::size_t resident(const char* field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return 1024 * std::stoul(line.substr(line.find_first_of("0123456789")));
  }
  return 0;
}

// What `run` takes beyond what is there before.
std::size_t peak_bytes(const std::function<void()>& run) {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
  const std::size_t before = resident("VmRSS");
  run();
  return resident("VmHWM") - std::min(before, resident("VmHWM"));
}

void report(std::size_t operations, std::uint32_t clients, Kind kind) {
  const History history = Generator().make(operations, clients, kind);
  std::size_t wrong = 0;
  const auto judge = [&](verify::Checker& checker, bool measures) {
    verify::CheckOptions options;
    options.measures = measures;
    const auto verdict = checker.check(history, options);
    wrong += verdict.linearizable == (kind != Kind::one_stale_read) ? 0 : 1;
  };
  const auto bytes = [&](bool measures) {
    const std::size_t more = peak_bytes([&] {
      verify::Checker cold;
      judge(cold, measures);
    });
    return static_cast<double>(sizeof(Operation)) +
           static_cast<double>(more) / static_cast<double>(operations);
  };
  verify::Checker checker;
  std::vector<Nanos> times;
  const auto sort = [&] {
    times.clear();
    for (const Operation& one : history.operations) {
      times.push_back(one.start);
      times.push_back(one.end);
    }
    std::sort(times.begin(), times.end());
  };
  const int rounds = operations > 1'000'000 ? 1 : operations > 100'000 ? 3 : 9;
  const auto seconds = medians({[&] { judge(checker, false); }, [&] { judge(checker, true); }, sort}, rounds);
  const double each = 1e9 / static_cast<double>(operations);
  fmt::print(
      "check, {:8} operations, {:2} clients, {:14}: verdict {:5.1f} ns ({:4.2f} of a sort), {:3.0f} bytes; ",
      operations, clients, names[static_cast<int>(kind)], seconds[0] * each, seconds[0] / seconds[2],
      bytes(false));
  fmt::print("with measures {:5.1f} ns ({:4.2f}), {:3.0f} bytes; sorting their times {:5.1f} ns\n",
             seconds[1] * each, seconds[1] / seconds[2], bytes(true), seconds[2] * each);
  CHECK(wrong == 0);
}

void write_json_lines(const History& history, const std::string& path) {
  std::ofstream file(path);
  fmt::memory_buffer lines;
  for (const Operation& one : history.operations) {
    const bool write = one.kind == OperationKind::write;
    fmt::format_to(std::back_inserter(lines),
                   R"({{"client": {}, "op": "{}", "key": "k0", "value": {}, "start": {}, )", one.client,
                   write ? "write" : "read", one.value, one.start);
    if (one.outcome == Outcome::ok) {
      fmt::format_to(std::back_inserter(lines), "\"end\": {}, \"outcome\": \"ok\"}}\n", one.end);
    } else {
      fmt::format_to(std::back_inserter(lines), "\"end\": null, \"outcome\": \"unknown\"}}\n");
    }
    if (lines.size() < (std::size_t{1} << 20U)) continue;
    file.write(lines.data(), static_cast<std::streamsize>(lines.size()));
    lines.clear();
  }
  file.write(lines.data(), static_cast<std::streamsize>(lines.size()));
}

// From a file in the folder for temporary ones to the verdict with all measures.
void report_file(std::size_t operations, Kind kind) {
  constexpr std::uint32_t clients = 16;
  const auto path = std::filesystem::temp_directory_path() / "cacherace-bench.jsonl";
  write_json_lines(Generator().make(operations, clients, kind), path);
  double reading = 0, judging = 0;
  std::optional<bool> verdict;
  const std::size_t bytes = peak_bytes([&] {
    const double begin = cpu_seconds();
    const auto read = verify::formats::read_histories(path);
    const double between = cpu_seconds();
    verdict = verify::Checker().check(read.histories.at(0)).linearizable;
    reading = between - begin;
    judging = cpu_seconds() - between;
  });
  const double each = 1e9 / static_cast<double>(operations);
  fmt::print(
      "check, {:8} operations, {} clients, {:14}, from a JSON Lines file of {} MB: reading {:5.1f} ns, "
      "judging "
      "{:5.1f} ns, {:3.0f} bytes an operation at most\n",
      operations, clients, names[static_cast<int>(kind)], std::filesystem::file_size(path) / 1'000'000,
      reading * each, judging * each, static_cast<double>(bytes) / static_cast<double>(operations));
  std::filesystem::remove(path);
  CHECK(verdict == (kind != Kind::one_stale_read));
}

void report_all(std::size_t operations) {
  for (const std::uint32_t clients : {4U, 16U, 64U}) {
    for (const Kind kind : {Kind::linearizable, Kind::one_stale_read, Kind::some_unknown}) {
      report(operations, clients, kind);
    }
  }
}

}  // namespace

TEST_CASE("check") {
  for (const std::size_t operations : {10'000U, 100'000U, 1'000'000U}) report_all(operations);
}

TEST_CASE("check from a file") {
  for (const Kind kind : {Kind::linearizable, Kind::one_stale_read}) report_file(1'000'000, kind);
}

TEST_CASE("check ten million", "[.large]") {
  report_all(10'000'000);
}

// A file of more than 1 GB.
TEST_CASE("check ten million from a file", "[.large]") {
  report_file(10'000'000, Kind::one_stale_read);
}

}  // namespace cacherace::bench
