#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace common {
class MSPPrincipal;
}  // namespace common

namespace ccbus::ledger {

// The organisations of a channel, as far as policies have to know them. An identity is an encoded
// msp.SerializedIdentity; any bytes may be asked about.
//
// Thread:   any; it does not change while it is used.
// Blocks:   never. The answers depend on the bytes and on the channel's configuration alone, never
//           on the time: every replica has to get the same.
class Identities {
 public:
  virtual ~Identities() = default;

  // What tells two identities apart: MSP id and certificate, however they are encoded. Returns
  // nullopt if it is no identity of an organisation of the channel.
  [[nodiscard]] virtual std::optional<std::string> identifier_of(
      std::string_view identity) const = 0;

  // Whether it is a valid identity of an organisation of the channel.
  [[nodiscard]] virtual bool is_valid(std::string_view identity) const = 0;

  // Whether the identity has signed the message; it need not be valid.
  [[nodiscard]] virtual bool has_signed(std::string_view identity, std::string_view message,
                                        std::string_view signature) const = 0;

  // Whether the identity is valid, and is one of those that the principal names.
  [[nodiscard]] virtual bool satisfies(std::string_view identity,
                                       const common::MSPPrincipal& principal) const = 0;
};

}  // namespace ccbus::ledger
