#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace ccbus::test {

// A directory that goes when the test does.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A child whose standard output can be read line by line. Killed with the object; it dies with this
// process, too.
class Process {
 public:
  // Throws std::runtime_error if it cannot be started. Standard error is inherited.
  explicit Process(const std::vector<std::string>& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The next line without its end. Throws std::runtime_error after `timeout` or at the end.
  [[nodiscard]] std::string read_line(std::chrono::milliseconds timeout);

  void signal(int number) const;
  // The exit status, or 128 + the signal's number. Throws std::runtime_error after `timeout`.
  int wait(std::chrono::milliseconds timeout);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string pending_;
  int status_ = -1;  // Once waited for.
};

}  // namespace ccbus::test
