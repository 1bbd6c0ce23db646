#include "tools/report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

namespace cacherace::tools {
namespace {

namespace fs = std::filesystem;

std::string page_in(const std::string& folder) {
  return (fs::path(folder) / "index.html").string();
}

}  // namespace

OptionText read_report(OptionReader& reader, const OptionText& folder) {
  if (!folder) return std::nullopt;
  if (folder->empty()) {
    reader.wrong("--report", "a folder needs a name");
    return std::nullopt;
  }
  std::error_code error;
  const fs::path path = fs::path(*folder).lexically_normal();
  if (fs::is_directory(path, error)) return page_in(*folder);
  if (fs::exists(path, error)) {
    reader.wrong("--report", fmt::format("{}: Not a directory; the page is a file in a folder", *folder));
    return std::nullopt;
  }
  const fs::path named = path.has_filename() ? path : path.parent_path();
  const fs::path parent = named.has_parent_path() ? named.parent_path() : fs::path(".");
  if (!fs::is_directory(parent, error)) {
    reader.wrong("--report", fmt::format("{}: No such file or directory", parent.string()));
  } else if (access(parent.c_str(), W_OK | X_OK) != 0) {
    reader.wrong("--report", fmt::format("{}: Permission denied", parent.string()));
  }
  return std::nullopt;
}

std::optional<FileError> write_page(const std::string& folder, std::string_view page) {
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) return fmt::format("{}: {}", folder, error.message());
  return write_whole(page_in(folder), page);
}

}  // namespace cacherace::tools
