#pragma once

#include <cstddef>

namespace ccbus::bench {

// What the two operations cost that signatures are made of: ECDSA on P-256, by OpenSSL alone, over
// a digest, with everything prepared.
struct SignatureTimes {
  double sign_us = 0;
  double verify_us = 0;
};

// Makes and verifies that many signatures, on this thread. Throws std::runtime_error if OpenSSL
// cannot.
[[nodiscard]] SignatureTimes measure_signatures(std::size_t count);

}  // namespace ccbus::bench
