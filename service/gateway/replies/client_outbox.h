#pragma once

#include <cstdint>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// What the gateway needs in order to answer. main.cc passes in the bus; tests record the answers.
class ClientOutbox {
 public:
  virtual ~ClientOutbox() = default;

  // Sends one response to a client. Blocking and errors are those of chaincode::Outbox::send().
  [[nodiscard]] virtual Result<void> send(PeerId client, const ccbus::ClientResponse& response) = 0;

  // Ends the connection of a client.
  virtual void end(PeerId client, std::string_view reason) = 0;
};

// Where the answer to one request goes.
struct ReplyAddress {
  PeerId client;
  std::uint64_t correlation_id = 0;
};

}  // namespace ccbus::gateway
