// A result of `run` as Markdown, for a pull request or a step summary of GitHub Actions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "reports/commands.hpp"
#include "scenarios/result.hpp"

namespace cacherace::reports {

// GitHub takes at most 1 MiB of summary from a step (docs.github.com, "Workflow commands", job summaries),
// and nothing of a longer one; a second report of that step needs room, too.
inline constexpr std::size_t markdown_bytes_most = 500'000;

// `text` between fences that nothing in it can close.
std::string fenced(std::string_view text);

// The verdict, what does not hold, the figures, then each strategy's first violation step by step as far as
// there is room; a line says what was left out. `scenario` is the one that was run. Every line ends.
std::string run_markdown(const scenarios::Scenario& scenario, const scenarios::RunResult& result,
                         const Source& source, std::size_t bytes_most = markdown_bytes_most);

// The steps of one run of each strategy.
std::string steps_markdown(const scenarios::Scenario& scenario, std::uint64_t run,
                           std::size_t bytes_most = markdown_bytes_most);

}  // namespace cacherace::reports
