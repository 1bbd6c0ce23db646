// Runs the real command and looks at what it did.
#pragma once

#include <array>
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

// A child process. Its standard output and error are files; its input is empty, unless a descriptor is named.
class Process {
 public:
  // `variables` are added to this process's environment.
  explicit Process(const std::vector<std::string>& arguments, const Variables& variables = {},
                   int input = -1);
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

// A pipe whose end for reading is a child's input.
class Pipe {
 public:
  Pipe();
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe();

  [[nodiscard]] int input() const { return ends_[0]; }
  // Writes, and waits until the child has read all of it.
  void write(const std::string& text) const;

 private:
  std::array<int, 2> ends_{};
};

std::string text_of(const std::string& path);

// Whether the document follows `cacherace schema TOPIC`, by python3-jsonschema, which the scripts install.
bool fits_schema(const std::string& topic, const std::string& document);

}  // namespace cacherace::tools
