#pragma once

#include <string>

#include "ccbus/client/client.h"

namespace ccbus::security {
struct AllowedKeys;
}  // namespace ccbus::security

namespace ccbus::cli {

// The keys of a directory, as a service would report them; without connections.
[[nodiscard]] KeysResponse keys_of(const security::AllowedKeys& keys);

// A paragraph for each key.
[[nodiscard]] std::string format_keys(const KeysResponse& keys);
// What a key may do, in one line: "register basic; channels *".
[[nodiscard]] std::string format_permissions(const KeyStatus& key);

// {"ok": true, "keys": [{"name": ..., "public_key": ..., "permissions": {...}, ...}], "errors": []}
[[nodiscard]] std::string keys_json(const KeysResponse& keys);
// The same for a service's answer, which may be a refusal.
[[nodiscard]] std::string reloaded_keys_json(const client::Reply& reply);

}  // namespace ccbus::cli
