#include "tools/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::tools {
namespace {

std::size_t terminal_width() {
  winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

std::string progress_text(const scenarios::Progress& progress, std::chrono::duration<double> elapsed) {
  const auto done = static_cast<double>(progress.runs_done);
  const auto total = static_cast<double>(progress.runs_total);
  const double rate = elapsed.count() > 0.0 ? done / elapsed.count() : 0.0;
  std::string text = fmt::format("{} of {} runs  {:.0f} %", reports::count_text(progress.runs_done),
                                 reports::count_text(progress.runs_total),
                                 total > 0.0 ? std::floor(100.0 * done / total) : 100.0);
  if (rate > 0.0) {
    const double left_s = std::min((total - done) / rate, 1e9);
    text += fmt::format("  {}/s  {} s left", reports::count_text(static_cast<std::uint64_t>(rate)),
                        reports::count_text(static_cast<std::uint64_t>(std::ceil(left_s))));
  }
  return fmt::format("{}  {}", text, progress.strategy);
}

std::string progress_text(const sim::SearchProgress& progress, std::string_view strategy,
                          std::chrono::duration<double> elapsed) {
  std::string text = fmt::format("{} states", reports::count_text(progress.states));
  if (progress.classes > 0) text += fmt::format("  {} classes", reports::count_text(progress.classes));
  text += fmt::format("  depth {}", progress.depth);
  if (elapsed.count() > 0.0) {
    const auto done = static_cast<double>(std::max(progress.states, progress.classes));
    text += fmt::format("  {}/s", reports::count_text(static_cast<std::uint64_t>(done / elapsed.count())));
  }
  return fmt::format("{}  {}", text, strategy);
}

void ProgressLine::show(const scenarios::Progress& progress) {
  if (shown_) put(progress_text(progress, std::chrono::steady_clock::now() - begin_));
}

void ProgressLine::show(const sim::SearchProgress& progress, std::string_view strategy) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  put(progress_text(progress, strategy, now - begin_));
}

void ProgressLine::show(const exploration::RiskProgress& progress, std::string_view strategy) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  if (progress.certifying) {
    put(fmt::format("measuring  {:.0f} %  {}", std::floor(100.0 * progress.done), strategy));
  } else if (progress.done > 0.0) {
    put(fmt::format("searching  down to 1 run in {}  {}",
                    reports::count_text(static_cast<std::uint64_t>(1.0 / progress.done)), strategy));
  } else {
    put(fmt::format("searching  {}", strategy));
  }
}

void ProgressLine::show_cells(std::uint64_t done, std::uint64_t total) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  put(fmt::format("{} of {} cells  {:.0f} %", reports::count_text(done), reports::count_text(total),
                  std::floor(100.0 * static_cast<double>(done) / static_cast<double>(total))));
}

void ProgressLine::show_reading(const std::string& file, std::uint64_t done, std::uint64_t total) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  constexpr std::uint64_t megabyte = 1'000'000;
  const std::string size = total == 0 ? "" : fmt::format(" of {}", reports::count_text(total / megabyte));
  put(fmt::format("reading {}{} MB  {}", reports::count_text(done / megabyte), size,
                  reports::printable(file)));
}

void ProgressLine::put(const std::string& text) {
  fmt::print(stderr, "\r{}\x1b[K", text.substr(0, terminal_width() - 1));
  std::fflush(stderr);
  on_screen_ = true;
}

void ProgressLine::erase() {
  if (!on_screen_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  on_screen_ = false;
}

}  // namespace cacherace::tools
