#include "verify/formats/written.hpp"

namespace cacherace::verify::formats {

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_nothing(std::string_view text) {
  return text == "nil" || text == "null";
}

std::string kept_text(Object object, std::string_view text) {
  const bool plain =
      object == Object::text || !(is_number(text) || is_nothing(text) || text.starts_with('"'));
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
  if (!text.starts_with('"')) return {is_number(text), text};
  return {false, text.substr(1, text.size() - 2)};
}

}  // namespace cacherace::verify::formats
