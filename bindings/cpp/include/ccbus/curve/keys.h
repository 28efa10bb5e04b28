#pragma once

#include <filesystem>
#include <string>

namespace ccbus::curve {

// What a DEALER needs to connect to an endpoint that asks for keys: its own pair, and the public
// key of the service, by which it knows that it talks to no other. In Z85. All empty: no keys.
struct Keys {
  std::string server_key;
  std::string public_key;
  std::string secret_key;

  [[nodiscard]] bool empty() const { return server_key.empty(); }
};

// Reads the keys of a client or of a chaincode: `key` is the file of its own certificate (NAME,
// with NAME_secret beside it, or NAME_secret itself), `server_key` the file of the service's public
// certificate, or the key itself in Z85. Both empty: no keys.
//
// Blocks: on the disk.
// Errors: std::invalid_argument, naming the file, or the one of the two that is missing.
[[nodiscard]] Keys read_keys(const std::string& key, const std::string& server_key);

// The same with the values of CCBUS_KEY and CCBUS_SERVER_KEY.
[[nodiscard]] Keys keys_from_environment();

}  // namespace ccbus::curve
