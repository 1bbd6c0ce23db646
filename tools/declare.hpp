// How subcommands declare the options that they share, and where their results go.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace CLI {
class App;
}

namespace cacherace::tools {

// "table|json": the values that there are, as an option's type; completions take them from there.
inline std::string one_of(std::span<const std::string_view> names) {
  std::string text;
  for (const auto name : names) text += (text.empty() ? "" : "|") + std::string(name);
  return text;
}

// A new subcommand of `parent` with its options. The library that reads them stays behind this door, as its
// headers take longer to compile than most of what a subcommand does.
class Declaration {
 public:
  Declaration(CLI::App& parent, const char* name, const char* help);
  CLI::App* app() { return &app_; }

  // What stands without an option's name; `names` are what it may be.
  void argument(const char* name, std::string& target, const char* description);
  void argument(const char* name, std::string& target, std::span<const std::string_view> names,
                const char* description);
  void arguments(const char* name, std::vector<std::string>& target, const char* description);
  // … which may be left out.
  void argument_or_none(const char* name, std::string& target, const char* description);
  void argument_or_none(const char* name, OptionText& target, std::span<const std::string_view> names,
                        const char* description);
  void scenario(std::string& target);

  void flag(const char* name, bool& target, const char* description);
  void text(const char* name, OptionText& target, const char* type, const char* description);
  void many(const char* name, std::vector<std::string>& target, const char* type, const char* description);
  void strategies(std::vector<std::string>& target);
  void jobs(OptionText& target);
  void time(OptionText& target);
  void clients(OptionText& target);
  void format(OptionText& target, std::span<const std::string_view> names);
  void output(OptionText& target);
  void report(OptionText& target);
  void silence(bool& quiet, bool& no_progress);

 private:
  CLI::App& app_;
};

// `document(paint)` into the file `output`, or on standard output. False where it could not be written, which
// is told.
template <class Document>
bool deliver(const OptionText& output, const Document& document) {
  if (!output) return print(document(paint_of_stdout()));
  const auto error = write_whole(*output, document(reports::Paint::plain));
  if (error) complain("--output: " + *error);
  return !error;
}

}  // namespace cacherace::tools
