#include "tools/declare.hpp"

#include <CLI/App.hpp>

namespace cacherace::tools {

Declaration::Declaration(CLI::App& parent, const char* name, const char* help)
    : app_(*parent.add_subcommand(name, help)) {}

void Declaration::argument(const char* name, std::string& target, const char* description) {
  app_.add_option(name, target, description)->type_name("")->required();
}

void Declaration::argument(const char* name, std::string& target, std::span<const std::string_view> names,
                           const char* description) {
  app_.add_option(name, target, description)->type_name(one_of(names))->required();
}

void Declaration::arguments(const char* name, std::vector<std::string>& target, const char* description) {
  app_.add_option(name, target, description)->type_name("")->required();
}

void Declaration::argument_or_none(const char* name, std::string& target, const char* description) {
  app_.add_option(name, target, description)->type_name("");
}

void Declaration::argument_or_none(const char* name, OptionText& target,
                                   std::span<const std::string_view> names, const char* description) {
  app_.add_option(name, target, description)->type_name(one_of(names));
}

void Declaration::scenario(std::string& target) {
  argument("SCENARIO", target,
           "a file, or the name of a scenario that ships: see `cacherace list scenarios`");
}

void Declaration::flag(const char* name, bool& target, const char* description) {
  app_.add_flag(name, target, description);
}

void Declaration::text(const char* name, OptionText& target, const char* type, const char* description) {
  app_.add_option(name, target, description)->type_name(type);
}

void Declaration::many(const char* name, std::vector<std::string>& target, const char* type,
                       const char* description) {
  app_.add_option(name, target, description)->type_name(type)->allow_extra_args(false);
}

void Declaration::strategies(std::vector<std::string>& target) {
  many("--strategy", target, "S",
       "a name, or NAME:parameter=value,… as in delayed-double-delete:sleep=300ms; repeatable; instead of "
       "the scenario's strategies");
}

void Declaration::jobs(OptionText& target) {
  text("--jobs", target, "N", "threads (default: one for each core); any number gives the same result");
}

void Declaration::time(OptionText& target) {
  text("--max-time", target, "D",
       "gives up after so long, as in 30s or 10min, with exit status 3 (default: never)");
}

void Declaration::clients(OptionText& target) {
  text("--clients", target, "2w3r",
       "instead of the scenario's clients: here 2 writers and 3 readers, one operation each");
}

void Declaration::format(OptionText& target, std::span<const std::string_view> names) {
  text("--format", target, one_of(names).c_str(), "how the result is written (default: the first)");
}

void Declaration::output(OptionText& target) {
  text("--output", target, "FILE", "writes the result there instead of to standard output");
}

void Declaration::report(OptionText& target) {
  text("--report", target, "DIR",
       "also writes the result as a page for a browser, DIR/index.html; it needs no network");
}

void Declaration::silence(bool& quiet, bool& no_progress) {
  flag("--quiet", quiet, "neither progress nor remarks on standard error");
  flag("--no-progress", no_progress, "no progress on standard error; remarks stay");
}

}  // namespace cacherace::tools
