#include "scenarios/shipped.hpp"

#include <algorithm>

namespace cacherace::scenarios {
namespace {

constexpr std::string_view folder = "scenarios/";
constexpr std::string_view suffix = ".json";

// "article/late-fill" of "scenarios/article/late-fill.json"; empty for what is no scenario.
std::string_view name_of(const EmbeddedFile& file) {
  auto path = file.path;
  if (!path.starts_with(folder) || !path.ends_with(suffix)) return {};
  path.remove_prefix(folder.size());
  path.remove_suffix(suffix.size());
  return path.find('/') == std::string_view::npos ? std::string_view() : path;
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

}  // namespace

const EmbeddedFile* find_shipped_scenario(std::string_view name) {
  if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  if (name.empty()) return nullptr;
  const auto files = embedded_files();
  const auto full = std::ranges::find(files, name, name_of);
  if (full != files.end()) return &*full;
  const auto is_short = [name](const EmbeddedFile& file) { return last_part(name_of(file)) == name; };
  const auto found = std::ranges::find_if(files, is_short);
  return found == files.end() ? nullptr : &*found;
}

std::vector<std::string> shipped_scenario_names() {
  std::vector<std::string> names;
  for (const auto& file : embedded_files()) {
    if (const auto name = name_of(file); !name.empty()) names.emplace_back(name);
  }
  return names;
}

}  // namespace cacherace::scenarios
