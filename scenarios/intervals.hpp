// Confidence intervals for what `run` estimates.
#pragma once

#include <cstdint>

#include "scenarios/result.hpp"
#include "scenarios/wide.hpp"

namespace cacherace::scenarios {

// A probability: `successes` of `trials` independent runs. Clopper and Pearson, "The use of confidence or
// fiducial limits illustrated in the case of the binomial" (Biometrika 1934): the coverage is never below
// `level`, which is in (0, 1).
Estimate clopper_pearson(std::uint64_t successes, std::uint64_t trials, double level = confidence);

// Sums over runs of x (what is counted in a run) and y (out of how many), for a share of things that are
// correlated within a run. Exact integers: adding up in any order gives the same.
struct ClusterSums {
  std::uint64_t runs = 0;  // with y > 0
  std::uint64_t x = 0;
  std::uint64_t y = 0;
  Wide xx = 0;
  Wide xy = 0;
  Wide yy = 0;

  void add(std::uint64_t x_of_run, std::uint64_t y_of_run);
  void merge(const ClusterSums& other);
};

// The share x / y. Korn and Graubard, "Confidence intervals for proportions with small expected number of
// positive counts estimated from survey data" (Survey Methodology 1998): the variance of the ratio estimate
// between runs gives an effective number of trials, for which the Clopper-Pearson interval is taken. Where no
// variance can be seen (all or nothing was counted), each run counts as a single trial.
Estimate clustered_share(const ClusterSums& sums, double level = confidence);

}  // namespace cacherace::scenarios
