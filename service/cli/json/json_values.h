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

// Values of the wire, as they are written in JSON and on a terminal.
namespace ccbus::cli {

using nlohmann::ordered_json;

// Returns the bytes as JSON text; null if they are not valid UTF-8.
[[nodiscard]] ordered_json text_or_null(const std::string& bytes);

// Adds two members: `name` with text_or_null(), and `name`_base64.
void add_bytes(ordered_json& object, const std::string& name, const std::string& bytes);

// {"block": 3, "tx": 0}
[[nodiscard]] ordered_json version_json(const kvrwset::Version& version);

// 2026-11-24T12:00:00.123456789Z
[[nodiscard]] std::string format_timestamp(const google::protobuf::Timestamp& timestamp);

// Returns an object with the keys that every report begins with: ok, code, message, details.
[[nodiscard]] ordered_json outcome_json(const client::Reply& reply);

}  // namespace ccbus::cli
