#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/ids.h"
#include "service/base/text_hash.h"
#include "service/security/keys/key_store.h"

namespace ccbus::security {

// Who is at the other end of the connections of one endpoint. Bus thread.
class KeyHolders {
 public:
  // `keys` outlives it; null: nobody is asked for a key, and everybody may do everything.
  explicit KeyHolders(const KeyStore* keys) : keys_(keys) {}

  // A peer has come, whose handshake has proved that it has the secret of this public key. Returns
  // false if the key is not allowed any more: it was revoked since the handshake.
  [[nodiscard]] bool came(PeerId peer, std::string_view public_key,
                          std::chrono::system_clock::time_point now);
  void left(PeerId peer);

  // Of a peer that has come and not left; of any other one a key that may do nothing.
  [[nodiscard]] const AllowedKey& of(PeerId peer) const { return *pointer(peer); }
  [[nodiscard]] AllowedKeyPtr pointer(PeerId peer) const;

  struct Change {
    PeerId peer;
    bool is_allowed;  // It may do other things than before; else nothing any more.
    bool operator==(const Change&) const = default;
  };
  // Looks every key up again. Returns the peers for which something has changed.
  [[nodiscard]] std::vector<Change> look_up_again(std::chrono::system_clock::time_point now);

  [[nodiscard]] bool are_asked() const { return keys_ != nullptr; }

  // How many connections a key has.
  [[nodiscard]] std::size_t connections_of(std::string_view public_key) const;

 private:
  [[nodiscard]] AllowedKeyPtr find(std::string_view public_key,
                                   std::chrono::system_clock::time_point now) const;

  const KeyStore* const keys_;
  std::unordered_map<PeerId, AllowedKeyPtr> holders_;
  // How many of them each public key has.
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> connections_;
};

}  // namespace ccbus::security
