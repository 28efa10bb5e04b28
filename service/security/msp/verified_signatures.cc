#include "service/security/msp/verified_signatures.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace ccbus::security {

std::size_t VerifiedSignatures::set_of(const Sha256Digest& signature) const {
  std::uint64_t bits = 0;
  std::memcpy(&bits, signature.data(), sizeof(bits));
  return bits % sets_;
}

bool VerifiedSignatures::contains(const Sha256Digest& signature) const {
  const MutexLock lock(mutex_);
  if (table_.empty()) return false;
  const Set& set = table_[set_of(signature)];
  return std::find(std::begin(set.places), std::end(set.places), signature) != std::end(set.places);
}

void VerifiedSignatures::add(const Sha256Digest& signature) {
  if (sets_ == 0) return;
  const MutexLock lock(mutex_);
  if (table_.empty()) table_.resize(sets_);
  Set& set = table_[set_of(signature)];
  set.places[set.oldest] = signature;
  set.oldest = (set.oldest + 1) % kPlaces;
}

}  // namespace ccbus::security
