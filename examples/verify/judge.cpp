// judge FILE: says whether the history in it is linearizable.
#include <cstdio>
#include <verify/check.hpp>
#include <verify/formats/reader.hpp>

using namespace cacherace::verify;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const formats::Reading reading = formats::read_histories(argv[1]);
  if (reading.error) std::fprintf(stderr, "%s\n", reading.error->c_str());
  for (const auto& fault : reading.faults.first()) {
    std::fprintf(stderr, "%s\n", formats::to_text(fault, argv[1]).c_str());
  }
  if (!reading.sound()) return 2;
  Checker checker;
  for (const History& history : reading.histories) {
    const auto verdict = checker.check(history).linearizable;
    std::puts(!verdict ? "unknown" : *verdict ? "linearizable" : "not linearizable");
  }
  return 0;
}
