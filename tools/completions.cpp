#include "tools/completions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cacherace::tools {
namespace {

using Commands = std::vector<CommandSyntax>;

std::string words(const std::vector<std::string>& all) {
  return fmt::format("{}", fmt::join(all, " "));
}

std::string option_words(const CommandSyntax& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options) names.push_back(option.name);
  return words(names);
}

std::string command_words(const Commands& commands) {
  std::vector<std::string> names;
  for (auto command = commands.begin() + 1; command != commands.end(); ++command)
    names.push_back(command->name);
  return words(names);
}

// Text inside single quotes of a shell.
std::string quoted(const std::string& text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return safe + "'";
}

// Text with a backslash before each of `marks`.
std::string marked(const std::string& text, std::string_view marks) {
  std::string safe;
  for (const char c : text) {
    if (marks.find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string bash_values(const Values& values) {
  return fmt::format("words={} files={}", quoted(words(values.words)), values.files ? "yes" : "''");
}

}  // namespace

// A "=" is a word of its own in COMP_WORDS.
std::string bash_completions(const Commands& commands) {
  std::string text = R"(# Completions for bash, made by `cacherace completions bash`.
_cacherace() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' words='' files='' i
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      command=${COMP_WORDS[i]}
      break
    fi
  done
  COMPREPLY=()
  case "$command $prev" in
)";
  for (const auto& command : commands) {
    for (const auto& option : command.options) {
      if (option.value.empty() || &command == &commands.front()) continue;
      text += fmt::format("    '{} {}') {} ;;\n", command.name, option.name, bash_values(option.values));
    }
  }
  text += "    *)\n      case \"$command $cur\" in\n";
  text += fmt::format("        ' -'*) words='{}' ;;\n        ' '*) words='{}' ;;\n",
                      option_words(commands.front()), command_words(commands));
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    text += fmt::format("        '{} -'*) words='{}' ;;\n", command->name, option_words(*command));
    Values all;
    for (const auto& argument : command->arguments) {
      all.words.insert(all.words.end(), argument.values.words.begin(), argument.values.words.end());
      all.files = all.files || argument.values.files;
    }
    text += fmt::format("        '{} '*) {} ;;\n", command->name, bash_values(all));
  }
  return text + R"(      esac
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  if [[ $files ]]; then
    local -a found
    mapfile -t found < <(compgen -f -- "$cur")
    COMPREPLY+=("${found[@]}")
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _cacherace cacherace
)";
}

namespace {

std::string zsh_values(const Values& values) {
  if (values.words.empty()) return values.files ? "_files" : " ";
  const auto list = fmt::format("compadd -- {}", words(values.words));
  return values.files ? fmt::format("{{ {}; _files }}", list) : fmt::format("({})", words(values.words));
}

std::string zsh_argument(const OptionSyntax& argument) {
  const std::string place = argument.repeatable ? "*" : "";
  return fmt::format("{}:{}:{}", place, marked(argument.name, ":\\"), zsh_values(argument.values));
}

std::string zsh_option(const OptionSyntax& option) {
  const auto text =
      fmt::format("{}{}[{}]", option.repeatable ? "*" : "", option.name, marked(option.description, "[]:\\"));
  if (option.value.empty()) return text;
  return text + fmt::format(":{}:{}", marked(option.value, ":\\"), zsh_values(option.values));
}

}  // namespace

std::string zsh_completions(const Commands& commands) {
  std::string text = R"(#compdef cacherace
# Completions for zsh, made by `cacherace completions zsh`.
_cacherace() {
  local context state line
  typeset -A opt_args
  _arguments -C \
)";
  for (const auto& option : commands.front().options)
    text += fmt::format("    {} \\\n", quoted(zsh_option(option)));
  text += "    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n";
  text += "      local -a commands=(\n";
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    text += fmt::format("        {}\n",
                        quoted(marked(command->name, ":\\") + ":" + marked(command->summary, ":\\")));
  }
  text += "      )\n      _describe command commands\n      ;;\n    argument)\n      case $words[1] in\n";
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    text += fmt::format("        {})\n          _arguments", command->name);
    for (const auto& option : command->options) text += " \\\n            " + quoted(zsh_option(option));
    for (const auto& argument : command->arguments)
      text += " \\\n            " + quoted(zsh_argument(argument));
    text += "\n          ;;\n";
  }
  return text + "      esac\n      ;;\n  esac\n}\n_cacherace \"$@\"\n";
}

namespace {

// Text inside single quotes of fish, where a backslash quotes.
std::string fish_quoted(const std::string& text) {
  return "'" + marked(text, "\\'") + "'";
}

std::string fish_values(const Values& values) {
  std::string text;
  if (!values.words.empty()) text = " -a " + fish_quoted(words(values.words));
  return (values.files ? " -F" : " -f") + text;
}

}  // namespace

std::string fish_completions(const Commands& commands) {
  std::string text =
      "# Completions for fish, made by `cacherace completions fish`.\ncomplete -c cacherace -f\n";
  for (const auto& option : commands.front().options) {
    text += fmt::format("complete -c cacherace -n __fish_use_subcommand -l {} -d {}\n", option.name.substr(2),
                        fish_quoted(option.description));
  }
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    text += fmt::format("complete -c cacherace -n __fish_use_subcommand -a {} -d {}\n", command->name,
                        fish_quoted(command->summary));
  }
  for (auto command = commands.begin() + 1; command != commands.end(); ++command) {
    const auto begin =
        fmt::format("complete -c cacherace -n '__fish_seen_subcommand_from {}'", command->name);
    for (const auto& option : command->options) {
      text += fmt::format("{} -l {}{} -d {}\n", begin, option.name.substr(2),
                          option.value.empty() ? "" : " -r" + fish_values(option.values),
                          fish_quoted(option.description));
    }
    for (const auto& argument : command->arguments) text += begin + fish_values(argument.values) + "\n";
  }
  return text;
}

}  // namespace cacherace::tools
