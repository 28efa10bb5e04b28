#include "tests/support/service_process.h"
#include "tests/support/checkout.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

namespace ccbus::test {
namespace {

// A loopback address that no other test uses at the same time, so that a port which is given up for
// a restart is still free afterwards.
std::string own_loopback_address() {
  const auto pid = static_cast<unsigned>(getpid());
  return "127." + std::to_string(pid >> 16 & 0xff) + "." + std::to_string(pid >> 8 & 0xff) + "." +
         std::to_string(pid & 0xff);
}

// The one of this build, unless the environment names another.
std::string binary() {
  const char* other = std::getenv("CCBUSD");
  return other == nullptr ? test::built_program("ccbusd") : other;
}

}  // namespace

ServiceProcess::ServiceProcess(std::vector<std::string> settings, std::vector<std::string> launcher)
    : settings_(std::move(settings)), launcher_(std::move(launcher)) {
  std::vector<std::string> all = {
      "ledger.directory=:memory:", "logging.level=error",
      "operations.listenAddress=", "peer.listenAddress=" + own_loopback_address() + ":0",
      "peer.chaincodeListenAddress=" + own_loopback_address() + ":0"};
  all.insert(all.end(), settings_.begin(), settings_.end());
  start(all);
}

ServiceProcess::~ServiceProcess() {
  if (process_ == nullptr) return;
  if (const int status = stop(); status != 0) {
    std::fprintf(stderr, "ccbusd ended with status %d\n", status);
    std::terminate();
  }
}

void ServiceProcess::kill_now() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
  process_.reset();
}

int ServiceProcess::stop() {
  process_->signal(SIGTERM);
  const int status = process_->wait(std::chrono::seconds(30));
  process_.reset();
  return status;
}

void ServiceProcess::start_again() {
  std::vector<std::string> all = {
      "ledger.directory=:memory:", "logging.level=error",
      "operations.listenAddress=", "peer.listenAddress=" + client_endpoint_,
      "peer.chaincodeListenAddress=" + chaincode_endpoint_};
  all.insert(all.end(), settings_.begin(), settings_.end());
  start(all);
}

void ServiceProcess::start(const std::vector<std::string>& settings) {
  std::vector<std::string> command = launcher_;
  command.insert(command.end(), {binary(), "--json"});
  for (const std::string& setting : settings) {
    command.push_back("--set");
    command.push_back(setting);
  }
  process_ = std::make_unique<Process>(command);
  const auto ready = nlohmann::json::parse(process_->read_line(std::chrono::seconds(30)));
  chaincode_endpoint_ = ready.at("chaincode_endpoint");
  client_endpoint_ = ready.at("client_endpoint");
  operations_url_ = ready.at("operations_endpoint");
}

}  // namespace ccbus::test
