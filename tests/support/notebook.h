#pragma once

#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/shim/run.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

// A small chaincode:
//   put KEY VALUE      and an event "put" with the key
//   get KEY
//   fill PREFIX COUNT  writes so many keys
//   count KEY          adds one to the number there
class Notes final : public shim::Chaincode {
 public:
  shim::Response invoke(shim::Stub& stub) override;
};

// A service on a disk, the notes chaincode and a client, all connected for as long as it stands.
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

// Throws std::runtime_error after twenty seconds.
void wait_until_served(client::Client& client);

}  // namespace ccbus::test
