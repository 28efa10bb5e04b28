#include "service/ledger/query/mango/json.h"

#include <utility>

#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"

namespace ccbus::ledger::mango {
namespace {

constexpr std::size_t kShownBytesMax = 120;

}  // namespace

std::optional<Document> read_document(std::string_view value) {
  // Most values that are not documents can be told by their first byte.
  const std::size_t first = value.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || value[first] != '{') return std::nullopt;
  auto decoded = gojson::decode(value, gojson::kDocument, gojson::kDepthMax);
  if (!decoded) return std::nullopt;
  return Document{std::move(decoded->value), decoded->has_replacements};
}

std::optional<Json> parse_document(std::string_view value) {
  auto document = read_document(value);
  if (!document) return std::nullopt;
  return std::move(document->content);
}

std::optional<Json> parse_query(std::string_view text) {
  auto decoded = gojson::decode(text, gojson::kQuery, kQueryDepthMax);
  if (!decoded) return std::nullopt;
  return std::move(decoded->value);
}

std::string shown(const Json& value) {
  std::string text = gojson::encode(value);
  if (text.size() > kShownBytesMax) text = text.substr(0, kShownBytesMax) + "...";
  return text;
}

unexpected<Error> couch_error(std::string_view code, const std::string& reason) {
  return fail(ErrorCode::kInvalid, "error handling CouchDB request. Error:" + std::string(code) +
                                       ",  Status Code:400,  Reason:" + reason);
}

}  // namespace ccbus::ledger::mango
