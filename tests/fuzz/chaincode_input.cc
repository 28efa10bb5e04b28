// What a user writes after -c and --transient: any text gives an error or a value, and what was
// decoded from Base64 encodes to the same text.

#include "service/cli/json/chaincode_input.h"

#include <cstdint>
#include <string_view>

#include "service/base/assert.h"
#include "service/cli/json/base64.h"
#include "service/cli/json/transient_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto input = ccbus::cli::parse_chaincode_input(text); !input) {
    CCBUS_ASSERT(!input.error().message.empty());
  }
  if (const auto transient = ccbus::cli::parse_transient_input(text); !transient) {
    CCBUS_ASSERT(!transient.error().message.empty());
  }
  if (const auto bytes = ccbus::cli::decode_base64(text)) {
    CCBUS_ASSERT(ccbus::cli::encode_base64(*bytes) == text);
  }
  return 0;
}
