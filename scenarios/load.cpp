// Scenarios and the files that they name: from the disk, or from what ships.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "scenarios/json_document.hpp"
#include "scenarios/reader.hpp"
#include "scenarios/shipped.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

namespace fs = std::filesystem;
using TextOrFault = std::variant<std::string, Fault>;

Fault whole_file_fault(const std::string& path, std::string message) {
  return {path, 0, 0, "", std::move(message)};
}

ReadResult load_from_disk(const std::string& path) {
  auto loaded = read_text_file(path);
  if (auto* wrong = std::get_if<Fault>(&loaded)) return std::vector<Fault>{std::move(*wrong)};
  const auto folder = fs::path(path).parent_path();
  const FileLoader loader = [&](const std::string& name) { return read_text_file((folder / name).string()); };
  return read_scenario(std::get<std::string>(loaded), path, loader);
}

ReadResult load_shipped(const EmbeddedFile& file) {
  const auto folder = fs::path(file.path).parent_path();
  const FileLoader loader = [&](const std::string& name) -> TextOrFault {
    const auto path = (folder / name).lexically_normal().generic_string();
    const auto files = embedded_files();
    const auto found = std::ranges::find(files, path, &EmbeddedFile::path);
    if (found == files.end()) return whole_file_fault(path, "does not ship with the command");
    return std::string(found->text);
  };
  return read_scenario(file.text, std::string(file.path), loader);
}

Fault not_found(const std::string& name) {
  const auto names = shipped_scenario_names();
  std::vector<std::string_view> candidates(names.begin(), names.end());
  for (const std::string_view full : names) candidates.push_back(full.substr(full.rfind('/') + 1));
  std::string message = "neither a file nor a scenario that ships";
  if (const auto near = nearest(name, candidates)) {
    message += fmt::format("; did you mean {}?", quoted(*near));
  } else {
    message += " (\"cacherace list scenarios\" names those)";
  }
  return whole_file_fault(name, std::move(message));
}

}  // namespace

// No more than one byte beyond the limit is read, so that a device or a pipe without an end does no harm.
TextOrFault read_text_file(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return whole_file_fault(path, "no such file");
  if (fs::is_directory(status)) return whole_file_fault(path, "this is a folder; expected a file");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return whole_file_fault(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  std::string text;
  std::string block(std::size_t{1} << 16U, '\0');
  while (text.size() <= json_bytes_max &&
         stream.read(block.data(), static_cast<std::streamsize>(block.size())).gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return whole_file_fault(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  if (text.size() > json_bytes_max) {
    return whole_file_fault(path,
                            fmt::format("more than {} MiB; expected a smaller file", json_bytes_max >> 20U));
  }
  return text;
}

ReadResult load_scenario(const std::string& name_or_path) {
  std::error_code error;
  const auto status = fs::status(name_or_path, error);
  const bool on_disk = fs::exists(status);
  if (on_disk && !fs::is_directory(status)) return load_from_disk(name_or_path);
  if (const auto* shipped = find_shipped_scenario(name_or_path)) return load_shipped(*shipped);
  if (on_disk) return load_from_disk(name_or_path);
  if (error && error != std::errc::no_such_file_or_directory) {
    return std::vector<Fault>{whole_file_fault(name_or_path, error.message())};
  }
  return std::vector<Fault>{not_found(name_or_path)};
}

}  // namespace cacherace::scenarios
