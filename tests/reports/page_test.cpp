#include "reports/page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/experiment.hpp"
#include "tests/reports/results.hpp"

namespace cacherace::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

scenarios::Scenario shipped(const std::string& name) {
  return std::get<scenarios::Scenario>(
      scenarios::read_scenario(scenarios::find_shipped_scenario(name)->text, name, {}));
}

std::vector<std::string> told(const Spacetime& picture) {
  std::vector<std::string> all;
  for (const Moment& moment : picture.moments) {
    if (!moment.words.empty()) {
      all.push_back(std::to_string(moment.at / 1'000) + " " + picture.lanes[moment.actor].name + ": " +
                    moment.words);
    }
  }
  return all;
}

// The data of a page, as a browser reads it.
Json data_of(const std::string& page) {
  const std::string opening = R"(<script type="application/json" id="data">)";
  const auto from = page.find(opening) + opening.size();
  return Json::parse(page.substr(from, page.find("</script", from) - from));
}

std::vector<std::string> arrows(const Spacetime& picture) {
  std::vector<std::string> all;
  for (const Passage& passage : picture.passages) {
    const std::string to = picture.lanes[passage.toward].name;
    all.push_back(picture.lanes[picture.moments[passage.from].lane].name + (passage.is_reply ? "-->" : "->") +
                  to);
  }
  return all;
}

TEST(Spacetime, ShowsWhatLedToAViolationFromCallToReturn) {
  const auto scenario = shipped("causes/late-fill");
  const auto drawn =
      spacetime_of_run(scenario, scenario.strategies.front(), 93, exploration::Property::stuck);
  const auto* const picture = std::get_if<Spacetime>(&drawn);
  ASSERT_NE(picture, nullptr);
  EXPECT_THAT(told(*picture), ElementsAre("9036 reader: read k0", "10580 reader: GET k0 -> miss",
                                          "17043 writer: write k0 = v1", "19617 reader: SELECT k0 -> v0",
                                          "21291 writer: UPDATE k0 = v1 commits", "29408 writer: DEL k0",
                                          "31842 writer: returns", "32053 reader: SET k0 = v0 (late fill)",
                                          "33064 reader: returns v0"));
  EXPECT_THAT(
      arrows(*picture),
      ElementsAre("reader->Redis", "Redis-->reader", "reader->MySQL", "writer->MySQL", "MySQL-->reader",
                  "MySQL-->writer", "writer->Redis", "Redis-->writer", "reader->Redis", "Redis-->reader"));
  std::vector<std::string> deciding, wrong;
  for (const Moment& moment : picture->moments) {
    if (moment.decides) deciding.push_back(moment.words);
    if (moment.contents.front().differs && !moment.words.empty()) wrong.push_back(moment.words);
  }
  EXPECT_THAT(deciding, ElementsAre("SET k0 = v0 (late fill)"));
  EXPECT_THAT(wrong, ElementsAre("SET k0 = v0 (late fill)", "returns v0"));
  EXPECT_EQ(picture->cause, "late_fill");
  EXPECT_EQ(picture->reason,
            "reader's SET of v0 landed after writer's DEL, because its SELECT was answered before the COMMIT "
            "of v1");
  EXPECT_EQ(picture->stretches.size(), 2U);
  for (const Stretch& stretch : picture->stretches) EXPECT_TRUE(stretch.ends && stretch.is_operation);
}

TEST(Spacetime, SaysWhyARunIsNotDrawn) {
  const auto why = [](const scenarios::Scenario& scenario, std::uint64_t run) {
    const auto drawn =
        spacetime_of_run(scenario, scenario.strategies.front(), run, exploration::Property::stuck);
    const auto* const said = std::get_if<std::string>(&drawn);
    return said == nullptr ? "it is drawn" : *said;
  };
  auto scenario = shipped("causes/late-fill");
  EXPECT_EQ(why(scenario, 93), "it is drawn");
  EXPECT_EQ(why(scenario, 0), "the run does not show it");
  auto longer = scenario;
  for (auto& group : longer.setup.clients) group.repeat = 3000;
  EXPECT_THAT(why(longer, 93),
              testing::MatchesRegex("the run has [0-9,]+ records; with more than 20,000 none is drawn"));
  scenario.setup.limits.events = 3;
  EXPECT_EQ(why(scenario, 93), "the run did not come to its end");
}

TEST(Page, KeepsDataFromBecomingMarkup) {
  const std::string hostile =
      "</script><script>alert(1)</script>&amp;<!--'\"\\ \u2028\u2029 \U0001F600 \u05D0";
  const Json data = {{"name", hostile}};
  const std::string page = page_with(data);
  EXPECT_EQ(data_of(page), data);
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(page, Not(HasSubstr("<!--'")));
  EXPECT_THAT(page, Not(HasSubstr("\u2028")));
  EXPECT_THAT(page, Not(HasSubstr("\u2029")));
}

TEST(Page, NeedsNoOtherFile) {
  const std::string page = page_with(Json::object());
  for (const auto* outside : {"src=", "@import", "url(", "<link rel=\"stylesheet"}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

}  // namespace
}  // namespace cacherace::reports
