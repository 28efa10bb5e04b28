#pragma once

#include <filesystem>
#include <optional>

#include "service/assembly/descriptor_budget.h"
#include "service/assembly/large_frames.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/config/config.h"
#include "service/gateway/gateway.h"

// What each part of the service is told of the configuration.
namespace ccbus {

[[nodiscard]] chaincode::Options engine_options(const Config& config);

// What the two endpoints have in common; `shared` counts the connections of both.
struct EndpointShare {
  const DescriptorBudget& descriptors;
  bus::SharedConnections& shared;
};

// A chaincode that has left has no use for what it is sent.
[[nodiscard]] bus::RouterEndpoint::Options chaincode_endpoint_options(const Config& config,
                                                                      const EndpointShare& share);

// What a client has asked for is done even if it leaves before it is read.
[[nodiscard]] bus::RouterEndpoint::Options client_endpoint_options(const Config& config,
                                                                   const EndpointShare& share);

[[nodiscard]] LargeFrames::Options large_frames_options(
    const bus::RouterEndpoint::Options& endpoint);

// Where a verification rebuilds a ledger; nothing: in memory.
[[nodiscard]] std::optional<std::filesystem::path> scratch_directory(const Config& config);

[[nodiscard]] gateway::Gateway::Options gateway_options(const Config& config,
                                                        const gateway::ServiceInfo& info);

}  // namespace ccbus
