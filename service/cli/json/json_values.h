#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "ccbus/client/client.h"

namespace google::protobuf {
class Timestamp;
}  // namespace google::protobuf

namespace kvrwset {
class Version;
}  // namespace kvrwset

// How the values of the wire read in JSON and on a terminal.
namespace ccbus::cli {

using nlohmann::ordered_json;

// The bytes as JSON text; null where they are not UTF-8.
[[nodiscard]] ordered_json text_or_null(const std::string& bytes);

// Adds `name`, the bytes as text or null, and `name`_base64.
void add_bytes(ordered_json& object, const std::string& name, const std::string& bytes);

// {"block": 3, "tx": 0}
[[nodiscard]] ordered_json version_json(const kvrwset::Version& version);

// 2026-11-24T12:00:00.123456789Z
[[nodiscard]] std::string format_timestamp(const google::protobuf::Timestamp& timestamp);

// The three keys that every report begins with: ok, code, message.
[[nodiscard]] ordered_json outcome_json(const client::Reply& reply);

}  // namespace ccbus::cli
