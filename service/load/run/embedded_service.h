#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/load/run/child_process.h"
#include "service/load/run/event_source.h"

namespace ccbus::load {

// A ccbusd that is started for one run: on loopback, on ports that the system chooses, with a
// ledger in a temporary directory, which is removed afterwards.
class EmbeddedService final : public EventSource {
 public:
  // Starts the program and waits until it is ready. `settings` (section.key=value) override the
  // settings made here. Throws RunFailed if it does not become ready.
  EmbeddedService(const std::filesystem::path& program, const std::vector<std::string>& settings);
  ~EmbeddedService() override;

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  // Throws RunFailed if the service has ended.
  void on_readable() override;

  [[nodiscard]] const std::string& client_endpoint() const { return client_endpoint_; }
  [[nodiscard]] const std::string& chaincode_endpoint() const { return chaincode_endpoint_; }
  [[nodiscard]] std::uint64_t connections_max() const { return connections_max_; }
  [[nodiscard]] pid_t pid() const { return process_->pid(); }

  // Asks it to stop. Errors: kIo if it does not stop in time or fails.
  [[nodiscard]] Result<void> stop();

 private:
  std::filesystem::path directory_;
  std::optional<ChildProcess> process_;
  std::string client_endpoint_;
  std::string chaincode_endpoint_;
  std::uint64_t connections_max_ = 0;
};

}  // namespace ccbus::load
