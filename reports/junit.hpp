// JUnit XML, as Jenkins and GitLab read it: test suites of cases. No `time` stands in it: equal results give
// equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::reports {

// `error`: no answer was reached.
enum class JunitOutcome : std::uint8_t { passed, failure, error, skipped };

// Texts as they are: the writer escapes them, and what XML cannot hold becomes U+FFFD.
struct JunitCase {
  std::string group;  // "classname"
  std::string name;
  JunitOutcome outcome = JunitOutcome::passed;
  std::string type;     // of a failure or an error
  std::string message;  // of all but passed
  std::string text;     // below the message, or what a passed case has to tell; empty: none
};

// One suite. Every line ends.
std::string junit_document(std::string_view suite, const std::vector<JunitCase>& cases);

}  // namespace cacherace::reports
