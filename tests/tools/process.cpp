#include "tests/tools/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace cacherace::tools {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
  std::string name = (fs::temp_directory_path() / "cacherace-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment(const Variables& added) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const bool replaced =
        std::ranges::any_of(added, [text](const auto& a) { return text.starts_with(a.first + "="); });
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const Variables& variables, int input)
    : folder_(make_folder()) {
  auto words = arguments;
  auto settings = environment(variables);
  const std::string out = folder_ / "out";
  const std::string err = folder_ / "err";
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (input < 0) {
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  } else {
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  }
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT, 0600);
  const int error = posix_spawn(&id_, words.front().c_str(), &files, nullptr, pointers(words).data(),
                                pointers(settings).data());
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + words.front());
}

Process::~Process() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  fs::remove_all(folder_);
}

void Process::signal(int number) const {
  kill(id_, number);
}

Finished Process::wait() {
  int status = 0;
  waitpid(id_, &status, 0);
  id_ = -1;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, text_of(folder_ / "out"), text_of(folder_ / "err")};
}

Finished cacherace(const std::vector<std::string>& arguments, const Variables& variables) {
  std::vector<std::string> words = {CACHERACE_COMMAND};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Process(words, variables).wait();
}

Pipe::Pipe() {
  if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
}

Pipe::~Pipe() {
  for (const int end : ends_) close(end);
}

void Pipe::write(const std::string& text) const {
  if (::write(ends_[1], text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot write into a pipe");
  }
  int left = 1;
  while (ioctl(ends_[0], FIONREAD, &left) == 0 && left > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

Folder::Folder() : path_(make_folder()) {}
Folder::~Folder() {
  fs::remove_all(path_);
}

std::string Folder::file(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
  return *this / name;
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(path_)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string text_of(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool fits_schema(const std::string& topic, const std::string& document) {
  const Folder folder;
  const auto schema = cacherace({"schema", topic});
  const std::string script =
      "import json, jsonschema, sys; "
      "jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))";
  const auto checked = Process({CACHERACE_PYTHON, "-c", script, folder.file("d.json", document),
                                folder.file("schema.json", schema.out)})
                           .wait();
  return schema.status == 0 && checked.status == 0;
}

}  // namespace cacherace::tools
