#include "tools/man.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cacherace::tools {
namespace {

// One character of UTF-8 as roff names it, and how many bytes it has.
std::pair<std::string, std::size_t> character(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::size_t length = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  std::uint32_t point = byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) point = point << 6U | (byte(i) & 0x3FU);
  return {fmt::format("\\[u{:04X}]", point), length};
}

// Text as it is: nothing in it is taken for a request or an escape.
std::string roff(std::string_view text) {
  std::string safe;
  bool line_begins = true;
  while (!text.empty()) {
    const char c = text.front();
    std::size_t length = 1;
    if (line_begins && (c == '.' || c == '\'')) safe += "\\&";
    if (static_cast<unsigned char>(c) >= 0x80) {
      auto [name, bytes] = character(text);
      safe += name;
      length = bytes;
    } else if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else if (c == '\'') {
      safe += "\\(aq";
    } else if (c == '"') {
      safe += "\\(dq";
    } else {
      safe += c;
    }
    line_begins = c == '\n';
    text.remove_prefix(length);
  }
  return safe;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// A help text: what is indented stands as it is, the rest is filled.
std::string help_text(const std::string& help) {
  std::string text;
  bool example = false;
  for (const auto line : lines_of(help)) {
    if (line.starts_with("  ") != example && !line.empty()) {
      example = !example;
      text += example ? ".PP\n.nf\n.RS 2\n" : ".RE\n.fi\n.PP\n";
    }
    text += line.empty() ? (example ? "" : ".PP\n") : roff(example ? line.substr(2) : line) + "\n";
  }
  return example ? text + ".RE\n.fi\n" : text;
}

// A ".PP" before another one, before a heading or at an end would be told of as useless.
std::string without_empty_paragraphs(const std::string& text) {
  std::string kept;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool idle = lines[i] == ".PP" && (i + 1 == lines.size() || lines[i + 1] == ".PP" || i == 0 ||
                                            lines[i + 1].starts_with(".S") || lines[i - 1].starts_with(".S"));
    if (!idle) kept += std::string(lines[i]) + "\n";
  }
  return kept;
}

std::string entry(const OptionSyntax& option) {
  std::string text = ".TP\n\\fB" + roff(option.name) + "\\fR";
  if (!option.value.empty()) text += " \\fI" + roff(option.value) + "\\fR";
  return text + "\n" + roff(option.description.empty() ? "." : option.description) + "\n";
}

std::string usage(const CommandSyntax& command) {
  std::string text = "\\fBcacherace " + roff(command.name) + "\\fR [\\fIoptions\\fR]";
  for (const auto& argument : command.arguments) text += " \\fI" + roff(argument.name) + "\\fR";
  return text;
}

constexpr const char* statuses = R"(.SH EXIT STATUS
.TP
\fB0\fR
Done, and every expectation holds.
.TP
\fB1\fR
Done, and an expectation failed or is undecided, or a history is not linearizable.
.TP
\fB2\fR
Bad usage or bad input; nothing was run and no file was written.
.TP
\fB3\fR
A limit or an interruption came before the answer; what was finished is printed.
.TP
\fB4\fR
A fault of cacherace itself.
)";

}  // namespace

std::string man_page(const std::vector<CommandSyntax>& commands, const std::string& version) {
  std::string text = fmt::format(".TH CACHERACE 1 \"\" \"cacherace {}\" \"User Commands\"\n", version);
  text += ".SH NAME\ncacherace \\- finds the races between a Redis cache and a MySQL database\n";
  text += ".SH SYNOPSIS\n\\fBcacherace\\fR \\fIcommand\\fR [\\fIoptions\\fR] [\\fIarguments\\fR]\n";
  text += ".SH DESCRIPTION\n" + help_text(commands.front().help);
  text += ".SH OPTIONS\n";
  for (const auto& option : commands.front().options) text += entry(option);
  text += ".SH COMMANDS\n";
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    text += ".SS " + roff(command->name) + "\n" + usage(*command) + "\n.PP\n" + help_text(command->help);
    for (const auto& argument : command->arguments) text += entry(argument);
    for (const auto& option : command->options) text += entry(option);
  }
  text += statuses;
  text += ".SH SEE ALSO\n\\fBredis\\-cli\\fR(1), \\fBmysql\\fR(1)\n";
  return without_empty_paragraphs(text);
}

}  // namespace cacherace::tools
