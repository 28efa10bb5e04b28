#include "service/operations/status_json.h"

#include <nlohmann/json.hpp>

#include "ccbus/client.pb.h"

namespace ccbus::operations {

using nlohmann::json;

json varz_json(const ccbus::StatusResponse& status) {
  json channels = json::object();
  for (const ccbus::ChannelStatus& channel : status.channels()) {
    channels[channel.channel_id()] = {{"height", channel.height()},
                                      {"last_block_hash", channel.last_block_hash()}};
  }
  json counters = json::object();
  for (const auto& [name, value] : status.counters()) counters[name] = value;
  return {{"version", status.version()},
          {"uptime_ms", status.uptime_ms()},
          {"durability", status.durability()},
          {"chaincode_endpoint", status.chaincode_endpoint()},
          {"client_endpoint", status.client_endpoint()},
          {"cpu_us", status.usage().cpu_us()},
          {"resident_bytes", status.usage().resident_bytes()},
          {"channels", std::move(channels)},
          {"counters", std::move(counters)}};
}

}  // namespace ccbus::operations
