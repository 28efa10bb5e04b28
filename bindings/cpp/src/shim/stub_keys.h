#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

// Checks of keys that several parts of the stub use. Errors: Error, before anything is sent.
namespace ccbus::shim {

// Required for every text: otherwise the peer could not decode the message, and would end the
// stream.
void require_utf8(std::string_view text, const char* what);

void require_key(std::string_view key);          // Must be UTF-8.
void require_new_key(std::string_view key);      // Must be UTF-8 and not empty.
void require_collection(std::string_view name);  // The same.

// A range of simple keys: keys that begin with U+0000 are refused, and an open start skips the
// composite keys.
[[nodiscard]] protos::GetStateByRange simple_range(std::string_view start, std::string_view end);

}  // namespace ccbus::shim
