#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bindings/cpp/tests/support/scripted_router.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::testing {

using protos::ChaincodeMessage;

// The peer's end of the chaincode endpoint, with the messages of the protocol.
class ScriptedPeer {
 public:
  struct Said {
    std::string peer;
    ChaincodeMessage message;
  };

  ScriptedPeer() = default;
  explicit ScriptedPeer(std::string endpoint) : router_(std::move(endpoint)) {}

  [[nodiscard]] ScriptedRouter& router() { return router_; }
  [[nodiscard]] const std::string& endpoint() const { return router_.endpoint(); }

  [[nodiscard]] Said hear();

  // Returns the next message of `peer`, which must be of this type.
  [[nodiscard]] ChaincodeMessage hear(const std::string& peer, ChaincodeMessage::Type type);

  void say(const std::string& peer, const ChaincodeMessage& message);
  void end(const std::string& peer) { router_.send(peer, {}); }

  // Receives a REGISTER and answers REGISTERED and READY. Returns the routing id.
  std::string accept();

 private:
  ScriptedRouter router_;
};

// A message of a transaction "tx-1" on "channel-1", unless another id is given.
[[nodiscard]] ChaincodeMessage message_of(ChaincodeMessage::Type type, std::string payload = {},
                                          std::string txid = "tx-1");

// A TRANSACTION with these arguments.
[[nodiscard]] ChaincodeMessage transaction_of(const std::vector<std::string>& args,
                                              std::string txid = "tx-1");

// Decodes the payload of a COMPLETED.
[[nodiscard]] protos::Response response_in(const ChaincodeMessage& completed);

}  // namespace ccbus::testing
