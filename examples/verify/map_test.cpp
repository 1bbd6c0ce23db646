// What a test of one's own store looks like: let threads use it, write down what they saw, judge it.
#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <vector>
#include <verify/gtest.hpp>

using namespace cacherace::verify;

namespace {

// The store under test.
class Store {
 public:
  void write(Value value) {
    const std::lock_guard lock(mutex_);
    values_["k0"] = value;
  }
  Value read() {
    const std::lock_guard lock(mutex_);
    return values_["k0"];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Value> values_;
};

Nanos now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

History history_of(std::vector<Operation> operations) {
  std::ranges::stable_sort(operations, {}, &Operation::start);
  History history;
  history.operations = std::move(operations);
  history.keys = {"k0"};
  history.clients = {"0", "1", "2", "3"};
  return history;
}

TEST(Store, IsLinearizableUnderFourThreads) {
  Store store;
  std::vector<std::vector<Operation>> seen(4);
  std::vector<std::thread> threads;
  for (ClientIndex client = 0; client < 4; ++client) {
    threads.emplace_back([&store, &list = seen[client], client] {
      for (Value i = 0; i < 200; ++i) {
        Operation operation{.start = now(), .client = client};
        if (i % 4 == 0) {
          operation.kind = OperationKind::write;
          operation.value = 1 + 4 * i + client;  // unique: then a verdict takes a moment
          store.write(operation.value);
        } else {
          operation.value = store.read();
        }
        operation.end = now();
        list.push_back(operation);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<Operation> all;
  for (const auto& list : seen) all.insert(all.end(), list.begin(), list.end());
  EXPECT_LINEARIZABLE(history_of(all));
}

TEST(Verdict, NamesTheOperationsThatContradictEachOther) {
  const auto stale = history_of({{.start = 1, .end = 2, .value = 7, .kind = OperationKind::write},
                                 {.start = 3, .end = 4, .value = 0, .client = 1}});
  const auto verdict = is_linearizable(stale);
  EXPECT_FALSE(verdict);
  EXPECT_STREQ(verdict.message(),
               "not linearizable; these operations contradict each other:\n"
               "  client 0: write k0 = 7 [1, 2]\n"
               "  client 1: read k0 -> 0 [3, 4]");
}

}  // namespace
