#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "zmq.hpp"

namespace ccbus::bench {

// A chaincode without a shim: a DEALER that has registered. What it waits for comes within ten
// seconds, or it throws std::runtime_error.
class ChaincodePeer {
 public:
  ChaincodePeer(zmq::context_t& context, const std::string& endpoint, const std::string& name);

  void send(const protos::ChaincodeMessage& message);

  // The next message; false at the end of the stream. Waits as long as it takes.
  [[nodiscard]] bool receive(protos::ChaincodeMessage& message);

  // The next message, of this type.
  [[nodiscard]] protos::ChaincodeMessage expect(protos::ChaincodeMessage::Type type);

  [[nodiscard]] zmq::socket_t& socket() { return dealer_; }

 private:
  zmq::socket_t dealer_;
};

// A message of the transaction that `transaction` belongs to.
[[nodiscard]] protos::ChaincodeMessage in_transaction(const protos::ChaincodeMessage& transaction,
                                                      protos::ChaincodeMessage::Type type,
                                                      std::string payload);

// COMPLETED with status 200 and this payload.
[[nodiscard]] protos::ChaincodeMessage completed(const protos::ChaincodeMessage& transaction,
                                                 std::string_view payload);

[[nodiscard]] std::string get_state(const std::string& key);
[[nodiscard]] std::string put_state(const std::string& key, const std::string& value);

}  // namespace ccbus::bench
