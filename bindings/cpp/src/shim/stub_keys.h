#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"

// What the parts of the stub share about keys. Errors: Error, before anything is sent.
namespace ccbus::shim {

// The peer could not decode the whole message, and would end the stream for it.
void require_utf8(std::string_view text, const char* what);

void require_key(std::string_view key);          // UTF-8.
void require_new_key(std::string_view key);      // Not empty either.
void require_collection(std::string_view name);  // Neither.

// Simple keys only: one that begins with U+0000 is refused, and an open start passes over the
// composite ones.
[[nodiscard]] protos::GetStateByRange simple_range(std::string_view start, std::string_view end);

}  // namespace ccbus::shim
