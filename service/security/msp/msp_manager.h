#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/security/msp/msp.h"
#include "service/security/msp/second_chance_cache.h"
#include "service/security/msp/verified_signatures.h"

namespace ccbus::security {

// The organisations of one channel, by MSP id. A new configuration of the channel makes a new one,
// with empty caches.
//
// Thread: any; several may use it at once.
class MspManager {
 public:
  struct Options {
    std::size_t identities_max = 100;  // Fabric's sizes of its caches.
    std::size_t verdicts_max = 100;
    std::size_t signatures_max = 0;  // Fabric remembers none.
  };

  // Errors: kInvalid if two organisations have one MSP id: whoever is a member of the one could
  //         speak for the other. Fabric lets the last one win.
  [[nodiscard]] static Result<std::unique_ptr<MspManager>> make(std::vector<Msp> msps,
                                                                const Options& options);

  // Returns null if no organisation has the id.
  [[nodiscard]] const Msp* find(std::string_view msp_id) const;
  [[nodiscard]] const std::map<std::string, Msp, std::less<>>& msps() const { return msps_; }

  // Decodes an encoded msp.SerializedIdentity and validates it, as Msp::deserialize. What is valid
  // is remembered: a second time costs a look-up. What is not is not, so that nobody can push
  // valid identities out with made-up ones.
  //
  // Errors: kInvalid  also if the channel has no such MSP. kExhausted.
  [[nodiscard]] Result<IdentityPointer> deserialize(std::string_view serialized) const;

  // Whether an identity is whom the principal names; remembered for valid identities.
  // Errors: principals.h.
  [[nodiscard]] Result<void> satisfies(const Identity& identity,
                                       const common::MSPPrincipal& principal) const;

  // Whether a valid identity of the channel has signed the bytes, as Identity::verify. A signature
  // that holds is remembered: who asks again, as the committer does after the gateway, does not
  // verify it again.
  [[nodiscard]] Result<void> verify(const Identity& identity, std::string_view bytes,
                                    std::string_view signature) const;

  // Remembers a signature that this process has just made. Identities that are not valid members
  // of the channel are left out.
  void add_own_signature(std::string_view serialized, std::string_view bytes,
                         std::string_view signature) const;

 private:
  MspManager(std::map<std::string, Msp, std::less<>> msps, const Options& options);

  const std::map<std::string, Msp, std::less<>> msps_;
  mutable SecondChanceCache<IdentityPointer> identities_;  // By their serialized bytes.
  mutable SecondChanceCache<Result<void>> verdicts_;       // By identity and principal.
  mutable VerifiedSignatures signatures_;
};

}  // namespace ccbus::security
