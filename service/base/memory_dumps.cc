#include "service/base/memory_dumps.h"

#include <sys/prctl.h>

#include "service/base/assert.h"

namespace ccbus {

void forbid_memory_dumps() {
#ifndef CCBUS_TEST_BUILD  // The sanitizers trace the process that they look for leaks in.
  CCBUS_ASSERT(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
#endif
}

}  // namespace ccbus
