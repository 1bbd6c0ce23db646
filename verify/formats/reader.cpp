#include "verify/formats/reader.hpp"

#include <algorithm>

#include "verify/formats/drafts.hpp"
#include "verify/formats/readers.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::string_view formats_there_are =
    "JSON Lines, CSV with a header, Jepsen EDN, a Jepsen console log or Porcupine's key-value text "
    "(--input-format says which)";

bool has_only_times(Format format) {
  return format == Format::json_lines || format == Format::csv;
}

void read_as(Format format, Source& source) {
  switch (format) {
    case Format::json_lines:
      return read_json_lines(source);
    case Format::csv:
      return read_csv(source);
    case Format::edn:
    case Format::porcupine:
      return read_edn(source);
    case Format::jepsen_log:
      return read_jepsen_log(source);
  }
}

// Why the options do not fit the format; empty where they do.
std::string misfit(Format format, const ReadOptions& options) {
  if (has_only_times(format) && options.order == Order::index) {
    return ": --order index: its operations have times and no places; expected --order time";
  }
  if (format == Format::jepsen_log && options.order == Order::time) {
    return ": --order time: console logs have no times; expected --order index";
  }
  return "";
}

bool is_stopped(const ReadOptions& options) {
  return options.stop != nullptr && *options.stop;
}

Reading read(Bytes& bytes, const std::string& name, const ReadOptions& options) {
  Reading reading;
  reading.skipped_bad = options.skip_bad;
  const auto head = bytes.head();
  const auto format = options.format ? options.format : recognised(head);
  reading.stopped = is_stopped(options);
  if (reading.stopped) return reading;
  if (bytes.error()) {
    reading.error = bytes.error();
  } else if (!format) {
    const bool empty = head.find_first_not_of(" \t\r\n") == std::string_view::npos;
    reading.error = name + (empty ? ": is empty; expected a history: " : ": not recognised; expected ") +
                    std::string(formats_there_are);
  } else if (const auto problem = misfit(*format, options); !problem.empty()) {
    reading.error = name + problem;
  }
  if (reading.error) return reading;
  reading.format = *format;
  const Meaning meaning = meaning_of(*format, options);
  Source source(bytes, options, meaning, reading);
  read_as(*format, source);
  reading.error = bytes.error();
  if (bytes.cut_off()) reading.cut_off = "the compressed data ends before its end";
  reading.stopped = is_stopped(options);
  return reading;
}

}  // namespace

void Source::tell(Draft* draft) {
  const std::uint64_t total = bytes.size().value_or(0);
  if (options.see) options.see(bytes.consumed(), total);
  // Once: room for as many operations as the rest of the file will have, if it goes on like this. Growing
  // step by step would copy all of them and hold them twice.
  constexpr std::uint64_t when = std::uint64_t{1} << 16U;
  if (calls_ != when || draft == nullptr || bytes.compressed() || total <= bytes.consumed()) return;
  const double share = static_cast<double>(total) / static_cast<double>(bytes.consumed());
  constexpr double spare = 1.05, most = 1e8;
  draft->expect(static_cast<std::size_t>(std::min(share * spare * static_cast<double>(draft->size()), most)));
}

Reading read_histories(const std::string& path, const ReadOptions& options) {
  auto opened = Bytes::open(path, options.stop);
  if (auto* error = std::get_if<std::string>(&opened)) {
    Reading reading;
    reading.error = std::move(*error);
    return reading;
  }
  return read(std::get<Bytes>(opened), path == "-" ? "standard input" : path, options);
}

Reading read_histories_of(std::string_view text, const ReadOptions& options) {
  Bytes bytes = Bytes::of_text(text);
  return read(bytes, "text", options);
}

std::string to_text(const Fault& fault, std::string_view file) {
  return std::string(file) + ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " +
         fault.message;
}

}  // namespace cacherace::verify::formats
