// The steps of a witness in words, as the table and the document of `explore` tell them.
#pragma once

#include <string>

#include "exploration/exploration.hpp"

namespace cacherace::reports {

// "GET k0 -> miss", "sleeps 500 ms", "replica 1 applies k0 = v1"; and, where an operation begins or ends with
// the step, "read k0" and "returns v0". Empty: nothing of that kind.
struct StepWords {
  std::string begins, does, ends;
};

StepWords words_of(const exploration::WitnessStep& step);

}  // namespace cacherace::reports
