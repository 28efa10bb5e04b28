// Any text as an index file gives an error with a text, or an index that the service takes or
// refuses.

#include "service/cli/json/index_definition.h"

#include <cstdint>
#include <string_view>

#include "service/base/assert.h"
#include "service/ledger/query/mango/index_key.h"

namespace mango = ccbus::ledger::mango;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed =
      ccbus::cli::parse_index_definition({reinterpret_cast<const char*>(data), size}, "c1");
  if (!parsed) {
    CCBUS_ASSERT(!parsed.error().message.empty());
    return 0;
  }
  CCBUS_ASSERT(parsed->config || !parsed->notes.empty());
  if (!parsed->config) return 0;
  const auto index = mango::Index::of(*parsed->config);
  CCBUS_ASSERT(!index || index->id.size() == mango::kIndexIdBytes);
  return 0;
}
