#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccbus::security {

struct PemBlock {
  std::string type;       // "CERTIFICATE", "PRIVATE KEY", ...
  std::string bytes;      // The decoded content.
  std::string_view rest;  // What follows the line of the block's end; points into the text.
};

// Finds the first block of a text in PEM, as Go's pem.Decode does: text before it is skipped, and
// so are blocks that are not whole or not in base64. Headers of a block are passed over.
//
// Returns nullopt if the text has no block. Thread: any. Time: linear in the text.
[[nodiscard]] std::optional<PemBlock> decode_pem(std::string_view text);

// Lines of 64 characters, as OpenSSL and Go write them.
[[nodiscard]] std::string encode_pem(std::string_view type, std::string_view bytes);

}  // namespace ccbus::security
