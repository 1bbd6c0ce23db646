// gzip and Zstandard, a piece at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace cacherace::verify::formats {

class Decoder {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    std::string error;  // empty: none
  };

  virtual ~Decoder() = default;
  virtual Step decode(std::string_view in, char* out, std::size_t out_size) = 0;
  // Whether the input may end here: between two parts of it.
  [[nodiscard]] virtual bool complete() const = 0;
};

// By the first bytes of the data; nothing where it is not compressed.
std::unique_ptr<Decoder> decoder_for(std::string_view begin);

}  // namespace cacherace::verify::formats
