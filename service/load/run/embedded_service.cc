#include "service/load/run/embedded_service.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>

#include "service/load/run/run_failed.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

fs::path make_directory() {
  std::string pattern = (fs::temp_directory_path() / "ccbus-bench.XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), "cannot make " + pattern);
  }
  return pattern;
}

std::vector<std::string> command_of(const fs::path& program, const fs::path& directory,
                                    const std::vector<std::string>& settings) {
  std::vector<std::string> command = {program.string(), "--json"};
  std::vector<std::string> all = {"ledger.directory=" + (directory / "ledger").string(),
                                  "logging.level=error",
                                  "operations.listenAddress=", "peer.listenAddress=127.0.0.1:0",
                                  "peer.chaincodeListenAddress=127.0.0.1:0"};
  all.insert(all.end(), settings.begin(), settings.end());
  for (const std::string& setting : all) {
    command.push_back("--set");
    command.push_back(setting);
  }
  return command;
}

}  // namespace

EmbeddedService::EmbeddedService(const fs::path& program,
                                 const std::vector<std::string>& settings) {
  if (!fs::exists(program)) {
    throw RunFailed({ErrorCode::kNotFound, "there is no " + program.string() +
                                               " to start: --embedded needs it beside ccbus"});
  }
  directory_ = make_directory();
  process_.emplace(command_of(program, directory_, settings));
  const auto line = process_->read_line(30s);
  const auto ready = nlohmann::json::parse(line.value_or(""), nullptr, false);
  if (ready.is_discarded() || !ready.contains("client_endpoint")) {
    process_.reset();
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
    throw RunFailed({ErrorCode::kIo, program.string() + " did not get ready"});
  }
  client_endpoint_ = ready.at("client_endpoint");
  chaincode_endpoint_ = ready.at("chaincode_endpoint");
  connections_max_ = ready.at("connections_max");
}

EmbeddedService::~EmbeddedService() {
  process_.reset();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void EmbeddedService::add_descriptors(std::vector<pollfd>& descriptors) const {
  descriptors.push_back({process_->descriptor(), POLLIN, 0});
}

void EmbeddedService::on_readable() {
  static_cast<void>(process_->read_line());
  if (process_->has_ended_its_output()) {
    throw RunFailed({ErrorCode::kPeerGone, "the service has ended"});
  }
}

Result<void> EmbeddedService::stop() {
  process_->signal(SIGTERM);
  const auto status = process_->finish(30s);
  if (!status) return fail(ErrorCode::kIo, "the service did not stop within 30 s");
  if (*status == 0) return {};
  return fail(ErrorCode::kIo, "the service ended with status " + std::to_string(*status));
}

}  // namespace ccbus::load
