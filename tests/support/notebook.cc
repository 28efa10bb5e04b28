#include "tests/support/notebook.h"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> with_directory(std::vector<std::string> settings,
                                        const TemporaryDirectory& directory) {
  settings.push_back("ledger.directory=" + directory.path().string());
  return settings;
}

shim::Options shim_options(const ServiceProcess& service) {
  shim::Options options;
  options.peer_address = service.chaincode_endpoint();
  options.chaincode_id = "notes";
  options.log = [](std::string_view) {};
  return options;
}

}  // namespace

shim::Response Notes::invoke(shim::Stub& stub) {
  const auto& args = stub.string_args();
  if (args.at(0) == "get") return shim::success(stub.get_state(args.at(1)));
  if (args.at(0) == "fill") {
    for (int i = 0; i < std::stoi(args.at(2)); ++i) {
      stub.put_state(args.at(1) + std::to_string(i), "filled");
    }
    return shim::success();
  }
  if (args.at(0) == "count") {
    const std::string before = stub.get_state(args.at(1));
    const int now = (before.empty() ? 0 : std::stoi(before)) + 1;
    stub.put_state(args.at(1), std::to_string(now));
    return shim::success(std::to_string(now));
  }
  stub.put_state(args.at(1), args.at(2));
  stub.set_event("put", args.at(1));
  return shim::success();
}

Notebook::Notebook(const std::vector<std::string>& settings)
    : service(with_directory(settings, directory)),
      shim(shim_options(service), notes),
      client({.endpoint = service.client_endpoint()}) {
  shim.start();
}

client::Invocation note(std::vector<std::string> args, const std::string& channel) {
  return {.channel_id = channel, .chaincode_name = "notes", .args = std::move(args)};
}

void wait_until_served(client::Client& client) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!client.evaluate(note({"get", "any"}), 10s).error.ok()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("the notes are not served within 20 s");
    }
  }
}

}  // namespace ccbus::test
