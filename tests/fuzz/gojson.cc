// Any bytes give an error with a text, or a value that is written as JSON which is read as the same
// value. The first byte says how they are read.

#include <cstdint>
#include <string_view>

#include "service/base/assert.h"
#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"
#include "service/base/gojson/utf8.h"

namespace gojson = ccbus::gojson;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr gojson::Decoding kHow[] = {gojson::kDocument, gojson::kQuery, gojson::kFile};
  const gojson::Decoding how = kHow[data[0] % 3];
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto decoded = gojson::decode(text, how, gojson::kDepthMax);
  if (!decoded) {
    CCBUS_ASSERT(!decoded.error().message.empty());
    return 0;
  }
  const std::string written = gojson::encode(decoded->value);
  CCBUS_ASSERT(gojson::is_utf8(written));
  const bool is_document = how.numbers == gojson::Numbers::kAsFloat64;
  const auto again =
      gojson::decode(written, is_document ? gojson::kDocument : gojson::kQuery, gojson::kDepthMax);
  CCBUS_ASSERT(again && !again->has_replacements);
  if (!is_document) return 0;
  CCBUS_ASSERT(gojson::encode(again->value) == written);
  return 0;
}
