#pragma once

#include "service/assembly/committer_metrics.h"
#include "service/chaincode/stream/next_state_metrics.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/gateway/transactions/endorser_metrics.h"
#include "service/metrics/metrics.h"
#include "service/operations/exposition.h"

// Writes the service's metrics under their Prometheus names: Fabric's name if Fabric has the same
// metric, otherwise ccbus_*. Any thread; it reads atomics and takes locks only briefly.
namespace ccbus {

void collect_counters(const Counters& counters, operations::Exposition& exposition);
void collect_requests(const chaincode::LabelledShimMetrics& requests,
                      operations::Exposition& exposition);
void collect_next_states(const chaincode::NextStateMetrics& next_states,
                         operations::Exposition& exposition);
void collect_proposals(const gateway::EndorserMetrics& proposals,
                       operations::Exposition& exposition);
void collect_channel(const CommitterMetrics& metrics, operations::Exposition& exposition);

// Under the names that Prometheus' own client libraries use.
void collect_process(operations::Exposition& exposition);

}  // namespace ccbus
