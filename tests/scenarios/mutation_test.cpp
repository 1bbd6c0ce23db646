// Whatever is done to a scenario's text, the reader answers: a scenario, or faults that lie in the text.
#include <rapidcheck.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/shipped.hpp"
#include "tests/scenarios/snippets.hpp"

namespace cacherace::scenarios {
namespace {

namespace fs = std::filesystem;

const std::string rich = R"({
  "name": "rich", "description": "a bit of everything",
  "redis": {"latency": {"uniform": ["1ms", "3ms"]}, "ttl": "30s", "ttl_jitter": "5s", "negative_ttl": "1s",
            "service": {"get": "1us"}},
  "mysql": {"latency": {"request": "1ms",
            "response": {"lognormal": {"median": "2ms", "p99": "9ms"}, "max": "20ms"}},
            "replicas": 1, "replication_lag": {"exponential": {"mean": "5ms"}}, "read_from": "replica"},
  "queue": {"latency": {"mixture": [{"weight": 1, "of": "5ms"},
                                    {"weight": 2, "of": {"histogram": {"file": "h.csv"}}}]}},
  "keys": {"count": 3, "cached": true, "missing": 1, "popularity": {"zipf": 0.99}},
  "clients": [{"name": "w", "count": 2, "do": ["write", {"read": "k2"}], "repeat": 2, "think": "1ms"},
              {"name": "m", "operations": 10, "mix": {"read": 0.9, "write": 0.1},
               "start": {"quantiles": {"p0": "0ms", "p100": "5ms"}}, "coalesce": true}],
  "faults": [{"fail": {"command": "mysql.update", "client": "w", "occurrence": 1}},
             {"lose": {"probability": 0.5}}],
  "strategies": ["binlog-delete", {"name": "delayed-double-delete", "sleep": "500ms", "async": true},
    {"name": "ours", "parameters": {"sleep": "5ms", "n": 3},
     "write": [{"redis.del": "key", "else": []}, {"mysql.update": "key"}, {"sleep": "$sleep"},
               {"background": [{"retry": [{"redis.set": "updated"}], "attempts": "$n", "pause": "1ms"}]}],
     "read": [{"redis.get": "key", "then": [{"return": "cached"}]}, {"mysql.select": "key"},
              {"redis.set_if_newer": "selected"}, {"return": "selected"}],
     "consume": [{"redis.set": "event"}], "consumers": 2}],
  "runs": 100, "seed": 1, "limits": {"time": "1h", "events": 1000},
  "expect": [{"strategy": "*", "figure": "stuck.probability", "at_most": 0.5},
             {"command": "explore", "mode": "timed", "figure": "reachable.stuck", "equals": false}]
})";
const TestFiles files = {{"h.csv", "upper_ns,count\n10,1\n20,2\n"}};

// Tokens and the white space between them.
std::vector<std::string> tokens_of(const std::string& text) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '"') {
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
      end = std::min(end + 1, text.size());
    } else if (std::isalnum(static_cast<unsigned char>(text[at])) != 0) {
      while (end < text.size() &&
             (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '.'))
        ++end;
    }
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

std::string joined(const std::vector<std::string>& tokens) {
  std::string text;
  for (const auto& token : tokens) text += token;
  return text;
}

std::size_t index_in(const std::vector<std::string>& tokens) {
  return *rc::gen::inRange<std::size_t>(0, tokens.size());
}

void mutate(std::vector<std::string>& tokens) {
  if (tokens.empty()) return;
  static const std::vector<std::string> others = {"0",
                                                  "-1",
                                                  "1e99",
                                                  "null",
                                                  "true",
                                                  "\"\"",
                                                  "\"5ms\"",
                                                  "[]",
                                                  "{}",
                                                  "\"x\"",
                                                  "{",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "1.5",
                                                  "\"k9\"",
                                                  "\"*\"",
                                                  "\"consumer\"",
                                                  "99999999999999999999",
                                                  "\"99999h\""};
  const auto i = index_in(tokens);
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    case 1:
      std::swap(tokens[i], tokens[index_in(tokens)]);
      break;
    case 2:
      tokens[i] = others[index_in(others)];
      break;
    case 3:
      tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(i), tokens[index_in(tokens)]);
      break;
    default: {
      auto& token = tokens[i];
      token[*rc::gen::inRange<std::size_t>(0, token.size())] = *rc::gen::arbitrary<char>();
    }
  }
}

// Where the fault says it is, there is text (or its end).
bool lies_within(const Fault& fault, const std::string& text) {
  if (fault.line == 0) return fault.column == 0;
  std::size_t line = 1;
  std::size_t begin = 0;
  while (line < fault.line) {
    const auto end = text.find('\n', begin);
    if (end == std::string::npos) return false;
    begin = end + 1;
    ++line;
  }
  const auto end = std::min(text.find('\n', begin), text.size());
  return fault.column >= 1 && begin + fault.column - 1 <= end;
}

void answer_is_sound(const std::string& text) {
  const auto result = read_text_with(text, files);
  if (const auto* scenario = std::get_if<Scenario>(&result)) {
    RC_ASSERT(!scenario->strategies.empty());
    RC_ASSERT(!scenario->setup.clients.empty());
    RC_ASSERT(scenario->text == text);
    return;
  }
  const auto& faults = std::get<std::vector<Fault>>(result);
  RC_ASSERT(!faults.empty());
  for (const auto& fault : faults) {
    RC_ASSERT(!fault.message.empty());
    if (fault.file == "s.json") RC_ASSERT(lies_within(fault, text));
  }
}

TEST(Mutations, TheUnharmedTextIsSound) {
  EXPECT_EQ(joined(tokens_of(rich)), rich);
  EXPECT_EQ(sound(rich, files).name, "rich");
}

TEST(Mutations, AreAnswered) {
  EXPECT_TRUE(rc::check("a mutated scenario", [] {
    for (int text = 0; text < 30; ++text) {
      auto tokens = tokens_of(rich);
      const int count = *rc::gen::inRange(1, 5);
      for (int i = 0; i < count; ++i) mutate(tokens);
      answer_is_sound(joined(tokens));
    }
  }));
}

TEST(Mutations, EveryPrefixIsAnswered) {
  for (std::size_t length = 0; length < rich.size(); ++length) {
    const auto faults = faults_of(rich.substr(0, length), files);
    ASSERT_EQ(faults.size(), 1U) << length;
  }
}

TEST(Mutations, EveryTokenTakenAwayIsAnswered) {
  const auto tokens = tokens_of(rich);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto fewer = tokens;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    const auto result = read_text_with(joined(fewer), files);
    const auto* faults = std::get_if<std::vector<Fault>>(&result);
    ASSERT_TRUE(faults == nullptr || !faults->empty()) << i;
  }
}

TEST(FuzzCorpus, IsAnswered) {
  const fs::path corpus = fs::path(CACHERACE_SOURCE_DIR) / "tests/fuzz/corpus/scenario";
  ASSERT_TRUE(fs::is_directory(corpus));
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(corpus)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto result = read_text_with(text, files);
    const auto* faults = std::get_if<std::vector<Fault>>(&result);
    EXPECT_TRUE(faults == nullptr || !faults->empty()) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 0U);
}

}  // namespace
}  // namespace cacherace::scenarios
