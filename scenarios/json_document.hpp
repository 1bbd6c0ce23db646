// JSON text as a tree that knows where each key and each value stands, so that a fault of meaning can be
// reported with a line and a column. The parser is nlohmann's SAX parser (iterative: no depth of the text is
// a depth of the stack); positions come from walking the text in step with its events.
//
// Limits, each reported as a fault: 16 MiB of text, 64 levels, 1,000,000 values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cacherace::scenarios {

inline constexpr std::size_t json_bytes_max = std::size_t{16} << 20;
inline constexpr std::size_t json_depth_max = 64;
inline constexpr std::size_t json_values_max = 1'000'000;

// From 1; the column counts bytes.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
};

enum class JsonKind : std::uint8_t { null, flag, number, text, list, object };

// "a number", "an object" …
std::string_view described(JsonKind kind);

struct JsonFault {
  std::size_t offset = 0;
  std::string pointer;
  std::string message;
};

struct JsonNode {
  static constexpr std::uint32_t none = 0xffffffff;

  JsonKind kind = JsonKind::null;
  bool is_whole = false;   // the number is an unsigned integer, held by `whole`
  bool duplicate = false;  // the key stands in its object a second time
  std::uint32_t parent = none;
  std::uint32_t first = none;
  std::uint32_t last = none;
  std::uint32_t next = none;
  std::uint32_t index = 0;  // among its parent's children
  std::uint32_t offset = 0;
  std::uint32_t key_offset = 0;
  std::uint64_t whole = 0;
  double number = 0.0;
  std::string text;
  std::string key;
};

class JsonDocument;

// One value of a document: a handle, valid as long as the document.
class JsonValue {
 public:
  JsonValue(const JsonDocument& document, std::uint32_t index) : document_(&document), index_(index) {}

  [[nodiscard]] JsonKind kind() const { return node().kind; }
  [[nodiscard]] bool is(JsonKind kind) const { return node().kind == kind; }
  [[nodiscard]] bool flag() const { return node().whole != 0; }
  [[nodiscard]] double number() const { return node().number; }
  [[nodiscard]] const std::string& text() const { return node().text; }
  // The number, where it is a whole one in [0, 2^64); 1e3 and 1000.0 are whole as well.
  [[nodiscard]] std::optional<std::uint64_t> whole() const;

  [[nodiscard]] const std::string& key() const { return node().key; }
  [[nodiscard]] std::size_t offset() const { return node().offset; }
  [[nodiscard]] std::size_t key_offset() const { return node().key_offset; }
  [[nodiscard]] std::string pointer() const;

  // In the order of the text; keys that stand there a second time are left out.
  [[nodiscard]] std::vector<JsonValue> children() const;
  [[nodiscard]] std::optional<JsonValue> find(std::string_view key) const;

 private:
  [[nodiscard]] const JsonNode& node() const;

  const JsonDocument* document_;
  std::uint32_t index_;
};

class JsonDocument {
 public:
  // Parses. `text` must outlive the document.
  explicit JsonDocument(std::string_view text);
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  // What makes the text no JSON at all (then there is no root), or nothing.
  [[nodiscard]] const std::optional<JsonFault>& syntax_fault() const { return syntax_fault_; }
  // Keys that stand in one object a second time.
  [[nodiscard]] const std::vector<JsonFault>& duplicates() const { return duplicates_; }

  // Precondition: no syntax fault.
  [[nodiscard]] JsonValue root() const { return {*this, 0}; }
  [[nodiscard]] Position position(std::size_t offset) const;

 private:
  friend class JsonValue;
  friend class JsonBuilder;

  std::string_view text_;
  std::vector<JsonNode> nodes_;
  std::vector<std::size_t> line_starts_;
  std::optional<JsonFault> syntax_fault_;
  std::vector<JsonFault> duplicates_;
};

// One step of a JSON pointer, with its slash; control characters are spelled out, long keys cut.
std::string pointer_step(std::string_view key);

}  // namespace cacherace::scenarios
