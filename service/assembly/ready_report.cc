#include "service/assembly/ready_report.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace ccbus {

void report_ready(const Config& config, const gateway::ServiceInfo& info,
                  const std::string& operations_url, const gateway::Channels& channels,
                  const DescriptorBudget& descriptors, bool json) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - info.started);
  const std::string where = config.ledger_directory ? config.ledger_directory->string() : "memory";
  if (json) {
    const nlohmann::json ready = {{"event", "ready"},
                                  {"version", info.version},
                                  {"pid", getpid()},
                                  {"chaincode_endpoint", info.chaincode_endpoint},
                                  {"client_endpoint", info.client_endpoint},
                                  {"operations_endpoint", operations_url},
                                  {"ledger", where},
                                  {"durability", info.durability},
                                  {"connections_max", descriptors.of_each.peers_max},
                                  {"connections_max_in_all", descriptors.of_both.peers_max},
                                  {"ready_ms", took.count()}};
    std::printf("%s\n", ready.dump().c_str());
  } else {
    std::printf("ccbusd %s\n", info.version.c_str());
    std::printf("  chaincode   %s\n", info.chaincode_endpoint.c_str());
    std::printf("  clients     %s\n", info.client_endpoint.c_str());
    if (!operations_url.empty()) std::printf("  operations  %s\n", operations_url.c_str());
    std::printf("  ledger      %s, %s\n", where.c_str(),
                info.durability == "synced" ? "every answer is synced to disk first"
                                            : "gone when the service stops");
    for (const auto& [id, channel] : channels) {
      std::printf("  channel     %s, height %llu\n", id.value.c_str(),
                  static_cast<unsigned long long>(channel.ledger->height()));
    }
    std::printf("  connections up to %zu to each endpoint, %zu in all\n",
                descriptors.of_each.peers_max, descriptors.of_both.peers_max);
    std::printf("ready in %lld ms\n", static_cast<long long>(took.count()));
  }
  std::fflush(stdout);
}

}  // namespace ccbus
