// How subcommands declare the options that they share, and where their results go.
#pragma once

#include <CLI/App.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/options.hpp"
#include "tools/output.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {

// "table|json": the values that there are, as an option's type; completions take them from there.
inline std::string one_of(std::span<const std::string_view> names) {
  std::string text;
  for (const auto name : names) text += (text.empty() ? "" : "|") + std::string(name);
  return text;
}

class Declaration {
 public:
  explicit Declaration(CLI::App& app) : app_(app) {}

  void scenario(std::string& target) {
    app_.add_option("SCENARIO", target,
                    "a file, or the name of a scenario that ships: see `cacherace list scenarios`")
        ->type_name("")
        ->required();
  }
  void many(const char* name, std::vector<std::string>& target, const char* type, const char* description) {
    app_.add_option(name, target, description)->type_name(type)->allow_extra_args(false);
  }
  void strategies(std::vector<std::string>& target) {
    many("--strategy", target, "S",
         "a name, or NAME:parameter=value,… as in delayed-double-delete:sleep=300ms; repeatable; instead of "
         "the scenario's strategies");
  }
  void jobs(OptionText& target) {
    text("--jobs", target, "N", "threads (default: one for each core); any number gives the same result");
  }
  void time(OptionText& target) {
    text("--max-time", target, "D",
         "gives up after so long, as in 30s or 10min, with exit status 3 (default: never)");
  }
  void text(const char* name, OptionText& target, const char* type, const char* description) {
    app_.add_option(name, target, description)->type_name(type);
  }
  void clients(OptionText& target) {
    text("--clients", target, "2w3r",
         "instead of the scenario's clients: here 2 writers and 3 readers, one operation each");
  }
  void format(OptionText& target, std::span<const std::string_view> names) {
    app_.add_option("--format", target, "how the result is written (default: the first)")
        ->type_name(one_of(names));
  }
  void output(OptionText& target) {
    text("--output", target, "FILE", "writes the result there instead of to standard output");
  }
  void report(OptionText& target) {
    text("--report", target, "DIR",
         "also writes the result as a page for a browser, DIR/index.html; it needs no network");
  }
  void silence(bool& quiet, bool& no_progress) {
    app_.add_flag("--quiet", quiet, "neither progress nor remarks on standard error");
    app_.add_flag("--no-progress", no_progress, "no progress on standard error; remarks stay");
  }

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
