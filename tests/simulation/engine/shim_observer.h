#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "tests/simulation/engine/state_model.h"

namespace ccbus::simulation {

// Reads what goes over the chaincode endpoint, at the moment at which the service takes or gives
// it, and keeps the footprints of the transactions: what was asked for and what was answered.
class ShimObserver {
 public:
  ShimObserver(StateModel& model, Findings& findings) : model_(model), findings_(findings) {}

  // The service is given a message of a chaincode, or sends one.
  void received(PeerId peer, std::string_view frame);
  void sent(PeerId peer, const protos::ChaincodeMessage& message);
  void gone(PeerId peer) { peers_.erase(peer); }
  void forget_all() { peers_.clear(); }

  [[nodiscard]] std::uint64_t transactions() const { return transactions_; }

 private:
  struct Peer {
    std::string name;   // Of the chaincode, as transactions name it; empty: not registered.
    std::string asked;  // To register under.
    std::map<TxKey, protos::ChaincodeMessage> open;  // The request that a transaction has open.
    std::map<std::pair<TxKey, std::string>, std::size_t> ranges;  // Into the footprint, by query.
  };

  void answered(Peer& peer, const TxKey& key, const protos::ChaincodeMessage& request,
                const protos::ChaincodeMessage& answer);
  void read_one(Peer& peer, const TxKey& key, const std::string& payload, const std::string& value);
  void read_many(Peer& peer, const TxKey& key, const std::string& payload,
                 const std::string& answer);
  void read_range(Peer& peer, const TxKey& key, const protos::ChaincodeMessage& request,
                  const std::string& answer);
  void wrote(Peer& peer, const TxKey& key, const protos::ChaincodeMessage& request,
             bool is_certain);
  void write(const TxKey& key, StateKey written, const std::string& value, bool is_certain);

  StateModel& model_;
  Findings& findings_;
  std::map<PeerId, Peer> peers_;
  std::uint64_t transactions_ = 0;
};

}  // namespace ccbus::simulation
