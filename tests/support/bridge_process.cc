#include "tests/support/bridge_process.h"
#include "tests/support/checkout.h"

#include <csignal>
#include <nlohmann/json.hpp>

namespace ccbus::test {

BridgeProcess::BridgeProcess(const ServiceProcess& service,
                             const std::vector<std::string>& settings) {
  std::vector<std::string> all = {"listenAddress=127.0.0.1:0",
                                  "chaincodeListenAddress=127.0.0.1:0",
                                  "operations.listenAddress=",
                                  "logging.level=error",
                                  "directory=" + directory_.path().string(),
                                  "peer.address=" + service.client_endpoint(),
                                  "peer.chaincodeAddress=" + service.chaincode_endpoint()};
  all.insert(all.end(), settings.begin(), settings.end());
  std::vector<std::string> command = {binary(), "--json"};
  for (const std::string& setting : all) command.insert(command.end(), {"--set", setting});
  process_ = std::make_unique<Process>(command);
  const auto ready = nlohmann::json::parse(process_->read_line(std::chrono::seconds(30)));
  gateway_address_ = ready.at("clients");
  chaincode_address_ = ready.at("chaincode");
}

std::string BridgeProcess::binary() {
  return test::built_program("ccbus-bridge");
}

int BridgeProcess::stop() {
  process_->signal(SIGTERM);
  return process_->wait(std::chrono::seconds(30));
}

}  // namespace ccbus::test
