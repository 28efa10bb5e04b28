#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "fabric/peer/chaincode_shim.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {

// A chaincode that answers what it is sent, as a shim would: each transaction follows the script
// that its first argument names, and a new connection is made after the end of a stream.
class ChaincodeActor {
 public:
  ChaincodeActor(ChaincodeRig& rig, std::string name) : rig_(rig), name_(std::move(name)) {}

  // Connects and registers, as a peer that the engine has not seen. A connection that it has ends.
  void connect();
  // The connection ends.
  void vanish();

  // Sends what its last messages ask for. Returns false if there was nothing to send.
  bool act();

 private:
  void handle(const protos::ChaincodeMessage& message);
  void start(const protos::ChaincodeMessage& message);
  void go_on(const protos::ChaincodeMessage& message);
  void finish(const std::string& tx, int status);
  void send(const protos::ChaincodeMessage& message);

  ChaincodeRig& rig_;
  const std::string name_;
  PeerId peer_;           // 0: not connected.
  std::size_t seen_ = 0;  // Messages of this connection that were handled.
  std::map<std::string, std::deque<protos::ChaincodeMessage>> scripts_;  // What is left, by tx.
  static inline std::uint64_t last_peer_ = 0;
};

}  // namespace ccbus::test
