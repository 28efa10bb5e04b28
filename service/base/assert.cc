#include "service/base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace ccbus {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  // Not through the logger: the logger's thread may itself be broken.
  std::fprintf(stderr, "ccbus: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace ccbus
