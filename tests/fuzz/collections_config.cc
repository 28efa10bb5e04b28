// Any text as collections_config.json gives an error with a text, or collections with a policy.

#include "service/cli/json/collections_config.h"

#include <cstdint>
#include <string_view>

#include "ccbus/definition.pb.h"
#include "service/base/assert.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed =
      ccbus::cli::parse_collections_config({reinterpret_cast<const char*>(data), size});
  if (!parsed) {
    CCBUS_ASSERT(!parsed.error().message.empty());
    return 0;
  }
  for (const auto& collection : *parsed) CCBUS_ASSERT(!collection.policy().empty());
  return 0;
}
