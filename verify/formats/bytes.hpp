// The bytes of a file, block by block: never the whole of it. What is compressed (gzip, Zstandard) is told by
// its first bytes, not by its name.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cacherace::verify::formats {

class Decoder;

class Bytes {
 public:
  // "-" is standard input. An error in words: "history.jsonl: No such file or directory". Waiting for
  // what is not there yet ends soon after `stop` was raised.
  static std::variant<Bytes, std::string> open(const std::string& path,
                                               const std::atomic<bool>* stop = nullptr);
  // `text` must outlive the object.
  static Bytes of_text(std::string_view text);

  Bytes(Bytes&&) noexcept;
  Bytes& operator=(Bytes&&) = delete;
  ~Bytes();

  // At least one and at most `most` bytes; 0 at the end, after an error, and once `stop` was raised.
  std::size_t read(char* into, std::size_t most);

  // What read() will give first, up to 64 KiB of it. Only before the first read().
  std::string_view head();

  // Why nothing more could be read: a failing disk, damaged data.
  [[nodiscard]] const std::optional<std::string>& error() const { return error_; }
  // Whether compressed data ended before its end.
  [[nodiscard]] bool cut_off() const { return cut_off_; }
  // Of the file as it lies there; nothing for what is no plain file.
  [[nodiscard]] std::optional<std::uint64_t> size() const { return size_; }
  [[nodiscard]] bool compressed() const { return decoder_ != nullptr; }
  // How much of `size` was read.
  [[nodiscard]] std::uint64_t consumed() const { return consumed_; }

 private:
  Bytes();

  std::size_t read_behind_head(char* into, std::size_t most);
  std::size_t read_raw(char* into, std::size_t most);
  std::size_t read_decoded(char* into, std::size_t most);
  bool refill();
  void recognise();

  struct File;
  std::unique_ptr<File> file_;  // none: `text_`
  std::string_view text_;
  const std::atomic<bool>* stop_ = nullptr;
  std::string name_;
  std::optional<std::uint64_t> size_;
  std::uint64_t consumed_ = 0;
  std::optional<std::string> error_;
  bool cut_off_ = false;

  std::unique_ptr<Decoder> decoder_;  // none: the bytes as they are
  std::string raw_;                   // read, but not yet given away or decoded: from `raw_begin_` on
  std::size_t raw_begin_ = 0;
  std::string head_;  // what head() has taken from the front, from `head_begin_` on not given away yet
  std::size_t head_begin_ = 0;
  bool full_ = false;  // the decoder filled all the room that it had
};

}  // namespace cacherace::verify::formats
