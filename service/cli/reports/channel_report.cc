#include "service/cli/reports/channel_report.h"

#include <nlohmann/json.hpp>

#include "service/cli/json/json_values.h"

namespace ccbus::cli {

std::string format_channel(const client::Reply& reply, const std::string& done) {
  const ChannelResponse& channel = reply.response.channel();
  return "channel " + channel.channel_id() + " " + done + ", at height " +
         std::to_string(channel.height()) +
         (channel.state_database().empty() ? "" : ", state database " + channel.state_database());
}

std::string channel_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  report["channel_id"] = reply.response.channel().channel_id();
  report["height"] = reply.response.channel().height();
  report["state_database"] = reply.response.channel().state_database();
  return report.dump();
}

}  // namespace ccbus::cli
