#pragma once

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process.h"

namespace ccbus::test {

// The real ccbusd, started as users start it, on loopback. The environment variable CCBUSD may name
// another binary than that of this build, to measure an older one with the same driver.
class ServiceProcess {
 public:
  // Starts it with ports that the system chooses and a ledger in memory, unless `settings`
  // (section.key=value) say otherwise. Returns when it is ready.
  explicit ServiceProcess(std::vector<std::string> settings = {})
      : ServiceProcess(std::move(settings), {}) {}

  // The same, started by another program: for instance env with variables, or valgrind with
  // options.
  ServiceProcess(std::vector<std::string> settings, std::vector<std::string> launcher);

  // Stops the process if it runs. Ends the test program if it does not stop with status 0, for
  // instance since a sanitizer found something or a thread hangs.
  ~ServiceProcess();
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;

  // Starts it again with the same ports and settings, after the process has ended.
  void start_again();

  void kill_now();
  // Asks it to stop, waits, and returns its exit status.
  int stop();
  // Asks it to stop, and does not wait.
  void ask_to_stop() { process_->signal(SIGTERM); }

  [[nodiscard]] pid_t pid() const { return process_->pid(); }
  [[nodiscard]] const std::string& chaincode_endpoint() const { return chaincode_endpoint_; }
  [[nodiscard]] const std::string& client_endpoint() const { return client_endpoint_; }
  // Empty unless the settings have an operations.listenAddress.
  [[nodiscard]] const std::string& operations_url() const { return operations_url_; }

 private:
  void start(const std::vector<std::string>& settings);

  const std::vector<std::string> settings_;
  const std::vector<std::string> launcher_;
  std::unique_ptr<Process> process_;  // Null once it has ended.
  std::string chaincode_endpoint_;
  std::string client_endpoint_;
  std::string operations_url_;
};

}  // namespace ccbus::test
