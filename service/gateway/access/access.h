#pragma once

#include <optional>
#include <string>

#include "ccbus/client.pb.h"
#include "service/security/keys/key_store.h"

namespace ccbus::gateway {

// Decides whether the holder of a key may make a request. One table says what each kind of request
// needs; it is asked before anything else, so that the answer is the same whether or not a channel
// exists.
//
// Blocks: on the disk, for a request that names a directory for a snapshot.
// Returns the refusal, PERMISSION_DENIED with the one text that all have, or nullopt.
[[nodiscard]] std::optional<ccbus::Status> denied(const security::AllowedKey& key,
                                                  const ccbus::ClientRequest& request);

// What the holder of a key may see of the service's status: its channels, and the chaincodes if it
// has a right of a client or may define them.
[[nodiscard]] ccbus::StatusResponse visible_to(const security::AllowedKey& key,
                                               ccbus::StatusResponse status);

// The text of every refusal: access denied: key [app] may not submit on channel [mychannel].
[[nodiscard]] std::string denial(const security::AllowedKey& key, const std::string& what);

}  // namespace ccbus::gateway
