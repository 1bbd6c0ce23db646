#include "scenarios/json_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "scenarios/json_syntax.hpp"
#include "scenarios/suggest.hpp"

namespace cacherace::scenarios {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t pointer_step_bytes_max = 100;
constexpr std::size_t duplicates_max = 1000;

}  // namespace

// Receives the parser's events and builds the tree.
class JsonBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit JsonBuilder(JsonDocument& document) : document_(document), text_(document.text_) {}

  bool null() override { return add(JsonKind::null) != nullptr; }
  bool boolean(bool value) override {
    auto* node = add(JsonKind::flag);
    if (node != nullptr) node->whole = value ? 1 : 0;
    return node != nullptr;
  }
  bool number_integer(number_integer_t value) override { return add_number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (!add_number(static_cast<double>(value))) return false;
    document_.nodes_.back().is_whole = true;
    document_.nodes_.back().whole = value;
    return true;
  }
  bool number_float(number_float_t value, const string_t& /*token*/) override { return add_number(value); }
  bool string(string_t& value) override {
    auto* node = add(JsonKind::text);
    if (node != nullptr) node->text = std::move(value);
    return node != nullptr;
  }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*elements*/) override { return open(JsonKind::object); }
  bool start_array(std::size_t /*elements*/) override { return open(JsonKind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& value) override {
    key_offset_ = take_token();
    stop_.state = JsonState::key;
    auto& frame = frames_.back();
    const auto [place, is_new] = frame.keys.try_emplace(value, key_offset_);
    key_is_duplicate_ = !is_new;
    if (!is_new && document_.duplicates_.size() < duplicates_max) {
      document_.duplicates_.push_back(
          {key_offset_, JsonValue(document_, frame.node).pointer() + pointer_step(value),
           "this key stands here a second time (first at " + place_of(place->second) + "); remove one"});
    }
    key_ = std::move(value);
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    constexpr int number_out_of_range = 406;
    describe_stop();
    auto complaint = explain_syntax_error(text_, stop_);
    if (error.id == number_out_of_range) complaint.message = "this number is too large";
    refuse(complaint.offset, complaint.message);
    return false;
  }

  // Call it after the parser has accepted: a NUL byte ends the text for the parser, and so it stops there.
  void expect_end() {
    stop_.state = JsonState::end;
    if (skip_white_space(text_, stop_.cursor) == text_.size()) return;
    const auto complaint = explain_syntax_error(text_, stop_);
    refuse(complaint.offset, complaint.message);
  }

 private:
  struct Frame {
    std::uint32_t node;
    std::unordered_map<std::string, std::size_t> keys;
  };

  [[nodiscard]] std::string place_of(std::size_t offset) const {
    const auto position = document_.position(offset);
    return fmt::format("line {}, column {}", position.line, position.column);
  }

  void refuse(std::size_t offset, std::string message) {
    if (document_.syntax_fault_) return;
    std::string pointer = frames_.empty() ? "" : JsonValue(document_, frames_.back().node).pointer();
    if (stop_.state == JsonState::key) pointer += pointer_step(key_);
    document_.syntax_fault_ = JsonFault{offset, std::move(pointer), std::move(message)};
  }

  void describe_stop() {
    stop_.inside = !frames_.empty();
    if (frames_.empty()) return;
    const auto& container = document_.nodes_[frames_.back().node];
    stop_.inside_object = container.kind == JsonKind::object;
    stop_.container_opened = place_of(container.offset);
  }

  // Moves the cursor over the next token and returns where that begins.
  std::size_t take_token() {
    auto at = skip_white_space(text_, stop_.cursor);
    while (at < text_.size() && (text_[at] == ',' || text_[at] == ':')) at = skip_white_space(text_, at + 1);
    stop_.token = at;
    stop_.cursor = skip_token(text_, at);
    return at;
  }

  JsonNode* add(JsonKind kind) {
    const auto offset = take_token();
    auto& nodes = document_.nodes_;
    if (nodes.size() >= json_values_max) {
      refuse(offset, fmt::format("more than {} values in one file", json_values_max));
      return nullptr;
    }
    const auto index = static_cast<std::uint32_t>(nodes.size());
    auto& node = nodes.emplace_back();
    node.kind = kind;
    node.offset = static_cast<std::uint32_t>(offset);
    node.key_offset = node.offset;
    if (!frames_.empty()) attach(node, index);
    stop_.state = JsonState::value;
    return &node;
  }

  void attach(JsonNode& node, std::uint32_t index) {
    node.parent = frames_.back().node;
    auto& parent = document_.nodes_[node.parent];
    if (parent.kind == JsonKind::object) {
      node.key = std::move(key_);
      node.key_offset = static_cast<std::uint32_t>(key_offset_);
      node.duplicate = key_is_duplicate_;
    }
    if (parent.first == JsonNode::none) {
      parent.first = index;
    } else {
      auto& sibling = document_.nodes_[parent.last];
      sibling.next = index;
      node.index = sibling.index + 1;
    }
    parent.last = index;
  }

  bool add_number(double value) {
    auto* node = add(JsonKind::number);
    if (node != nullptr) node->number = value;
    return node != nullptr;
  }

  bool open(JsonKind kind) {
    auto* node = add(kind);
    if (node == nullptr) return false;
    if (frames_.size() >= json_depth_max) {
      refuse(node->offset, fmt::format("lists and objects are nested more than {} deep", json_depth_max));
      return false;
    }
    frames_.push_back({static_cast<std::uint32_t>(document_.nodes_.size() - 1), {}});
    stop_.state = kind == JsonKind::list ? JsonState::open_list : JsonState::open_object;
    return true;
  }

  bool close() {
    take_token();
    frames_.pop_back();
    stop_.state = JsonState::value;
    return true;
  }

  JsonDocument& document_;
  std::string_view text_;
  std::vector<Frame> frames_;
  JsonStop stop_;
  std::string key_;
  std::size_t key_offset_ = 0;
  bool key_is_duplicate_ = false;
};

JsonDocument::JsonDocument(std::string_view text) : text_(text), line_starts_{0} {
  if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) text_.remove_prefix(byte_order_mark.size());
  if (text_.size() > json_bytes_max) {
    syntax_fault_ = JsonFault{0, "", fmt::format("a scenario has at most {} MiB", json_bytes_max >> 20)};
    return;
  }
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }
  if (const auto invalid = first_invalid_utf8(text_)) {
    const auto byte = static_cast<unsigned char>(text_[*invalid]);
    syntax_fault_ = JsonFault{
        *invalid, "", fmt::format("the byte 0x{:02x} is no UTF-8 text; save the file as UTF-8", byte)};
    return;
  }
  JsonBuilder builder(*this);
  if (nlohmann::json::sax_parse(text_.begin(), text_.end(), &builder)) builder.expect_end();
}

Position JsonDocument::position(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<std::size_t>(after - line_starts_.begin());
  return {line, offset - line_starts_[line - 1] + 1};
}

const JsonNode& JsonValue::node() const {
  return document_->nodes_[index_];
}

std::optional<std::uint64_t> JsonValue::whole() const {
  const auto& n = node();
  if (n.kind != JsonKind::number) return std::nullopt;
  if (n.is_whole) return n.whole;
  constexpr double exact_max = 9007199254740992.0;  // 2^53: up to here doubles count in ones
  if (n.number < 0.0 || n.number > exact_max || std::floor(n.number) != n.number) return std::nullopt;
  return static_cast<std::uint64_t>(n.number);
}

std::string JsonValue::pointer() const {
  std::vector<const JsonNode*> path;
  for (const auto* n = &node(); n->parent != JsonNode::none; n = &document_->nodes_[n->parent])
    path.push_back(n);
  std::string result;
  for (auto n = path.rbegin(); n != path.rend(); ++n) {
    const bool in_object = document_->nodes_[(*n)->parent].kind == JsonKind::object;
    result += in_object ? pointer_step((*n)->key) : fmt::format("/{}", (*n)->index);
  }
  return result;
}

std::vector<JsonValue> JsonValue::children() const {
  std::vector<JsonValue> result;
  for (auto i = node().first; i != JsonNode::none; i = document_->nodes_[i].next) {
    if (!document_->nodes_[i].duplicate) result.emplace_back(*document_, i);
  }
  return result;
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const {
  if (!is(JsonKind::object)) return std::nullopt;
  for (auto i = node().first; i != JsonNode::none; i = document_->nodes_[i].next) {
    if (document_->nodes_[i].key == key) return JsonValue(*document_, i);
  }
  return std::nullopt;
}

std::string pointer_step(std::string_view key) {
  std::string result = "/";
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    // Cut between characters, never within one.
    if (result.size() > pointer_step_bytes_max && (byte & 0xc0U) != 0x80U) return result + "…";
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

std::string_view described(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::flag:
      return "a flag";
    case JsonKind::number:
      return "a number";
    case JsonKind::text:
      return "a text";
    case JsonKind::list:
      return "a list";
    case JsonKind::object:
      return "an object";
  }
  return "a value";
}

}  // namespace cacherace::scenarios
