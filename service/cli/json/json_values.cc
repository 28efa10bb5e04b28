#include "service/cli/json/json_values.h"

#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/cli/json/base64.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {

// The library throws if the bytes are not UTF-8.
ordered_json text_or_null(const std::string& bytes) {
  try {
    static_cast<void>(ordered_json(bytes).dump());
    return bytes;
  } catch (const ordered_json::type_error&) {
    return nullptr;
  }
}

void add_bytes(ordered_json& object, const std::string& name, const std::string& bytes) {
  object[name] = text_or_null(bytes);
  object[name + "_base64"] = encode_base64(bytes);
}

ordered_json version_json(const kvrwset::Version& version) {
  return {{"block", version.block_num()}, {"tx", version.tx_num()}};
}

std::string format_timestamp(const google::protobuf::Timestamp& timestamp) {
  const std::time_t seconds = timestamp.seconds();
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return {};
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 16> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%09dZ", timestamp.nanos());
  return std::string(text.data(), length) + fraction.data();
}

ordered_json outcome_json(const client::Reply& reply) {
  ordered_json details = ordered_json::array();
  for (const ErrorDetail& detail : reply.response.status().details()) {
    details.push_back({{"address", detail.address()},
                       {"msp_id", detail.msp_id()},
                       {"message", detail.message()}});
  }
  return {{"ok", exit_code_of(reply) == kSuccess},
          {"code", StatusCode_Name(reply.error.code)},
          {"message", reply.error.message},
          {"details", std::move(details)}};
}

}  // namespace ccbus::cli
