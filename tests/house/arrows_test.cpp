// Who may include whom. An arrow that is not in the table fails, whatever the build would accept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include "tests/house/sources.hpp"

namespace cacherace::house {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::map<std::string, std::set<std::string>> reach = {
    {"sim", {}},
    {"models", {"sim"}},
    {"strategies", {"models", "sim"}},
    {"verify", {}},
    {"scenarios", {"strategies", "models", "sim", "verify"}},
    {"exploration", {"scenarios", "strategies", "models", "sim", "verify"}},
    {"reports", {"exploration", "scenarios", "verify", "strategies", "models", "sim"}},
    {"tools", {"reports", "exploration", "scenarios", "verify", "strategies", "models", "sim"}},
};

// Heavy headers stay at the edges: where a header of this folder may be included.
const std::map<std::string, std::set<std::string>> edges = {
    {"nlohmann", {"scenarios", "reports", "tools"}},
    {"CLI", {"tools"}},
};

struct Include {
  std::string folder;  // the part before the first slash, or all of it
  std::string target;
  bool quoted;
};

std::optional<Include> include_of(std::string_view line) {
  const auto skip = [&line](std::string_view what) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const bool found = line.starts_with(what);
    line.remove_prefix(found ? what.size() : 0);
    return found;
  };
  if (!skip("#") || !skip("include")) {
    return std::nullopt;
  }
  const bool quoted = skip("\"");
  if (!quoted && !skip("<")) {
    return std::nullopt;
  }
  const std::string target(line.substr(0, line.find(quoted ? '"' : '>')));
  return Include{target.substr(0, target.find('/')), target, quoted};
}

std::string fault_of(const std::string& room, const Include& include) {
  if (const auto edge = edges.find(include.folder); edge != edges.end()) {
    return edge->second.contains(room) ? "" : "may not include " + include.target;
  }
  if (!reach.contains(include.folder)) {
    return include.quoted ? "names no room in \"" + include.target + "\"" : "";
  }
  const bool allowed = include.folder == room || reach.at(room).contains(include.folder);
  return allowed ? "" : room + " may not see " + include.folder + " (" + include.target + ")";
}

Complaints wrong_arrows(const Source& source) {
  Complaints result;
  const auto lines = source.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (const auto include = include_of(lines[i])) {
      if (const auto fault = fault_of(source.room(), *include); !fault.empty()) {
        result.push_back(source.path + ":" + std::to_string(i + 1) + ": " + fault);
      }
    }
  }
  return result;
}

TEST(Arrows, AllGoOneWay) {
  const auto sources = sources_of_rooms();
  ASSERT_GT(sources.size(), 10U) << "no sources under " << CACHERACE_SOURCE_DIR;
  for (const Source& source : sources) {
    const auto found = wrong_arrows(source);
    EXPECT_TRUE(found.empty()) << listed(found);
  }
}

TEST(Arrows, EveryRoomIsInTheTable) {
  for (const std::string_view room : rooms) {
    EXPECT_TRUE(reach.contains(std::string(room))) << room;
  }
  EXPECT_EQ(reach.size(), rooms.size());
}

TEST(Arrows, AWrongOneIsFound) {
  EXPECT_THAT(wrong_arrows({"sim/world.cpp", "// text\n#include \"models/redis.hpp\"\n"}),
              ElementsAre("sim/world.cpp:2: sim may not see models (models/redis.hpp)"));
  EXPECT_THAT(wrong_arrows({"verify/judge.hpp", "  #  include \"sim/time.hpp\""}),
              ElementsAre("verify/judge.hpp:1: verify may not see sim (sim/time.hpp)"));
  EXPECT_THAT(wrong_arrows({"models/a.cpp", "#include <strategies/strategy.hpp>"}),
              ElementsAre("models/a.cpp:1: models may not see strategies (strategies/strategy.hpp)"));
  EXPECT_THAT(wrong_arrows({"strategies/a.cpp", "#include \"verify/judge.hpp\""}), testing::SizeIs(1));
  EXPECT_THAT(wrong_arrows({"scenarios/a.cpp", "#include \"reports/json.hpp\""}), testing::SizeIs(1));
  EXPECT_THAT(wrong_arrows({"reports/a.cpp", "#include \"tools/run.hpp\""}), testing::SizeIs(1));
  EXPECT_THAT(wrong_arrows({"sim/a.cpp", "#include \"time.hpp\"\n#include \"tests/house/sources.hpp\"\n"}),
              testing::SizeIs(2));
}

TEST(Arrows, AHeavyHeaderInsideIsFound) {
  for (const std::string room : {"sim", "models", "strategies", "verify"}) {
    EXPECT_THAT(wrong_arrows({room + "/a.hpp", "#include <nlohmann/json.hpp>\n#include <CLI/CLI.hpp>\n"}),
                ElementsAre(room + "/a.hpp:1: may not include nlohmann/json.hpp",
                            room + "/a.hpp:2: may not include CLI/CLI.hpp"));
  }
  EXPECT_THAT(wrong_arrows({"reports/a.hpp", "#include <CLI/CLI.hpp>"}), testing::SizeIs(1));
}

TEST(Arrows, RightOnesPass) {
  EXPECT_THAT(wrong_arrows({"tools/a.cpp", "#include <CLI/CLI.hpp>\n#include \"sim/time.hpp\"\n"}),
              IsEmpty());
  EXPECT_THAT(
      wrong_arrows({"scenarios/a.cpp", "#include <nlohmann/json.hpp>\n#include \"verify/judge.hpp\"\n"}),
      IsEmpty());
  EXPECT_THAT(wrong_arrows({"sim/a.cpp",
                            "#include <vector>\n#include \"sim/time.hpp\"\n// #include \"x.hpp\"\n"
                            "#include <boost/fiber/all.hpp>\n#include LATE\n"}),
              IsEmpty());
}

}  // namespace
}  // namespace cacherace::house
