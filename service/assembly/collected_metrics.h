#pragma once

#include "service/assembly/committers.h"
#include "service/chaincode/transaction/shim_figures.h"
#include "service/gateway/transactions/endorser_figures.h"
#include "service/metrics/metrics.h"
#include "service/operations/exposition.h"

// What the service counts, under the names that Prometheus sees: Fabric's where Fabric has the same
// thing, else ccbus_*. Any thread; all of it reads atomics and short locks.
namespace ccbus {

void collect_counters(const Counters& counters, operations::Exposition& metrics);
void collect_requests(const chaincode::ShimMetrics& requests, operations::Exposition& metrics);
void collect_proposals(const gateway::EndorserMetrics& proposals, operations::Exposition& metrics);
void collect_channel(const CommitterFigures& figures, operations::Exposition& metrics);

// Under the names that Prometheus' own client libraries use.
void collect_process(operations::Exposition& metrics);

}  // namespace ccbus
