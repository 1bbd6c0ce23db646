#include "tools/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace cacherace::tools {
namespace {

bool is_set(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* const term = std::getenv("TERM");
  return term == nullptr || *term == '\0' || std::strcmp(term, "dumb") == 0;
}

}  // namespace

void complain(std::string_view text) {
  fmt::print(stderr, "cacherace: {}\n", text);
}

void complain(const std::vector<scenarios::Fault>& faults) {
  for (const auto& fault : faults) complain(to_text(fault));
}

bool print(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return true;
  if (errno == EPIPE) return true;
  complain(fmt::format("standard output cannot be written: {}", std::strerror(errno)));
  return false;
}

reports::Paint paint_of_stdout() {
  const bool coloured = isatty(STDOUT_FILENO) == 1 && !is_set("NO_COLOR") && !is_dumb();
  return coloured ? reports::Paint::coloured : reports::Paint::plain;
}

bool stderr_is_live() {
  return isatty(STDERR_FILENO) == 1 && !is_dumb() && !is_set("CI");
}

}  // namespace cacherace::tools
