// The strategies of the field against brute force: locks, leases, markers, transactions, owners.
#include <gtest/gtest.h>

#include "tests/exploration/every_order.hpp"
#include "tests/support/sanitized.hpp"

namespace cacherace::exploration {
namespace {

// Those who wait look again and again: an order that goes round longer shows nothing new.
class ShortOrder final : public OneOrder {
 public:
  ShortOrder(const sim::Choices& script, std::vector<sim::Choices>& others) : OneOrder(script, others, 14) {}
};

constexpr std::uint64_t orders_max = support::sanitized ? 5'000 : 60'000;

std::vector<std::string> field() {
  std::vector<std::string> names;
  for (const auto* info : strategies::all_strategies().subspan(8)) names.emplace_back(info->name);
  for (const char* variant :
       {"lease:losers=read-database", "lease:retry_rejected=false", "tag-deleted:mode=strong",
        "tag-deleted:mode=strong,retry_rejected=true", "pending-marker:counted=false",
        "pending-marker:fill=plain", "locked:lock_write=false", "locked:fenced=true",
        "locked:lock_fill=false", "binlog-delete:fill=lease", "primary-pinned:then=ttl-only"}) {
    names.emplace_back(variant);
  }
  return names;
}

TEST(FieldTwin, agrees_on_small_programs) {
  std::uint64_t compared = 0, skipped = 0;
  for (const std::string& strategy : field()) {
    for (const auto& [writers, readers] :
         std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {1, 2}, {2, 0}, {2, 1}}) {
      for (const bool cached : {false, true}) {
        const auto orders = expect_same<ShortOrder>({strategy, writers, readers, cached}, orders_max);
        ++(orders <= orders_max ? compared : skipped);
      }
    }
  }
  std::cout << compared << " programs compared, " << skipped << " too big\n";
  EXPECT_GT(compared, support::sanitized ? 100 : 2 * skipped);
}

TEST(FieldTwin, agrees_under_faults) {
  std::uint64_t compared = 0, skipped = 0;
  for (const std::string& strategy : field()) {
    for (const char* fault : {
             R"({"evict": {"time": "1ms"}})",
             R"({"expire": {"what": "lock", "time": "1ms"}})",
             R"({"expire": {"what": "lease", "time": "1ms", "count": 2}})",
             R"({"expire": {"what": "marker", "time": "1ms"}})",
             R"({"expire": {"what": "tombstone", "time": "1ms"}})",
             R"({"expire": {"what": "fresh", "time": "1ms"}})",
             R"({"kill": {"time": "1ms"}})",
             R"({"restart": {"snapshot": "1ms", "time": "1ms"}})",
             R"({"reorder": {"occurrence": 1}})",
             R"({"fail": {"command": "redis.script", "occurrence": 2}})",
             R"({"timeout": {"command": "redis.script", "after": "5ms", "occurrence": 1}})",
             R"({"fail": {"command": "mysql.commit", "occurrence": 1}})",
             R"({"timeout": {"command": "mysql.commit", "after": "5ms", "occurrence": 1}})",
             R"({"crash": {"command": "mysql.commit", "at": "sent", "occurrence": 1}})",
             R"({"crash": {"command": "redis.script", "client": "writer", "at": "after", "occurrence": 1}})",
             R"({"crash": {"command": "mysql.update", "at": "after", "probability": 0.5}})",
         }) {
      const std::string more = fmt::format(R"(, "faults": [{}])", fault);
      for (const bool cached : {false, true}) {
        for (const auto& [writers, readers] :
             std::vector<std::pair<std::uint32_t, std::uint32_t>>{{1, 1}, {2, 0}}) {
          const auto orders =
              expect_same<ShortOrder>({strategy, writers, readers, cached, false, more}, orders_max / 4);
          ++(orders <= orders_max / 4 ? compared : skipped);
        }
      }
    }
  }
  std::cout << compared << " programs compared, " << skipped << " too big\n";
  EXPECT_GT(compared, support::sanitized ? 100 : 2 * skipped);
}

}  // namespace
}  // namespace cacherace::exploration
