// Runs the real command and looks at what it did.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cacherace::tools {

struct Finished {
  int status = -1;  // exit status; 128 + number of the signal that ended it
  std::string out;
  std::string err;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

// A child process. Its standard output and error are files; its input is empty.
class Process {
 public:
  // `variables` are added to this process's environment.
  explicit Process(const std::vector<std::string>& arguments, const Variables& variables = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  void signal(int number) const;
  Finished wait();

 private:
  std::filesystem::path folder_;
  int id_ = -1;
};

// `cacherace ARGUMENTS`, to its end.
Finished cacherace(const std::vector<std::string>& arguments, const Variables& variables = {});

// A folder of its own that goes with the object.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  // The path of a file in it.
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  // Writes a file and returns its path.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string text_of(const std::string& path);

}  // namespace cacherace::tools
