// CSV (RFC 4180) with a header that has the names of JSON Lines, in any order. A field that is empty is null,
// one that is a whole number is that number, any other a text; a quoted one is always a text. A field with
// quotes ends on its line.
#include <algorithm>

#include "verify/formats/lines.hpp"
#include "verify/formats/readers.hpp"
#include "verify/formats/row.hpp"
#include "verify/formats/utf8.hpp"
#include "verify/formats/whole_number.hpp"

namespace cacherace::verify::formats {
namespace {

class CsvLine {
 public:
  struct Cell {
    std::string_view text;
    bool quoted = false;
    std::uint64_t column = 0;
  };

  // False: what is wrong is in fault().
  bool read(std::string_view line) {
    cells_.clear();
    cut_off_ = false;
    own_.clear();
    own_.reserve(line.size());  // so that what points into it stays
    std::size_t at = 0;
    while (true) {
      if (at < line.size() && line[at] == '"') {
        if (!quoted(line, at)) return false;
      } else {
        const std::size_t comma = std::min(line.find(',', at), line.size());
        cells_.push_back({line.substr(at, comma - at), false, at + 1});
        at = comma;
      }
      if (at == line.size()) return is_utf8(line) || wrong(1, "bytes that are no UTF-8; expected UTF-8");
      if (line[at] != ',') return wrong(at + 1, "text behind a quoted field; expected a comma");
      ++at;
    }
  }

  [[nodiscard]] const std::vector<Cell>& cells() const { return cells_; }
  [[nodiscard]] const std::string& fault() const { return fault_; }
  // Whether the line is wrong because it ends too early.
  [[nodiscard]] bool cut_off() const { return cut_off_; }
  [[nodiscard]] std::uint64_t fault_column() const { return fault_column_; }

 private:
  bool wrong(std::uint64_t column, std::string message) {
    fault_column_ = column;
    fault_ = std::move(message);
    return false;
  }

  bool quoted(std::string_view line, std::size_t& at) {
    const std::size_t begin = at++;
    const std::size_t own_begin = own_.size();
    while (at < line.size()) {
      if (line[at] != '"') {
        own_ += line[at++];
      } else if (at + 1 < line.size() && line[at + 1] == '"') {
        own_ += '"';
        at += 2;
      } else {
        ++at;
        cells_.push_back({std::string_view(own_).substr(own_begin), true, begin + 1});
        return true;
      }
    }
    cut_off_ = true;
    return wrong(begin + 1, "a quoted field without its end; expected a \" on this line");
  }

  std::vector<Cell> cells_;
  std::string own_;
  std::string fault_;
  std::uint64_t fault_column_ = 0;
  bool cut_off_ = false;
};

Scalar scalar_of(const CsvLine::Cell& cell, std::size_t field) {
  Scalar scalar{Scalar::Kind::text, 0, cell.text, cell.column};
  if (cell.quoted) return scalar;
  if (cell.text.empty()) {
    scalar.kind = Scalar::Kind::nothing;
    return scalar;
  }
  // What is named stays a name even where it looks like a number.
  const bool is_name =
      field == static_cast<std::size_t>(Field::key) || field == static_cast<std::size_t>(Field::strategy);
  if (is_name) return scalar;
  const WholeNumber number = whole_number(cell.text);
  scalar.number = number.value;
  if (number.is_one) scalar.kind = number.fits ? Scalar::Kind::number : Scalar::Kind::large;
  return scalar;
}

// The fields in the order of their columns; a fault where the header is wrong.
std::vector<std::size_t> header_of(const CsvLine& line, Faults& faults) {
  std::vector<std::size_t> fields;
  for (const auto& cell : line.cells()) {
    const std::size_t field = field_of(cell.text);
    const std::string name(cell.text);
    if (field == field_names.size()) {
      faults.add(1, cell.column,
                 "unknown column \"" + name + "\"; expected some of " + std::string(all_fields));
    } else if (std::ranges::find(fields, field) != fields.end()) {
      faults.add(1, cell.column, "column \"" + name + "\" is there twice; expected it once");
    }
    fields.push_back(field);
  }
  for (const Field needed :
       {Field::client, Field::op, Field::key, Field::value, Field::start, Field::end, Field::outcome}) {
    const auto place = static_cast<std::size_t>(needed);
    if (std::ranges::find(fields, place) == fields.end()) {
      faults.add(1, 1, "no column \"" + std::string(field_names[place]) + "\"; expected it in the header");
    }
  }
  return fields;
}

std::string number_of_fields(std::size_t there, std::size_t expected) {
  return std::to_string(there) + " fields; expected " + std::to_string(expected) + ", as in the header";
}

}  // namespace

void read_csv(Source& source) {
  Reading& reading = source.reading;
  Drafts drafts(source.meaning, reading.faults);
  RowTaker taker(drafts, reading.faults);
  Lines lines(source.bytes);
  CsvLine cells;
  std::vector<std::size_t> header;
  for (std::string_view line; lines.next(line); source.see(drafts.only())) {
    if (lines.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (line.empty()) continue;
    const bool read = cells.read(line);
    if (header.empty()) {
      if (!read) reading.faults.add(lines.number(), cells.fault_column(), cells.fault());
      if (read) header = header_of(cells, reading.faults);
      if (reading.faults.count() == 0) continue;
      reading.skipped_bad = false;  // without a header nothing can be left out
      return;
    }
    const bool cut_off = !lines.ended() && (read ? cells.cells().size() < header.size() : cells.cut_off());
    if (cut_off) {
      reading.cut_off = "line " + std::to_string(lines.number()) + ", the last, is cut off in its middle";
    } else if (!read) {
      reading.faults.add(lines.number(), cells.fault_column(), cells.fault());
    } else if (cells.cells().size() != header.size()) {
      reading.faults.add(lines.number(), 1, number_of_fields(cells.cells().size(), header.size()));
    } else {
      Row row;
      for (std::size_t i = 0; i < header.size(); ++i) {
        row.fields[header[i]] = scalar_of(cells.cells()[i], header[i]);
      }
      taker.take(row, lines.number());
    }
  }
  if (lines.too_long()) reading.faults.add(lines.number() + 1, 1, "a line of more than 64 MiB");
  reading.histories = drafts.finish();
}

}  // namespace cacherace::verify::formats
