// Any bytes become text that needs no escape, is cut at the limit, and is the same if it is printed
// twice.

#include "service/base/printable.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "service/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string shown = ccbus::printable(text);
  CCBUS_ASSERT(ccbus::printable_prefix(shown) == shown.size());
  CCBUS_ASSERT(ccbus::printable(shown) == shown);
  CCBUS_ASSERT((ccbus::printable_prefix(text) == text.size()) == (shown == text));
  for (const std::size_t bytes_max : {0, 1, 7, 40}) {
    const std::string cut = ccbus::printable(text, bytes_max);
    CCBUS_ASSERT(ccbus::printable_prefix(cut) == cut.size());
    CCBUS_ASSERT(cut.size() <= bytes_max + 40 && (shown.size() > bytes_max || cut == shown));
  }
  return 0;
}
