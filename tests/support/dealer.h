#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "ccbus/curve/keys.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "zmq.hpp"

namespace ccbus::test {

// A DEALER that uses only what docs/wire.md describes. Each receive throws std::runtime_error if
// nothing comes within ten seconds.
class Dealer {
 public:
  explicit Dealer(const std::string& endpoint) : Dealer(endpoint, 1000) {}
  // With a receive high-water mark: libzmq reads only about that many messages in advance.
  Dealer(const std::string& endpoint, int receive_hwm) : Dealer(endpoint, receive_hwm, {}) {}
  // For an endpoint that asks for keys.
  Dealer(const std::string& endpoint, const curve::Keys& keys) : Dealer(endpoint, 1000, keys) {}

  void send(const std::string& frame);
  void send(const std::vector<std::string>& frames);
  void send(const google::protobuf::MessageLite& message) { send(message.SerializeAsString()); }

  [[nodiscard]] std::string receive_frame();
  [[nodiscard]] protos::ChaincodeMessage receive();
  [[nodiscard]] ccbus::ClientResponse receive_response();

  // Returns true if no message comes during that time.
  [[nodiscard]] bool is_quiet_for(std::chrono::milliseconds duration);

  // Registers, and receives REGISTERED and READY.
  void register_as(const std::string& name);

  // Closes the connection, as the end of the process would.
  void close() { socket_.close(); }

 private:
  Dealer(const std::string& endpoint, int receive_hwm, const curve::Keys& keys);

  zmq::context_t context_;
  zmq::socket_t socket_;
};

// Makes the first message of a chaincode.
[[nodiscard]] protos::ChaincodeMessage registration(const std::string& name);

// Make a request that runs `function` of the chaincode `name` on mychannel.
[[nodiscard]] ccbus::ClientRequest submit(std::uint64_t correlation_id, const std::string& name,
                                          const std::string& function = "f");
[[nodiscard]] ccbus::ClientRequest evaluate(std::uint64_t correlation_id, const std::string& name,
                                            const std::string& function = "f");

// Makes a request in the transaction that the message `transaction` began.
[[nodiscard]] protos::ChaincodeMessage in_transaction(const protos::ChaincodeMessage& transaction,
                                                      protos::ChaincodeMessage::Type type,
                                                      const std::string& payload = "");

}  // namespace ccbus::test
