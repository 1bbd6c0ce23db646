#include "verify/formats/bytes.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "verify/formats/decoder.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::size_t block = std::size_t{1} << 16U;
constexpr std::size_t magic_size = 4;

}  // namespace

struct Bytes::File {
  int descriptor = STDIN_FILENO;

  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor > STDIN_FILENO) close(descriptor);
  }

  // At least one byte; 0 at the end, -1 where it fails (errno).
  ssize_t read(char* into, std::size_t most) const {
    ssize_t got = 0;
    do {
      got = ::read(descriptor, into, most);
    } while (got < 0 && errno == EINTR);
    return got;
  }

  // Waits until there is something to read, or the end of it, for a short time. False: there is nothing yet.
  bool wait() const {
    constexpr int often_ms = 20;
    pollfd waiting{descriptor, POLLIN, 0};
    return poll(&waiting, 1, often_ms) > 0;
  }
};

Bytes::Bytes() = default;
Bytes::Bytes(Bytes&&) noexcept = default;
Bytes::~Bytes() = default;

std::variant<Bytes, std::string> Bytes::open(const std::string& path, const std::atomic<bool>* stop) {
  Bytes bytes;
  bytes.stop_ = stop;
  bytes.name_ = path;
  bytes.file_ = std::make_unique<File>();
  if (path == "-") {
    bytes.name_ = "standard input";
  } else {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return path + ": is a folder; expected a history";
    bytes.file_->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (bytes.file_->descriptor < 0) return path + ": " + std::strerror(errno);
    if (std::filesystem::is_regular_file(path, error)) {
      const auto size = std::filesystem::file_size(path, error);
      if (!error) bytes.size_ = size;
    }
  }
  bytes.recognise();
  if (bytes.error_) return *bytes.error_;
  return bytes;
}

Bytes Bytes::of_text(std::string_view text) {
  Bytes bytes;
  bytes.text_ = text;
  bytes.name_ = "text";
  bytes.size_ = text.size();
  bytes.recognise();
  return bytes;
}

void Bytes::recognise() {
  raw_.resize(block);
  std::size_t got = 0;
  while (got < magic_size) {
    const std::size_t more = read_raw(raw_.data() + got, block - got);
    if (more == 0) break;
    got += more;
  }
  raw_.resize(got);
  decoder_ = decoder_for(raw_);
}

std::size_t Bytes::read_raw(char* into, std::size_t most) {
  if (!file_) {
    const std::size_t n = std::min(most, text_.size());
    if (n != 0) std::memcpy(into, text_.data(), n);
    text_.remove_prefix(n);
    consumed_ += n;
    return n;
  }
  // Whoever writes into a pipe may be silent for long; a read would sleep on, whatever stop_ says.
  while (stop_ != nullptr && !file_->wait()) {
    if (*stop_) return 0;
  }
  const ssize_t got = file_->read(into, most);
  if (got < 0) error_ = name_ + ": " + std::strerror(errno);
  const auto n = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  consumed_ += n;
  return n;
}

bool Bytes::refill() {
  raw_begin_ = 0;
  raw_.resize(block);
  raw_.resize(read_raw(raw_.data(), block));
  return !raw_.empty();
}

std::string_view Bytes::head() {
  constexpr std::size_t most = std::size_t{1} << 16U;
  head_.resize(most);
  std::size_t got = 0;
  while (got < most) {
    const std::size_t more = read_behind_head(head_.data() + got, most - got);
    if (more == 0) break;
    got += more;
  }
  head_.resize(got);
  return head_;
}

std::size_t Bytes::read(char* into, std::size_t most) {
  if (head_begin_ == head_.size()) return read_behind_head(into, most);
  const std::size_t n = std::min(most, head_.size() - head_begin_);
  std::memcpy(into, head_.data() + head_begin_, n);
  head_begin_ += n;
  return n;
}

std::size_t Bytes::read_behind_head(char* into, std::size_t most) {
  if (error_ || (stop_ != nullptr && *stop_)) return 0;
  if (decoder_) return read_decoded(into, most);
  if (raw_begin_ == raw_.size()) return read_raw(into, most);
  const std::size_t n = std::min(most, raw_.size() - raw_begin_);
  std::memcpy(into, raw_.data() + raw_begin_, n);
  raw_begin_ += n;
  return n;
}

std::size_t Bytes::read_decoded(char* into, std::size_t most) {
  while (true) {
    // What filled the room that it was given may have more to give away.
    if (raw_begin_ == raw_.size() && !full_ && !refill()) {
      cut_off_ = !error_ && !decoder_->complete() && (stop_ == nullptr || !*stop_);
      return 0;
    }
    const auto step = decoder_->decode(std::string_view(raw_).substr(raw_begin_), into, most);
    raw_begin_ += step.consumed;
    if (!step.error.empty()) error_ = name_ + ": " + step.error;
    if (step.produced != 0 || error_) {
      full_ = step.produced == most;
      return step.produced;
    }
    if (step.consumed == 0 && !full_) {
      error_ = name_ + ": damaged compressed data";
      return 0;
    }
    full_ = false;
  }
}

}  // namespace cacherace::verify::formats
