#pragma once

#include <string>

#include "service/assembly/descriptor_budget.h"
#include "service/config/config.h"
#include "service/gateway/admin/service_status.h"
#include "service/gateway/channels/channels.h"

namespace ccbus {

// Says on standard output that the service is ready: its endpoints, its ledger and its limits, for
// people, or as one JSON object in one line.
void report_ready(const Config& config, const gateway::ServiceInfo& info,
                  const std::string& operations_url, const gateway::Channels& channels,
                  const DescriptorBudget& descriptors, bool json);

}  // namespace ccbus
