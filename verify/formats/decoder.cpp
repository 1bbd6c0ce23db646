#include "verify/formats/decoder.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace cacherace::verify::formats {
namespace {

class Gzip final : public Decoder {
 public:
  Gzip() {
    constexpr int window_bits = 15, gzip_only = 16;
    ready_ = inflateInit2(&stream_, window_bits + gzip_only) == Z_OK;
  }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  Step decode(std::string_view in, char* out, std::size_t out_size) override {
    if (!ready_) return {.error = "not enough memory to decompress"};
    if (between_) {
      // Another member may follow; zeros behind the last one are padding.
      if (in.empty()) return {};
      if (in.front() == '\0') return {.consumed = std::min(in.find_first_not_of('\0'), in.size())};
      inflateReset(&stream_);
      between_ = false;
    }
    constexpr std::size_t most = std::numeric_limits<uInt>::max();
    // zlib does not write through next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(std::min(in.size(), most));
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(std::min(out_size, most));
    const uInt given = stream_.avail_in, room = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    Step step{given - stream_.avail_in, room - stream_.avail_out, {}};
    between_ = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      step.error = "damaged gzip data";
    }
    return step;
  }
  [[nodiscard]] bool complete() const override { return between_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool between_ = false;
};

class Zstandard final : public Decoder {
 public:
  Zstandard() : context_(ZSTD_createDCtx()) {}
  ~Zstandard() override { ZSTD_freeDCtx(context_); }
  Zstandard(const Zstandard&) = delete;
  Zstandard& operator=(const Zstandard&) = delete;

  Step decode(std::string_view in, char* out, std::size_t out_size) override {
    if (context_ == nullptr) return {.error = "not enough memory to decompress"};
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out, out_size, 0};
    const std::size_t result = ZSTD_decompressStream(context_, &output, &input);
    Step step{input.pos, output.pos, {}};
    if (ZSTD_isError(result) != 0U) {
      step.error = std::string("damaged Zstandard data: ") + ZSTD_getErrorName(result);
    }
    between_ = result == 0;
    return step;
  }
  [[nodiscard]] bool complete() const override { return between_; }

 private:
  ZSTD_DCtx* context_;
  bool between_ = false;
};

}  // namespace

std::unique_ptr<Decoder> decoder_for(std::string_view begin) {
  if (begin.starts_with("\x1f\x8b")) return std::make_unique<Gzip>();
  if (begin.starts_with("\x28\xb5\x2f\xfd")) return std::make_unique<Zstandard>();
  return nullptr;
}

}  // namespace cacherace::verify::formats
