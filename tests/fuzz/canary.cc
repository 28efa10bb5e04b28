// A planted fault: the replay and libFuzzer must find it, or they would find nothing. The file in
// the corpus does not show it, but every mutation that changes its third byte does.

#include <cstddef>
#include <cstdint>

#include "service/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2) CCBUS_ASSERT(data[2] == 'n');
  return 0;
}
