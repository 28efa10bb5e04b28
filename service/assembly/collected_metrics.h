#pragma once

#include "service/assembly/committer_metrics.h"
#include "service/chaincode/stream/next_state_metrics.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/gateway/transactions/endorser_metrics.h"
#include "service/metrics/metrics.h"
#include "service/operations/exposition.h"

// What the service counts, under the names that Prometheus sees: Fabric's where Fabric has the same
// thing, else ccbus_*. Any thread; all of it reads atomics and short locks.
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
