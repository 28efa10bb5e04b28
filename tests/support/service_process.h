#pragma once

#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace ccbus::test {

// The real ccbusd, as its users start it, on loopback.
class ServiceProcess {
 public:
  // Ports that the system chooses and a ledger in memory, unless `settings` (section.key=value) say
  // otherwise. Returns when it is ready.
  explicit ServiceProcess(std::vector<std::string> settings = {});

  // The same ports and settings again, after the process has ended.
  void start_again();

  void kill_now() {
    process_->signal(SIGKILL);
    process_->wait(std::chrono::seconds(10));
  }
  // Asks it to stop; returns its exit status.
  int stop() {
    process_->signal(SIGTERM);
    return process_->wait(std::chrono::seconds(30));
  }

  [[nodiscard]] const std::string& chaincode_endpoint() const { return chaincode_endpoint_; }
  [[nodiscard]] const std::string& client_endpoint() const { return client_endpoint_; }

 private:
  void start(const std::vector<std::string>& settings);

  std::vector<std::string> settings_;
  std::unique_ptr<Process> process_;
  std::string chaincode_endpoint_;
  std::string client_endpoint_;
};

}  // namespace ccbus::test
