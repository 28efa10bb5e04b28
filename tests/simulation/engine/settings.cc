#include "tests/simulation/engine/settings.h"

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;

Limits random_limits(Chance& chance) {
  Limits limits;
  limits.message_bytes_max = 48u << 10;
  limits.request_bytes_max = 4u << 10;
  limits.pipe_messages_max = static_cast<int>(chance.between(2, 16));
  limits.backlog_messages_max = chance.between(4, 64);
  limits.backlog_bytes_max = chance.between(48, 128) << 10;
  limits.backlog_total_max = 512u << 10;
  limits.peers_max = chance.between(24, 64);
  limits.transactions_per_handler = chance.between(2, 24);
  limits.transaction_bytes_max = 64u << 10;
  limits.transactions_bytes_max = chance.between(12, 128) << 10;
  limits.iterators_per_transaction = 3;
  limits.call_depth_max = 4;
  limits.batch_writes_max = 8;
  limits.multiple_keys_max = 8;
  limits.results_per_page = chance.between(1, 6);
  limits.results_per_query = 40;
  limits.view_cache_bytes_max = 16u << 10;
  limits.requests_open_max = chance.between(10, 80);
  limits.requests_waiting_max = chance.between(10, 80);
  limits.retries_max = 3;
  limits.prepared_transactions_max = chance.between(2, 12);
  limits.prepared_bytes_max = 64u << 10;
  limits.ledger_page_max = 10;
  limits.channels_max = 3;
  limits.ordering_queue_max = chance.between(2, 12);
  limits.ordering_queue_bytes_max = chance.between(64, 256) << 10;
  limits.block_transactions_max = chance.between(1, 6);
  limits.block_bytes_max = 64u << 10;
  limits.block_bytes_preferred = 16u << 10;
  limits.background_jobs_max = chance.between(4, 30);
  return limits;
}

}  // namespace

Network::Options Settings::network(const char* name, bool handles_last_messages) const {
  return {name,
          limits.message_bytes_max,
          static_cast<std::size_t>(limits.pipe_messages_max),
          limits.backlog_messages_max,
          limits.backlog_bytes_max,
          limits.backlog_total_max,
          limits.peers_max,
          handles_last_messages};
}

Settings random_settings(Chance& chance) {
  Settings settings;
  settings.limits = random_limits(chance);
  if (chance.in_thousand(500)) {
    settings.commit = std::chrono::microseconds(chance.between(100, 8'000));
  }
  const Limits& limits = settings.limits;
  chaincode::Options& engine = settings.chaincode;
  engine.duplicates =
      chance.in_thousand(150) ? chaincode::Duplicates::kReject : chaincode::Duplicates::kPool;
  engine.keepalive = chance.in_thousand(300) ? 700ms : 0ms;
  engine.execute_timeout = 2s;
  engine.request_limits = {limits.results_per_page,          limits.results_per_query,
                           limits.iterators_per_transaction, limits.message_bytes_max,
                           limits.batch_writes_max,          limits.multiple_keys_max};
  engine.transactions_per_handler = limits.transactions_per_handler;
  engine.name_bytes_max = limits.name_bytes_max;
  engine.message_bytes_max = limits.message_bytes_max;
  engine.call_depth_max = limits.call_depth_max;
  gateway::Gateway::Options& gateway = settings.gateway;
  gateway.places = {limits.requests_open_max, limits.requests_waiting_max};
  gateway.request_bytes_max = limits.request_bytes_max;
  gateway.retries_max = limits.retries_max;
  gateway.ledger_page_max = limits.ledger_page_max;
  gateway.wait_max = 3s;
  gateway.prepared = {limits.prepared_transactions_max, limits.prepared_bytes_max, 2s};
  gateway.info = {"1.0.0", "memory", "tcp://simulated:1", "tcp://simulated:2", {}, {}, {}};
  return settings;
}

}  // namespace ccbus::simulation
