#include "reports/explore_markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/markdown.hpp"
#include "reports/sequence_diagram.hpp"
#include "tests/reports/explore_programs.hpp"

namespace cacherace::reports {
namespace {

using testing::HasSubstr;

TEST(ExploreMarkdown, IsATableAndADiagramForEachWay) {
  const auto e = explored("binlog-update",
                          R"([{"name": "writer", "do": ["write"]}, {"name": "reader", "do": ["read"]}])");
  EXPECT_EQ(explore_markdown(e.scenario, e.result),
            R"(# small: every order of commands, untimed

Steps of the shortest way to each violation; -: it cannot happen; ?: it was not seen so far.

| strategy | stuck | stale read | inversion | nonlinearizable | dirty read | cache ahead )"
            R"(| lost write | deadlock | states | outcomes |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| binlog-update | 5 | - | - | - | - | - | - | - | 23 | 3 |

## binlog-update: stuck after 5 steps

Why: reader's SET of v0 landed after the consumer's SET of v1, because its SELECT was answered )"
            R"(before the COMMIT of v1.

```mermaid
sequenceDiagram
  participant c1 as writer
  participant c2 as reader
  participant redis
  participant mysql
  participant queue
  participant c3 as consumer
  Note over c2: read k0
  c2->>redis: GET k0
  redis-->>c2: miss
  c2->>mysql: SELECT k0
  mysql-->>c2: v0
  Note over c1: write k0 = v1
  c1->>mysql: UPDATE k0 = v1 commits
  mysql->>queue: k0 = v1
  Note over c1: returns
  queue->>c3: k0 = v1
  c3->>redis: SET k0 = v1
  rect rgba(255, 80, 80, 0.2)
    Note over c2: this step decides
    c2->>redis: SET k0 = v0
    Note over c2: returns v0
  end
```
)");
}

TEST(ExploreMarkdown, ReplicasTakePart) {
  const auto e = explored("binlog-delete", one_and_two, "", R"(, "replicas": 2, "read_from": "replica")");
  const auto text = explore_markdown(e.scenario, e.result);
  EXPECT_THAT(text, HasSubstr("  participant replica1 as replica 1\n  participant replica2 as replica 2\n"));
  EXPECT_THAT(text, HasSubstr("replica1: SELECT k0\n"));
  EXPECT_THAT(text, HasSubstr("  mysql->>replica1: k0 = v1\n"));
}

TEST(ExploreMarkdown, NamesAreNotTakenForMarkup) {
  const auto e = explored("ttl-only", R"([{"name": "end; note <b>|`x`|*_", "do": ["write"]},
                                          {"name": "a: b->>c\n```%%{init}", "count": 2, "do": ["read"]}])",
                          R"("keys": {"cached": true}, )");
  const auto text = explore_markdown(e.scenario, e.result);
  EXPECT_THAT(text, HasSubstr("  participant c1 as end#59; note #60;b#62;#124;#96;x#96;#124;#42;_\n"));
  EXPECT_THAT(
      text, HasSubstr("  participant c2 as a#58; b-#62;#62;c#63;#96;#96;#96;#37;#37;#123;init#125;#35;1\n"));
  EXPECT_THAT(text, HasSubstr(R"(after end; note \<b\>\|\`x\`\|\*\_'s write of v1 had returned)"));
}

TEST(DiagramText, WritesWhatMeansSomethingAsCodes) {
  EXPECT_EQ(diagram_text("reader#2"), "reader#35;2");
  EXPECT_EQ(diagram_text("SET k0 = v0 (fill), it's"), "SET k0 = v0 (fill), it's");
  EXPECT_EQ(diagram_text("读者"), "读者");
  EXPECT_EQ(diagram_text(" "), "?");
  EXPECT_EQ(markdown_text("[a](b) & \\"), "\\[a\\](b) \\& \\\\");
}

}  // namespace
}  // namespace cacherace::reports
