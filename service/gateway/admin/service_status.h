#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/chaincode/chaincode_support.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/transactions/endorser.h"
#include "service/metrics/metrics.h"

namespace ccbus::gateway {

// Facts about the service.
struct ServiceInfo {
  std::string version;
  std::string durability;  // "synced" or "memory".
  std::string chaincode_endpoint;
  std::string client_endpoint;
  SteadyTime started;

  // What changes: the name of a chaincode's key, and the addresses that are listened on. Bus
  // thread; either may be empty.
  std::function<std::string(PeerId)> key_of_chaincode;
  std::function<std::vector<ccbus::ListenerStatus>()> listeners;
};

// Makes the answer to a Status request. Bus thread.
[[nodiscard]] ccbus::StatusResponse service_status(Now now, const ServiceInfo& info,
                                                   const chaincode::ChaincodeSupport& chaincodes,
                                                   const Channels& channels,
                                                   const Counters& counters);

}  // namespace ccbus::gateway
