// Histories from files of other programs. A file is read block by block and never held as text.
//
// What the sources mean by the same words differs; each format has its own meaning as default:
//
//   format      initial   a read of nothing     a failed cas  order
//   json-lines  0         the initial value¹    nothing       time
//   csv         0         the initial value¹    nothing       time
//   edn         0         says nothing          nothing       index
//   jepsen-log  nil       absent                mismatch      index (it has no times)
//   porcupine   ""        the initial value     -             index
//
// ¹ absent, a value of its own, where the initial value is named.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "verify/formats/bytes.hpp"
#include "verify/formats/faults.hpp"
#include "verify/history.hpp"

namespace cacherace::verify::formats {

enum class Format : std::uint8_t { json_lines, csv, edn, jepsen_log, porcupine };
inline constexpr std::array<std::string_view, 5> format_names = {"json-lines", "csv", "edn", "jepsen-log",
                                                                 "porcupine"};

// What decides whether an operation came before another: its place in the log or its times.
enum class Order : std::uint8_t { index, time };

struct ReadOptions {
  std::optional<Format> format;  // nothing: recognised by content
  std::optional<NilRead> nil_reads;
  std::optional<FailedCas> failed_cas;
  std::optional<Order> order;
  // "nil" or "null": nothing; digits: that number; anything else: that text.
  std::optional<std::string> initial;
  bool skip_bad = false;  // leave out what is malformed, and count it
  const std::atomic<bool>* stop = nullptr;
  // Told now and then how many bytes of how many (0: not known) were read.
  std::function<void(std::uint64_t done, std::uint64_t total)> see;
};

struct Reading {
  std::vector<History> histories;  // in the order of their first lines; good only if sound()
  Format format = Format::json_lines;
  Faults faults;  // with skip_bad: what was left out
  bool skipped_bad = false;
  std::optional<std::string> cut_off;  // how the file ends in the middle of something; no fault
  std::optional<std::string> error;    // why the file cannot be read at all, with its name
  bool stopped = false;                // before its end

  [[nodiscard]] bool sound() const { return !error && !stopped && (skipped_bad || faults.count() == 0); }
};

// The histories of the file `path` ("-": standard input).
Reading read_histories(const std::string& path, const ReadOptions& options = {});
// The same from text.
Reading read_histories_of(std::string_view text, const ReadOptions& options = {});

// "file:line:column: message".
std::string to_text(const Fault& fault, std::string_view file);

}  // namespace cacherace::verify::formats
