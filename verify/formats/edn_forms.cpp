#include "verify/formats/edn_forms.hpp"

#include "verify/formats/utf8.hpp"
#include "verify/formats/whole_number.hpp"

namespace cacherace::verify::formats {
namespace {

constexpr std::size_t block = std::size_t{1} << 16U;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ',' || c == '\f' || c == '\v';
}

bool ends_token(char c) {
  return is_space(c) || std::string_view("()[]{}\";").find(c) != std::string_view::npos;
}

}  // namespace

std::string shown(const Form& form) {
  constexpr std::size_t longest = 60;
  switch (form.kind) {
    case Form::Kind::missing:
      return "missing";
    case Form::Kind::nothing:
      return "nil";
    case Form::Kind::list:
      return "a vector or a list";
    case Form::Kind::other:
      return "a map or set";
    case Form::Kind::text:
      return '"' + form.text.substr(0, longest) + (form.text.size() > longest ? "…\"" : "\"");
    case Form::Kind::number:
    case Form::Kind::large:
    case Form::Kind::word:
      break;
  }
  return form.text.substr(0, longest);
}

bool EdnForms::refill() {
  if (bytes_ == nullptr) return false;
  buffer_.resize(block);
  column_ += static_cast<std::uint64_t>(at_ - begin_);
  const std::size_t got = bytes_->read(buffer_.data(), block);
  at_ = begin_ = buffer_.data();
  end_ = at_ + got;
  return got != 0;
}

void EdnForms::drop() {
  if (*at_++ != '\n') return;
  ++line_;
  begin_ = at_;
  column_ = 1;
}

bool EdnForms::wrong(std::string message) {
  cut_off_ = !more();
  fault_ = (cut_off_ ? "the file ends too early; " : "") + std::move(message);
  fault_line_ = line_;
  fault_column_ = column();
  return false;
}

void EdnForms::skip_space() {
  while (more()) {
    if (is_space(*at_)) {
      drop();
    } else if (*at_ == ';') {
      while (more() && *at_ != '\n') drop();
    } else {
      return;
    }
  }
}

void EdnForms::recover() {
  bool line_begins = false;
  while (more()) {
    if (line_begins && *at_ == '{') return;
    line_begins = *at_ == '\n' || (line_begins && (*at_ == ' ' || *at_ == '\t'));
    drop();
  }
}

bool EdnForms::skip() {
  return form_at(discarded_, 0);
}

bool EdnForms::form_at(Form& form, int depth) {
  if (depth > depth_max) return wrong("forms inside forms, too deep; expected at most 64");
  skip_space();
  form.line = line();
  form.column = column();
  form.items.clear();
  if (!more()) return wrong("expected a value");
  switch (*at_) {
    case '"':
      form.kind = Form::Kind::text;
      return string(form.text);
    case '[':
      return container(form, ']', depth);
    case '(':
      return container(form, ')', depth);
    case '{':
      return container(form, '}', depth);
    case '#':
      return hash(form, depth);
    case '\\':
      return character(form);
    case '\'':
    case '^':
    case '`':
    case '~':
    case '@':
    case ']':
    case ')':
    case '}':
      return wrong(std::string("an unexpected ") + *at_ + "; expected a value");
    default:
      return token(form);
  }
}

bool EdnForms::container(Form& form, char close, int depth) {
  form.kind = close == '}' ? Form::Kind::other : Form::Kind::list;
  drop();
  while (true) {
    skip_space();
    if (!more()) return wrong(std::string("expected ") + close);
    if (*at_ == close) {
      drop();
      return true;
    }
    constexpr std::size_t kept = 3;
    Form item;
    if (!form_at(item, depth + 1)) return false;
    const bool discarded = item.kind == Form::Kind::missing;
    if (!discarded && form.items.size() < kept) form.items.push_back(std::move(item));
  }
}

// #{…}, #_ form, #"…", ##NaN, #:ns{…}, #tag form.
bool EdnForms::hash(Form& form, int depth) {
  drop();
  if (!more()) return wrong("expected what follows #");
  if (*at_ == '{') return container(form, '}', depth);
  if (*at_ == '"') {
    form.kind = Form::Kind::other;
    return string(form.text);
  }
  if (*at_ == '_') {
    drop();
    if (!form_at(form, depth + 1)) return false;
    form.kind = Form::Kind::missing;
    return true;
  }
  std::string tag;
  return read_token(tag) && form_at(form, depth + 1);
}

bool EdnForms::skip_tag() {
  tag_.clear();
  if (!more() || *at_ != '#') return true;
  drop();
  if (!read_token(tag_)) return false;
  skip_space();
  return true;
}

bool EdnForms::escape(std::string& text) {
  constexpr std::string_view letters = "\"\\nrtbf", meanings = "\"\\\n\r\t\b\f";
  if (!more()) return wrong("expected the rest of an escape");
  if (*at_ == 'u') {
    text += "\\u";  // kept as it is written
    drop();
    return true;
  }
  const auto place = letters.find(*at_);
  if (place == std::string_view::npos) return wrong("an unknown escape; expected \\\\, \\\", \\n …");
  text += meanings[place];
  drop();
  return true;
}

bool EdnForms::string(std::string& text) {
  text.clear();
  drop();
  while (more() && *at_ != '"') {
    if (*at_ == '\\') {
      drop();
      if (!escape(text)) return false;
    } else {
      text += *at_;
      drop();
    }
  }
  if (!more()) return wrong("expected the \" that ends a text");
  drop();
  return is_utf8(text) || wrong("bytes that are no UTF-8; expected UTF-8");
}

bool EdnForms::character(Form& form) {
  form.kind = Form::Kind::word;
  form.text = '\\';
  drop();
  if (!more()) return wrong("expected a character");
  form.text += *at_;
  drop();
  std::string rest;
  if (more() && !ends_token(*at_) && !read_token(rest)) return false;
  form.text += rest;
  return is_utf8(form.text) || wrong("bytes that are no UTF-8; expected UTF-8");
}

bool EdnForms::read_token(std::string& text) {
  text.clear();
  while (more() && !ends_token(*at_)) {
    text += *at_;
    drop();
  }
  if (text.empty()) return wrong("expected a value");
  return is_utf8(text) || wrong("bytes that are no UTF-8; expected UTF-8");
}

bool EdnForms::token(Form& form) {
  if (!read_token(form.text)) return false;
  form.kind = form.text == "nil" ? Form::Kind::nothing : Form::Kind::word;
  std::string_view digits = form.text;
  if (digits.size() > 1 && digits.ends_with('N')) digits.remove_suffix(1);  // a big integer of Clojure's
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  const WholeNumber number = whole_number(digits);
  if (!number.is_one) return true;
  form.number = number.value;
  form.kind = number.fits ? Form::Kind::number : Form::Kind::large;
  form.text = std::string(digits);
  return true;
}

}  // namespace cacherace::verify::formats
