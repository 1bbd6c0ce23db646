#include "tools/help.hpp"

#include <fmt/format.h>

#include "reports/table.hpp"

namespace cacherace::tools {
namespace {

std::string line_of(const std::string& name, const std::string& description, std::size_t column) {
  const std::string begin = "  " + name;
  const std::size_t width = reports::display_width(begin);
  const std::string gap =
      width + 2 <= column ? std::string(column - width, ' ') : "\n" + std::string(column, ' ');
  return begin + gap + reports::paragraph(description, column);
}

}  // namespace

std::string Help::make_subcommand(const CLI::App* sub) const {
  constexpr std::size_t column = 14;
  const std::string description = sub->get_description();
  return line_of(sub->get_name(), description.substr(0, description.find('\n')), column);
}

std::string Help::make_option(const CLI::Option* option, bool is_positional) const {
  constexpr std::size_t column = 26;
  std::string name = option->get_name(is_positional, !is_positional);
  if (name == "-h,--help") return line_of(name, "prints this and does nothing else", column);
  if (option->get_items_expected_max() > 0 && !option->get_type_name().empty())
    name += " " + option->get_type_name();
  return line_of(name, option->get_description(), column);
}

}  // namespace cacherace::tools
