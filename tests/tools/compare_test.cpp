// `cacherace compare` from outside: baselines, documents, exit statuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
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
  const std::string document = folder / "compare.json", schema = folder / "schema.json";
  ASSERT_EQ(
      compare({base, base, "--format", "json", "--fail-on", "reads.stale > +0", "--output", document}).status,
      0);
  const auto printed = cacherace({"schema", "compare"});
  ASSERT_EQ(printed.status, 0);
  std::ofstream(schema) << printed.out;
  const std::string script =
      folder.file("check.py",
                  "import json, sys\n"
                  "try:\n  import jsonschema\n"
                  "except ImportError:\n  sys.exit(77)\n"
                  "jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate("
                  "json.load(open(sys.argv[2])))\n");
  const auto checked = Process({CACHERACE_PYTHON, script, schema, document}).wait();
  if (checked.status == 77) GTEST_SKIP() << "python3-jsonschema is not installed";
  EXPECT_EQ(checked.status, 0) << checked.err;
}

}  // namespace
}  // namespace cacherace::tools
