#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

// The real ccbus-bridge in front of a service, on loopback, with ports that the system chooses.
class BridgeProcess {
 public:
  // `settings`: section.key=value. Returns when it is ready. Throws std::runtime_error if it cannot
  // be started. The service outlives it.
  explicit BridgeProcess(const ServiceProcess& service,
                         const std::vector<std::string>& settings = {});

  // Where the program is if it has been built.
  [[nodiscard]] static std::string binary();

  // Asks it to stop, waits, and returns its exit status.
  int stop();

  [[nodiscard]] pid_t pid() const { return process_->pid(); }
  // Host and port, without a scheme, as gRPC takes them.
  [[nodiscard]] const std::string& gateway_address() const { return gateway_address_; }
  [[nodiscard]] const std::string& chaincode_address() const { return chaincode_address_; }

 private:
  const TemporaryDirectory directory_;
  std::unique_ptr<Process> process_;
  std::string gateway_address_;
  std::string chaincode_address_;
};

}  // namespace ccbus::test
