// JSON Lines: an object a line, an operation each.
#include "verify/formats/json_line.hpp"
#include "verify/formats/lines.hpp"
#include "verify/formats/readers.hpp"

namespace cacherace::verify::formats {

void read_json_lines(Source& source) {
  Reading& reading = source.reading;
  Drafts drafts(source.meaning, reading.faults);
  RowTaker taker(drafts, reading.faults);
  Lines lines(source.bytes);
  JsonLine parser;
  Row row;
  for (std::string_view line; lines.next(line); source.see(drafts.only())) {
    if (lines.number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (parser.read(line, row)) {
      taker.take(row, lines.number());
    } else if (!lines.ended() && parser.cut_off()) {
      reading.cut_off = "line " + std::to_string(lines.number()) + ", the last, is cut off in its middle";
    } else {
      reading.faults.add(lines.number(), parser.fault_column(), parser.fault());
    }
  }
  if (lines.too_long()) reading.faults.add(lines.number() + 1, 1, "a line of more than 64 MiB");
  reading.histories = drafts.finish();
}

}  // namespace cacherace::verify::formats
