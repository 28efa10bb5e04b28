#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "service/load/run/line_reader.h"

namespace ccbus::load {

// A child process that reads lines on its standard input and writes lines on its standard output.
// It is killed when this object is destroyed and when this process ends, however that happens. A
// Ctrl-C in the terminal does not reach it.
class ChildProcess {
 public:
  enum class Errors {
    kInherited,   // Standard error is that of this process.
    kWithOutput,  // Its lines stand among those of standard output.
  };

  // Throws std::system_error if it cannot be started.
  ChildProcess(const std::vector<std::string>& command, Errors errors);
  // The same, with kInherited.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Returns false if the child no longer reads.
  bool write_line(const std::string& line);

  // Returns the next line without its end. Returns nullopt if no line is available yet, or if the
  // output has ended.
  [[nodiscard]] std::optional<std::string> read_line() { return lines_->next(); }
  // The same, waiting for at most `patience`.
  [[nodiscard]] std::optional<std::string> read_line(std::chrono::milliseconds patience);

  // Becomes readable when read_line() may return a line.
  [[nodiscard]] int descriptor() const { return output_; }
  [[nodiscard]] bool has_ended_its_output() const { return lines_->is_at_end(); }
  [[nodiscard]] pid_t pid() const { return pid_; }

  void signal(int number) const;
  // Closes its input and waits for it to end. Returns its exit status, or 128 + the number of the
  // signal that ended it; nullopt if it did not end in time.
  std::optional<int> finish(std::chrono::milliseconds patience);

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool has_ended_ = false;
  std::optional<LineReader> lines_;
};

}  // namespace ccbus::load
