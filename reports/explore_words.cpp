#include "reports/explore_words.hpp"

#include "reports/step_words.hpp"

namespace cacherace::reports {
namespace {

using models::Fact;
using models::Record;

void add(std::string& text, const std::string& words) {
  if (!text.empty()) text += ", ";
  text += words;
}

}  // namespace

// A sleep is told when it is over: what the step before it said of it was that it begins.
StepWords words_of(const exploration::WitnessStep& step) {
  StepWords words;
  for (const Record& record : step.records) {
    if (record.fact == Fact::slept || record.fact == Fact::paused) continue;
    Record told = record;
    if (record.fact == Fact::woke) told.fact = Fact::slept;
    const auto text = step_words(told, false);
    if (!text) continue;
    switch (record.fact) {
      case Fact::invoked:
      case Fact::delivered:
        add(words.begins, *text);
        break;
      case Fact::returned:
      case Fact::failed:
      case Fact::unknown:
        add(words.ends, *text);
        break;
      default:
        add(words.does, *text);
    }
  }
  return words;
}

}  // namespace cacherace::reports
