#include "service/load/run/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace ccbus::load {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  return {ends[0], ends[1]};
}

// Runs between fork and exec, where a process with several threads may call only
// async-signal-safe functions.
[[noreturn]] void become(char** argv, pid_t parent, const Pipe& input, const Pipe& output,
                         ChildProcess::Errors errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // The parent ended before PR_SET_PDEATHSIG took effect.
  setpgid(0, 0);  // A group of its own, so that a Ctrl-C in the terminal does not reach it.
  for (const int number : {SIGINT, SIGTERM}) std::signal(number, SIG_DFL);  // Until exec does so.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input.read, STDIN_FILENO);
  dup2(output.write, STDOUT_FILENO);
  if (errors == ChildProcess::Errors::kWithOutput) dup2(output.write, STDERR_FILENO);
  execv(argv[0], argv);
  _exit(127);
}

bool wait_for(int descriptor, short events, std::chrono::milliseconds patience) {
  pollfd item{descriptor, events, 0};
  return poll(&item, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command)
    : ChildProcess(command, Errors::kInherited) {}

ChildProcess::ChildProcess(const std::vector<std::string>& command, Errors errors) {
  const Pipe input = make_pipe();
  const Pipe output = make_pipe();
  std::vector<char*> argv;
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
  if (pid_ == 0) become(argv.data(), parent, input, output, errors);
  close(input.read);
  close(output.write);
  input_ = input.write;
  output_ = output.read;
  lines_.emplace(output_);
}

ChildProcess::~ChildProcess() {
  if (!has_ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (input_ >= 0) close(input_);
  close(output_);
}

bool ChildProcess::write_line(const std::string& line) {
  const std::string text = line + "\n";
  return write(input_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::optional<std::string> ChildProcess::read_line(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (auto line = read_line()) return line;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (has_ended_its_output() || left.count() <= 0 || !wait_for(output_, POLLIN, left))
      return std::nullopt;
  }
}

void ChildProcess::signal(int number) const {
  kill(pid_, number);
}

std::optional<int> ChildProcess::finish(std::chrono::milliseconds patience) {
  if (input_ >= 0) close(std::exchange(input_, -1));
  const int ended = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  const bool is_over = wait_for(ended, POLLIN, patience);
  close(ended);
  if (!is_over) return std::nullopt;
  int status = 0;
  waitpid(pid_, &status, 0);
  has_ended_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace ccbus::load
