// How `--help` looks: no line is longer than a terminal of 100 columns shows.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace cacherace::tools {

class Help final : public CLI::Formatter {
 public:
  // Of each subcommand the first line of its help.
  std::string make_subcommand(const CLI::App* sub) const override;
  // Name and value, and the description beside them, or below where they are long.
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

}  // namespace cacherace::tools
