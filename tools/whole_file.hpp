// Files that are written whole or not at all: into a file beside the target, which then takes its name.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cacherace::tools {

// An error in words: "result.json: No such file or directory".
using FileError = std::string;

enum class Existing : bool { replace, keep };

class WholeFile {
 public:
  // Begins to write `path`. A device or a pipe is written directly; a link, where it points to.
  static std::variant<WholeFile, FileError> create(const std::string& path);

  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();  // nothing is left of a file that was not finished

  // False after a failure, which finish() then reports.
  bool write(std::string_view text);

  // The file takes its name. `keep`: it is an error where a file of that name exists.
  std::optional<FileError> finish(Existing existing = Existing::replace);

 private:
  WholeFile(std::string path, std::string beside, int descriptor)
      : path_(std::move(path)), beside_(std::move(beside)), descriptor_(descriptor) {}

  void note_error();
  void flush();

  std::string path_;
  std::string beside_;  // empty: written directly
  int descriptor_;      // -1: closed
  int error_ = 0;
  std::string buffer_;
};

// Whether WholeFile::create would work, found out by trying.
std::optional<FileError> why_not_writable(const std::string& path);

// `text` into `path`.
std::optional<FileError> write_whole(const std::string& path, std::string_view text,
                                     Existing existing = Existing::replace);

}  // namespace cacherace::tools
