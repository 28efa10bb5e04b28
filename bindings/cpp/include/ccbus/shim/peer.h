#pragma once

#include <string>

#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

// The peer, as one transaction sees it. The Shim's implementation uses its socket; a unit test of a
// chaincode can supply one that answers from a map.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;

  // Sends one request of the transaction and returns the payload of its RESPONSE.
  //
  // Thread: the transaction's; one request at a time.
  // Blocks: until the peer has answered or the stream has ended.
  // Errors: Error with the peer's text; StreamTerminated.
  virtual std::string ask(protos::ChaincodeMessage::Type type,
                          const google::protobuf::MessageLite& request) = 0;

  // The requests for many keys that the peer announced in READY, and the largest number of keys for
  // each. By default none.
  [[nodiscard]] virtual protos::ChaincodeAdditionalParams offered() const { return {}; }
};

}  // namespace ccbus::shim
