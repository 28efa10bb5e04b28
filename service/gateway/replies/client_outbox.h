#pragma once

#include <cstdint>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// What the gateway needs in order to answer. main.cc plugs the bus in; tests record.
class ClientOutbox {
 public:
  virtual ~ClientOutbox() = default;

  // As chaincode::Outbox::send, to a client.
  [[nodiscard]] virtual Result<void> send(PeerId client, const ccbus::ClientResponse& response) = 0;
};

// Where the answer to one request goes.
struct ReplyAddress {
  PeerId client;
  std::uint64_t correlation_id = 0;
};

}  // namespace ccbus::gateway
