#include "verify/formats/written.hpp"

#include "verify/formats/whole_number.hpp"

namespace cacherace::verify::formats {

bool is_nothing(std::string_view text) {
  return text == "nil" || text == "null";
}

std::string kept_text(Object object, std::string_view text) {
  const bool plain =
      object == Object::text || !(whole_number(text).is_one || is_nothing(text) || text.starts_with('"'));
  std::string kept;
  kept.reserve(text.size() + 2);
  if (!plain) kept += '"';
  kept += text;
  if (!plain) kept += '"';
  return kept;
}

Written as_written(const History& history, Value value) {
  std::string_view text = history.texts.at(value - History::first_text);
  if (history.object == Object::text) return {false, text};
  if (!text.starts_with('"')) return {whole_number(text).is_one, text};
  return {false, text.substr(1, text.size() - 2)};
}

}  // namespace cacherace::verify::formats
