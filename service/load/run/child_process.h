#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "service/load/run/line_reader.h"

namespace ccbus::load {

// A child that is spoken to by lines on its standard input and heard by lines on its standard
// output. It dies with this process, whatever ends that, and with the object; a Ctrl-C in the
// terminal does not reach it.
class ChildProcess {
 public:
  // Throws std::system_error if it cannot be started. Standard error is inherited.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // False where the child reads no more.
  bool say(const std::string& line);

  // The next line without its end. Nothing: none is there yet, or none will come any more.
  [[nodiscard]] std::optional<std::string> hear() { return lines_->next(); }
  // The same, waiting for it.
  [[nodiscard]] std::optional<std::string> hear(std::chrono::milliseconds patience);

  // Readable when hear() may have something.
  [[nodiscard]] int descriptor() const { return output_; }
  [[nodiscard]] bool has_ended_its_output() const { return lines_->is_at_end(); }
  [[nodiscard]] pid_t pid() const { return pid_; }

  void signal(int number) const;
  // Ends its input. Returns its exit status, 128 + the number of the signal that ended it, or
  // nothing where it did not end in time.
  std::optional<int> finish(std::chrono::milliseconds patience);

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  bool has_ended_ = false;
  std::optional<LineReader> lines_;
};

}  // namespace ccbus::load
