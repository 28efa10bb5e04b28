#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace ccbus::test {

// A directory that is removed at the end of the test.
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

// A child process whose standard output can be read line by line. It is killed when the object is
// destroyed or this process ends.
class Process {
 public:
  // Throws std::runtime_error if it cannot be started. Standard error is inherited.
  explicit Process(const std::vector<std::string>& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Returns the next line without its line end. Throws std::runtime_error after `timeout`, or at
  // the end of the output.
  [[nodiscard]] std::string read_line(std::chrono::milliseconds timeout);

  void signal(int number) const;
  // Waits for the end. Returns the exit status, or 128 + the number of the signal. Throws
  // std::runtime_error after `timeout`.
  int wait(std::chrono::milliseconds timeout);
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string pending_;
  int status_ = -1;  // Set once wait() has succeeded.
};

}  // namespace ccbus::test
