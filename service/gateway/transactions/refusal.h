#pragma once

#include "ccbus/client.pb.h"
#include "service/gateway/transactions/endorser.h"

namespace ccbus::gateway {

// Return OK if the transaction may be used: answered to an Evaluate, or ordered. Otherwise they
// return the status with which Fabric's gateway passes the endorser's answer on:
//
//   what happened                      Evaluate             Endorse and Submit
//   the chaincode's response is 400+   UNKNOWN, detail      ABORTED, detail
//   the simulation failed: ERROR, no   ABORTED, detail      ABORTED, detail
//     process, no INIT, stream ended
//   nobody knows the chaincode         FAILED_PRECONDITION  FAILED_PRECONDITION
//
// With a detail it is the detail that has the reason. Every other refusal is the service's own: a
// limit, a deadline, an invalid request; the message has its reason.
//
// Source: evaluate.go, endorse.go, registry.go and apiutils.go in Fabric's internal/pkg/gateway.
[[nodiscard]] ccbus::Status evaluate_refusal(const Endorsed& endorsed,
                                             const EndorserName& endorser);
[[nodiscard]] ccbus::Status endorse_refusal(const Endorsed& endorsed, const EndorserName& endorser);

}  // namespace ccbus::gateway
