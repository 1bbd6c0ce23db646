// Strategies of one's own against brute force: what starts over, and what does with locks, leases and
// transactions what no strategy that is built in does.
#include <gtest/gtest.h>

#include "tests/exploration/every_order.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::exploration {
namespace {

// Those who wait look again and again: an order that goes round longer shows nothing new.
class ShortOrder final : public OneOrder {
 public:
  ShortOrder(const sim::Choices& script, std::vector<sim::Choices>& others) : OneOrder(script, others, 20) {}
};

constexpr std::uint64_t orders_max = support::sanitized ? 5'000 : 60'000;

// The write; the read is the cache-aside one, unless the text goes on with another.
const std::vector<std::string> writes = {
    // Starts over where the outcome of the UPDATE is not known.
    R"([{"redis.get": "key", "then": [{"return": "nothing"}]},
        {"mysql.update": "key", "else": [{"start_over": "1ms"}]}, {"redis.del": "key"}])",
    // Waits for the lock after the UPDATE.
    R"([{"mysql.update": "key", "else": []}, {"redis.lock": "3s"}, {"redis.del": "key"},
        {"redis.unlock": "key"}])",
    // Waits for the lock in a transaction, or in none.
    R"([{"redis.get": "key", "then": [{"mysql.begin": "transaction"}]}, {"redis.lock": "3s"},
        {"mysql.update": "key", "else": [{"mysql.rollback": "transaction"}, {"redis.unlock": "key"},
                                         {"return": "nothing"}]},
        {"redis.del": "key"}, {"mysql.commit": "transaction", "else": []}, {"redis.unlock": "key"}])",
    // A transaction that is tried again.
    R"([{"retry": [{"mysql.begin": "transaction"}, {"mysql.select_for_share": "key"},
                   {"mysql.update": "key"}, {"mysql.commit": "transaction"}],
         "attempts": 2, "pause": "1ms"}, {"redis.del": "key"}])",
    // Gives the lock back in the background.
    R"([{"redis.lock": "3s"}, {"mysql.update": "key"},
        {"background": [{"redis.set_if_locked": "updated"}, {"redis.unlock": "key"}]}])",
    // Fills with a lease of its own.
    R"([{"mysql.update": "key"}, {"redis.del": "key and lease"},
        {"redis.get_or_lease": "3s", "busy": [{"return": "nothing"}]}, {"redis.set_with_lease": "updated"}],
       "read": [{"redis.get_or_lease": "3s", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
                {"redis.set_with_lease": "selected"}, {"return": "selected"}])",
};

const std::vector<std::string> troubles = {
    "",
    R"({"expire": {"what": "lock", "time": "1ms"}})",
    R"({"expire": {"what": "lease", "time": "1ms"}})",
    R"({"kill": {"time": "1ms"}})",
    R"({"fail": {"command": "mysql.update", "occurrence": 1}})",
    R"({"timeout": {"command": "mysql.update", "after": "5ms", "effect": "none", "occurrence": 1}})",
    R"({"timeout": {"command": "mysql.update", "after": "5ms", "occurrence": 1}})",
    R"({"timeout": {"command": "mysql.commit", "after": "5ms", "occurrence": 1}})",
    R"({"crash": {"command": "redis.del", "occurrence": 1}})",
};

TEST(OwnTwin, agrees_on_small_programs_with_and_without_faults) {
  std::uint64_t compared = 0, skipped = 0;
  for (const std::string& write : writes) {
    for (const std::string& trouble : troubles) {
      for (const auto& [writers, readers] :
           std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {2, 0}}) {
        for (const bool cached : {false, true}) {
          Program program{R"({"name": "ours", "write": )" + write + "}", writers, readers, cached};
          program.more = trouble.empty() ? "" : fmt::format(R"(, "faults": [{}])", trouble);
          ++(expect_same<ShortOrder>(program, orders_max) <= orders_max ? compared : skipped);
        }
      }
    }
  }
  std::cout << compared << " programs compared, " << skipped << " too big\n";
  EXPECT_GT(compared, support::sanitized ? 60 : 3 * skipped);
}

class ShorterOrder final : public OneOrder {
 public:
  ShorterOrder(const sim::Choices& script, std::vector<sim::Choices>& others) : OneOrder(script, others, 8) {}
};

// A write that started over is not the same whether its UPDATE failed or nobody knows: the code has forgotten
// that, but its caller is told so in the end.
TEST(OwnTwin, tells_apart_what_only_the_client_remembers) {
  Program program{R"({"name": "ours",
    "write": [{"redis.get": "key", "then": [{"return": "nothing"}]},
              {"mysql.update": "key", "else": [{"start_over": "0ms"}]}]})"};
  const std::string fail = R"({"fail": {"command": "mysql.update", "probability": 0.5}})";
  const std::string timeout =
      R"({"timeout": {"command": "mysql.update", "after": "5ms", "effect": "none", "probability": 0.5}})";
  // Which of them is looked at first decides what would be taken for the same.
  for (const std::string& faults : {fail + ", " + timeout, timeout + ", " + fail}) {
    program.more = fmt::format(R"(, "faults": [{}])", faults);
    EXPECT_LE(expect_same<ShorterOrder>(program, 1'000'000), 1'000'000U);
  }
}

}  // namespace
}  // namespace cacherace::exploration
