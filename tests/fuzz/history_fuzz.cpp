// Any bytes as a history of the format FORMAT, by place or by time, with and without what is malformed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/history_property.hpp"

using namespace cacherace::verify::formats;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto holds = [text](const ReadOptions& options) {
    if (!broken_promise(text, options).empty()) std::abort();
  };
  holds({.format = Format::FORMAT});
  holds({.format = Format::FORMAT, .skip_bad = true});
  if (Format::FORMAT == Format::edn)
    holds({.format = Format::FORMAT, .order = Order::time, .skip_bad = true});
  holds({.skip_bad = true});
  return 0;
}
