#pragma once

#include <cstddef>
#include <vector>

#include "service/base/mutex.h"
#include "service/security/crypto/digest.h"

namespace ccbus::security {

// The signatures that are known to hold, each by a digest of who has signed what. A digest stands
// in one of a few places that its own bytes choose; a new one takes the place of the oldest there.
// What is forgotten so costs one more verification.
//
// Thread: any. Allocates its whole table, 34 bytes a signature, when the first one is added.
class VerifiedSignatures {
 public:
  // 0: none is remembered.
  explicit VerifiedSignatures(std::size_t signatures_max) : sets_(signatures_max / kPlaces) {}

  [[nodiscard]] bool contains(const Sha256Digest& signature) const;
  void add(const Sha256Digest& signature);

 private:
  static constexpr std::size_t kPlaces = 4;

  struct Set {
    Sha256Digest places[kPlaces] = {};  // Zeros: no signature has such a digest.
    std::size_t oldest = 0;
  };

  [[nodiscard]] std::size_t set_of(const Sha256Digest& signature) const;

  const std::size_t sets_;
  mutable Mutex mutex_;
  std::vector<Set> table_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::security
