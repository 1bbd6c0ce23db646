#include "tools/whole_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

namespace cacherace::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_size = std::size_t{1} << 20U;

FileError described(const std::string& path, int error) {
  return fmt::format("{}: {}", path, std::strerror(error));
}

// What the file would be created with.
mode_t mode_of(const std::string& path) {
  struct stat old = {};
  if (stat(path.c_str(), &old) == 0) return old.st_mode & 07777U;
  const mode_t mask = umask(0);
  umask(mask);
  return 0666U & ~mask;
}

// Where the path leads: through links, also to a file that does not exist yet.
std::string followed(const std::string& path) {
  std::error_code error;
  if (!fs::is_symlink(fs::symlink_status(path, error))) return path;
  if (fs::exists(path, error)) return fs::canonical(path, error).string();
  return (fs::path(path).parent_path() / fs::read_symlink(path, error)).string();
}

}  // namespace

std::variant<WholeFile, FileError> WholeFile::create(const std::string& path) {
  if (path.empty()) return FileError("a file needs a name");
  const std::string target = followed(path);
  std::error_code error;
  const auto status = fs::status(target, error);
  if (fs::is_directory(status)) return described(path, EISDIR);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    const int descriptor = open(target.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return described(path, errno);
    return WholeFile(path, "", descriptor);
  }
  if (fs::exists(status) && access(target.c_str(), W_OK) != 0) return described(path, errno);
  std::string beside = target + ".XXXXXX";
  const int descriptor = mkostemp(beside.data(), O_CLOEXEC);
  if (descriptor < 0) return described(path, errno);
  if (fchmod(descriptor, mode_of(target)) != 0) {
    const int failure = errno;
    close(descriptor);
    unlink(beside.c_str());
    return described(path, failure);
  }
  return WholeFile(target, std::move(beside), descriptor);
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)),
      beside_(std::exchange(other.beside_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      error_(other.error_),
      buffer_(std::move(other.buffer_)) {}

WholeFile::~WholeFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!beside_.empty()) unlink(beside_.c_str());
}

void WholeFile::note_error() {
  if (error_ == 0) error_ = errno;
}

bool WholeFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_size) flush();
  return error_ == 0;
}

void WholeFile::flush() {
  std::size_t done = 0;
  while (error_ == 0 && done < buffer_.size()) {
    const ssize_t written = ::write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (written >= 0) {
      done += static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      note_error();
    }
  }
  buffer_.clear();
}

std::optional<FileError> WholeFile::finish(Existing existing) {
  flush();
  if (!beside_.empty() && error_ == 0 && fsync(descriptor_) != 0) note_error();
  if (close(std::exchange(descriptor_, -1)) != 0) note_error();
  if (error_ == 0 && !beside_.empty()) {
    const bool named = existing == Existing::keep ? link(beside_.c_str(), path_.c_str()) == 0
                                                  : std::rename(beside_.c_str(), path_.c_str()) == 0;
    if (!named) note_error();
    if (named && existing == Existing::replace) beside_.clear();
  }
  if (error_ == 0) return std::nullopt;
  return described(path_, error_);
}

std::optional<FileError> why_not_writable(const std::string& path) {
  auto file = WholeFile::create(path);
  if (auto* error = std::get_if<FileError>(&file)) return std::move(*error);
  return std::nullopt;
}

std::optional<FileError> write_whole(const std::string& path, std::string_view text, Existing existing) {
  auto file = WholeFile::create(path);
  if (auto* error = std::get_if<FileError>(&file)) return std::move(*error);
  auto& whole = std::get<WholeFile>(file);
  whole.write(text);
  return whole.finish(existing);
}

}  // namespace cacherace::tools
