// A result of `run` as Markdown, for a pull request or a step summary of GitHub Actions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "reports/commands.hpp"
#include "reports/markdown.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// The verdict, what does not hold, the figures, then each strategy's first violation step by step as far as
// there is room; a line says what was left out. `scenario` is the one that was run. Every line ends.
std::string run_markdown(const scenarios::Scenario& scenario, const scenarios::RunResult& result,
                         const Source& source, std::size_t bytes_most = markdown_bytes_most);

// The steps of one run of each strategy.
std::string steps_markdown(const scenarios::Scenario& scenario, std::uint64_t run,
                           std::size_t bytes_most = markdown_bytes_most);

}  // namespace cacherace::reports
