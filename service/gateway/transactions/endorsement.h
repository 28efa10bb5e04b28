#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/client.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "service/base/ids.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// A transaction that is ready to be ordered.
struct Endorsement {
  TxKey key;
  std::string envelope;      // An encoded common.Envelope.
  std::string private_data;  // An encoded rwset.TxPvtReadWriteSet; empty without private data.
  protos::Response response;
  std::optional<protos::ChaincodeEvent> event;
  bool changes_channel = false;  // It writes the channel's configuration.
  std::shared_ptr<const security::SigningIdentity> creator;  // Null: the client signs.
};

// Takes the results of a simulation that may be ordered, and ends the simulation. Of the private
// data, the envelope has all hashes; what belongs into the implicit collection of an organisation
// that is not among `played` is left out, since only that organisation keeps it, as in Fabric.
//
// If the channel has a configuration, the envelope is to be sealed (seal.h).
[[nodiscard]] Endorsement make_endorsement(Endorsed endorsed,
                                           const std::vector<std::string>& played,
                                           bool is_to_be_sealed);

}  // namespace ccbus::gateway
