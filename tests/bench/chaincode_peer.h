#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "fabric/peer/chaincode_shim.pb.h"
#include "tests/bench/connections.h"

namespace ccbus::bench {

// A chaincode without a shim: a connection that has registered. Throws std::runtime_error if a
// message does not arrive within the time that its connections allow, or is for another connection.
class ChaincodePeer {
 public:
  // Adds a connection and registers with it. `connections` must outlive this object.
  ChaincodePeer(Connections& connections, const std::string& name);

  void send(const protos::ChaincodeMessage& message);

  // Receives the next message; returns false at the end of the stream.
  [[nodiscard]] bool receive(protos::ChaincodeMessage& message);

  // Receives the next message, which must be of this type.
  [[nodiscard]] protos::ChaincodeMessage expect(protos::ChaincodeMessage::Type type);

  // The same with encoded bytes.
  void send_frame(zmq::message_t frame) { connections_->send(connection_, std::move(frame)); }
  [[nodiscard]] zmq::message_t receive_frame();

  [[nodiscard]] std::size_t connection() const { return connection_; }

 private:
  Connections* connections_;
  std::size_t connection_;
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
