#include "verify/formats/names.hpp"

#include <cstring>

namespace cacherace::verify::formats {
namespace {

// Eight bytes at a time, each mixed by a multiplication with the golden ratio.
std::size_t hash_of(std::string_view text) {
  constexpr std::uint64_t golden = 0x9e3779b97f4a7c15ULL;
  std::uint64_t hash = text.size() * golden;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * golden;
    hash ^= hash >> 32U;
  };
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    mix(word);
    text.remove_prefix(sizeof word);
  }
  std::uint64_t rest = 0;
  for (const char c : text) rest = rest << 8U | static_cast<unsigned char>(c);
  mix(rest);
  return static_cast<std::size_t>(hash);
}

}  // namespace

std::size_t Names::place(std::string_view text, const std::vector<std::string>& texts) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_of(text) & mask;
  while (slots_[at] != free && texts[slots_[at]] != text) at = (at + 1) & mask;
  return at;
}

void Names::grow(const std::vector<std::string>& texts) {
  constexpr std::size_t first_size = 16;
  slots_.assign(slots_.empty() ? first_size : 2 * slots_.size(), free);
  for (std::uint32_t i = 0; i < texts.size(); ++i) slots_[place(texts[i], texts)] = i;
}

std::uint32_t Names::number(std::string_view text, std::vector<std::string>& texts) {
  if (last_ != free && texts[last_] == text) return last_;
  if (2 * (texts.size() + 1) > slots_.size()) grow(texts);
  const std::size_t at = place(text, texts);
  if (slots_[at] == free) {
    slots_[at] = static_cast<std::uint32_t>(texts.size());
    texts.emplace_back(text);
  }
  return last_ = slots_[at];
}

}  // namespace cacherace::verify::formats
