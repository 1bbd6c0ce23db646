// `cacherace compare` from outside: baselines, documents, exit statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/process.hpp"
#include "tests/tools/scenario_text.hpp"

namespace cacherace::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class Compare : public testing::Test {
 protected:
  std::string saved(const std::string& name, std::vector<std::string> more = {}) {
    const std::string path = folder / name;
    more.insert(more.begin(),
                {"run", scenario, "--quiet", "--save-baseline", path, "--output", folder / "out.txt"});
    EXPECT_EQ(cacherace(more).status, 0);
    return path;
  }
  static Finished compare(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "compare");
    return cacherace(arguments);
  }

  Folder folder;
  std::string scenario = folder.file("s.json", late_fill);
};

TEST_F(Compare, ABaselineAgainstAResult) {
  const std::string base = saved("base.json");
  const std::string plain = folder / "plain.json";
  ASSERT_EQ(cacherace({"run", scenario, "--format", "json", "--output", plain}).status, 0);
  const auto same = compare({base, plain, "--fail-on", "stuck.probability > +10%"});
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_THAT(same.out,
              AllOf(HasSubstr("late fill: A = "), HasSubstr("the same strategy and the same 50 runs"),
                    HasSubstr("held: stuck.probability > +10%")));
}

TEST_F(Compare, ConditionsDecideTheExitStatus) {
  const std::string base = saved("base.json");
  const std::string slow = saved("slow.json", {"--strategy", "delayed-double-delete:sleep=90ms"});
  const std::vector<std::string> sides = {
      base, slow, "--strategy", "delayed-double-delete", "--against", "delayed-double-delete"};
  const auto with = [&](const std::string& condition) {
    auto arguments = sides;
    arguments.insert(arguments.end(), {"--fail-on", condition, "--format", "json"});
    return compare(arguments);
  };
  EXPECT_EQ(with("latency.write.mean_ns > +50ms").status, 0);
  const auto failed = with("latency.write.mean_ns > +30ms");
  EXPECT_EQ(failed.status, 1);
  const Json document = Json::parse(failed.out);
  EXPECT_EQ(document["verdict"], "failed");
  EXPECT_EQ(document["strategies"][0]["pairing"], "paired");
  EXPECT_EQ(document["strategies"][0]["b"], "delayed-double-delete:sleep=90ms");
  EXPECT_EQ(document["strategies"][0]["conditions"][0]["observed"], 40'000'000.0);
  EXPECT_EQ(with("stuck.probability > +10%").status, 1);  // undecided
}

TEST_F(Compare, TheNumberOfJobsChangesNothing) {
  const std::string base = saved("base.json");
  const auto one = compare({base, base, "--strategy", "ttl-only", "--against", "delayed-double-delete",
                            "--jobs", "1", "--format", "json"});
  const auto two = compare({base, base, "--strategy", "ttl-only", "--against", "delayed-double-delete",
                            "--jobs", "2", "--format", "json"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_EQ(one.out, two.out);
}

TEST_F(Compare, BadInputIsToldAllAtOnceAndNothingIsWritten) {
  const std::string base = saved("base.json");
  const std::string odd = folder.file("odd.json", "{}");
  const auto bad =
      compare({base, odd, "--fail-on", "stuck", "--against", "x", "--output", folder / "never.txt"});
  EXPECT_EQ(bad.status, 2);
  EXPECT_EQ(bad.out, "");
  EXPECT_THAT(bad.err, AllOf(HasSubstr("odd.json: "), HasSubstr("--fail-on: "), HasSubstr("--against: ")));
  EXPECT_THAT(folder.names(), testing::Not(testing::Contains("never.txt")));
  EXPECT_EQ(compare({base}).status, 2);
  EXPECT_EQ(compare({base, folder / "missing.json"}).status, 2);
  EXPECT_EQ(compare({base, base, "--strategy", "ttl"}).status, 2);
  EXPECT_EQ(compare({base, base, "--output", base}).status, 2);
}

TEST_F(Compare, ASingleRunIsNoBaseline) {
  const auto run = cacherace({"run", scenario, "--only-run", "1", "--save-baseline", folder / "b.json"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("--save-baseline: "));
}

TEST_F(Compare, ItsDocumentFollowsItsSchema) {
  const std::string base = saved("base.json");
  const auto compared = compare({base, base, "--format", "json", "--fail-on", "reads.stale > +0"});
  ASSERT_EQ(compared.status, 0);
  EXPECT_TRUE(fits_schema("compare", compared.out));
  Json wrong = Json::parse(compared.out);
  wrong["strategies"][0]["pairing"] = "guessed";
  EXPECT_FALSE(fits_schema("compare", wrong.dump()));
}

}  // namespace
}  // namespace cacherace::tools
