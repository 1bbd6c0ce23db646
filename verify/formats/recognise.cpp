// Which format a file has, by how it begins.
#include <algorithm>

#include "verify/formats/readers.hpp"
#include "verify/formats/row.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::string_view blank = " \t\r\n,";

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

// Over white space, and over comments as EDN has them.
std::string_view without_comments(std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    if (!text.starts_with(';')) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
}

bool is_csv_header(std::string_view line) {
  std::size_t known = 0;
  while (true) {
    const std::size_t comma = line.find(',');
    std::string_view name = line.substr(0, comma);
    if (name.size() > 2 && name.starts_with('"') && name.ends_with('"'))
      name = name.substr(1, name.size() - 2);
    if (field_of(name) != field_names.size()) ++known;
    if (comma == std::string_view::npos) break;
    line.remove_prefix(comma + 1);
  }
  constexpr std::size_t enough = 3;
  return known >= enough;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

Format edn_dialect(std::string_view text) {
  const bool key_value = has(text, ":key") && !has(text, ":cas") &&
                         (has(text, ":append") || has(text, ":get") || has(text, ":put"));
  return key_value ? Format::porcupine : Format::edn;
}

}  // namespace

std::optional<Format> recognised(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  const std::string_view text = without_comments(head);
  if (text.starts_with('{')) {
    const auto inside = without_comments(text.substr(1));
    if (inside.starts_with('"') || inside.starts_with('}')) return Format::json_lines;
    return edn_dialect(text);
  }
  if (text.starts_with('[') || text.starts_with('(') || text.starts_with('#')) return edn_dialect(text);
  if (is_csv_header(first_line(text))) return Format::csv;
  for (const std::string_view type : {":invoke", ":ok", ":info", ":fail"}) {
    if (has(head, type)) return Format::jepsen_log;
  }
  return std::nullopt;
}

}  // namespace cacherace::verify::formats
