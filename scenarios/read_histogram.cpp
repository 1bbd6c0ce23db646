// Histogram files: CSV with the header upper_ns,count.
#include <fmt/format.h>

#include <array>
#include <charconv>

#include "scenarios/durations.hpp"
#include "scenarios/reader_parts.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

constexpr std::string_view header = "upper_ns,count";
constexpr std::size_t bins_max = 1'000'000;
constexpr unsigned faults_max = 20;  // of one file: more say the same again
// Sums of counts stay exact in a double.
constexpr std::uint64_t counts_max = std::uint64_t{1} << 53U;

// Takes the next line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t result = 0;
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || stop != end || text.empty()) return std::nullopt;
  return result;
}

class HistogramFile {
 public:
  HistogramFile(Reading& reading, JsonValue path) : reading_(reading), path_(path) {}

  std::optional<std::vector<sim::HistogramBin>> read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    line_ = 1;
    if (take_line(text) != header) {
      fault(1, fmt::format("expected the header \"{}\"", header));
      return std::nullopt;
    }
    while (!text.empty() && faults_ < faults_max) {
      ++line_;
      const auto line = take_line(text);
      if (line.empty() && text.empty()) break;
      read_bin(line);
    }
    if (faults_ == 0 && total_ == 0) fault(1, "no observations; expected at least one count above 0");
    if (faults_ > 0) return std::nullopt;
    return std::move(bins_);
  }

 private:
  void fault(std::size_t column, std::string message) {
    ++faults_;
    reading_.fault_elsewhere(path_, {path_.text(), line_, column, "", std::move(message)});
  }

  void read_bin(std::string_view line) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) {
      return fault(1, "expected two numbers with a comma between: upper_ns,count");
    }
    const auto upper = whole_number(line.substr(0, comma));
    const auto count = whole_number(line.substr(comma + 1));
    const auto longest = static_cast<std::uint64_t>(longest_duration.count());
    if (!upper || *upper > longest) {
      return fault(1, fmt::format("the upper bound {}; expected whole nanoseconds from 0 to {}",
                                  quoted(line.substr(0, comma)), longest));
    }
    if (!count || *count > counts_max - total_) {
      return fault(comma + 2,
                   fmt::format("the count {}; expected a whole number from 0 on, all together at most {}",
                               quoted(line.substr(comma + 1)), counts_max));
    }
    const sim::Duration bound(static_cast<std::int64_t>(*upper));
    if (!bins_.empty() && bound <= bins_.back().upper) {
      return fault(1, fmt::format("the upper bound {} does not exceed the one before, {}; bounds rise",
                                  *upper, bins_.back().upper.count()));
    }
    if (bins_.size() >= bins_max) return fault(1, fmt::format("more than {} bins", bins_max));
    total_ += *count;
    bins_.push_back({bound, *count});
  }

  Reading& reading_;
  JsonValue path_;
  std::vector<sim::HistogramBin> bins_;
  std::size_t line_ = 1;
  std::uint64_t total_ = 0;
  unsigned faults_ = 0;
};

}  // namespace

std::optional<std::vector<sim::HistogramBin>> read_histogram(Reading& reading, JsonValue value) {
  static constexpr std::array<std::string_view, 1> known = {"file"};
  const Fields fields(reading, value, known);
  const auto path = fields.require("file", "write \"file\": \"latency.csv\"");
  if (!path) return std::nullopt;
  if (!path->is(JsonKind::text) || path->text().empty()) {
    reading.fault(*path, wrong_kind(*path, "the name of a CSV file, relative to the scenario"));
    return std::nullopt;
  }
  const auto* const text = reading.load(*path);
  return text != nullptr ? HistogramFile(reading, *path).read(*text) : std::nullopt;
}

}  // namespace cacherace::scenarios
