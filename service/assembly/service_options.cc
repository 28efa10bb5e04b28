#include "service/assembly/service_options.h"

#include <algorithm>

namespace ccbus {
namespace {

std::size_t request_bytes_max(const Config& config) {
  return std::min(config.limits.request_bytes_max, config.limits.message_bytes_max);
}

bus::RouterEndpoint::Options endpoint_options(const Config& config, const EndpointShare& share) {
  bus::RouterEndpoint::Options options;
  options.message_bytes_max = config.limits.message_bytes_max;
  options.received_bytes_max = config.limits.message_bytes_max;
  options.pipe_messages_max = config.limits.pipe_messages_max;
  options.backlog_messages_max = config.limits.backlog_messages_max;
  options.backlog_bytes_max = config.limits.backlog_bytes_max;
  options.backlog_total_max = config.limits.backlog_total_max;
  options.received_total_max = config.limits.received_total_max;
  options.first_message = config.limits.first_message;
  options.peers_max = share.descriptors.of_each.peers_max;
  options.connections_max = share.descriptors.of_each.connections_max;
  options.shared_connections = &share.shared;
  return options;
}

}  // namespace

chaincode::Options engine_options(const Config& config) {
  chaincode::Options options;
  options.duplicates =
      config.reject_duplicates ? chaincode::Duplicates::kReject : chaincode::Duplicates::kPool;
  options.keepalive = config.keepalive;
  options.execute_timeout = config.execute_timeout;
  options.request_limits = {
      config.limits.results_per_page,          config.limits.results_per_query,
      config.limits.iterators_per_transaction, config.limits.message_bytes_max,
      config.limits.batch_writes_max,          config.limits.multiple_keys_max};
  options.transactions_per_handler = config.limits.transactions_per_handler;
  options.name_bytes_max = config.limits.name_bytes_max;
  options.message_bytes_max = config.limits.message_bytes_max;
  options.call_depth_max = config.limits.call_depth_max;
  options.autodefine = config.autodefine;
  protos::ChaincodeAdditionalParams& offer = options.additional_params;
  offer.set_use_write_batch(config.use_write_batch);
  offer.set_max_size_write_batch(config.limits.batch_writes_max);
  offer.set_use_get_multiple_keys(config.use_get_multiple_keys);
  offer.set_max_size_get_multiple_keys(config.limits.multiple_keys_max);
  offer.set_local_msp_id(config.msp_id);
  return options;
}

bus::RouterEndpoint::Options chaincode_endpoint_options(const Config& config,
                                                        const EndpointShare& share) {
  bus::RouterEndpoint::Options options = endpoint_options(config, share);
  options.name = "chaincode";
  options.address = config.chaincode_address;
  return options;
}

bus::RouterEndpoint::Options client_endpoint_options(const Config& config,
                                                     const EndpointShare& share) {
  bus::RouterEndpoint::Options options = endpoint_options(config, share);
  options.name = "clients";
  options.address = config.client_address;
  options.received_bytes_max = request_bytes_max(config);
  options.handles_last_messages = true;
  return options;
}

// A peer may send a message of the largest size while another one is decoded.
LargeFrames::Options large_frames_options(const bus::RouterEndpoint::Options& endpoint) {
  return {.frame_bytes_max = endpoint.received_bytes_max,
          .waiting_bytes_max = 2 * endpoint.received_bytes_max,
          .waiting_bytes_total = endpoint.received_total_max,
          .handles_last_messages = endpoint.handles_last_messages};
}

std::optional<std::filesystem::path> scratch_directory(const Config& config) {
  if (!config.ledger_directory) return std::nullopt;
  return *config.ledger_directory / "verification";
}

gateway::Gateway::Options gateway_options(const Config& config, const gateway::ServiceInfo& info) {
  gateway::Gateway::Options options;
  options.places = {config.limits.requests_open_max, config.limits.requests_waiting_max};
  options.request_bytes_max = request_bytes_max(config);
  options.retries_max = config.limits.retries_max;
  options.ledger_page_max = config.limits.ledger_page_max;
  options.wait_max = config.gateway_wait;
  options.prepared = {config.limits.prepared_transactions_max, config.limits.prepared_bytes_max,
                      config.prepared_lifetime};
  options.scratch = scratch_directory(config);
  options.info = info;
  return options;
}

}  // namespace ccbus
