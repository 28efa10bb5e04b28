#pragma once

#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/shim/run.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

// A small chaincode:
//   put KEY VALUE      writes the value, and sets an event "put" with the key
//   get KEY            returns the value
//   fill PREFIX COUNT  writes that many keys
//   count KEY          adds one to the number in the key
class Notes final : public shim::Chaincode {
 public:
  shim::Response invoke(shim::Stub& stub) override;
};

// A service with its ledger on disk, the notes chaincode and a client, all connected.
struct Notebook {
  explicit Notebook(const std::vector<std::string>& settings = {});

  const TemporaryDirectory directory;
  ServiceProcess service;
  Notes notes;
  shim::Shim shim;
  client::Client client;
};

[[nodiscard]] client::Invocation note(std::vector<std::string> args,
                                      const std::string& channel = "mychannel");

// Waits until the service serves the chaincode. Throws std::runtime_error after twenty seconds.
void wait_until_served(client::Client& client);

}  // namespace ccbus::test
