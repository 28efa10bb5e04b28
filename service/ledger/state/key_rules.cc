#include "service/ledger/state/key_rules.h"

#include <string>

#include "service/base/gojson/utf8.h"
#include "service/base/hex.h"
#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger {

Result<void> check_key(StateDatabase database, std::string_view key) {
  if (database == StateDatabase::kEmbedded) return {};
  if (!gojson::is_utf8(key)) {
    return fail(ErrorCode::kInvalid, "invalid key [" + to_hex(key) + "], must be a UTF-8 string");
  }
  if (key.starts_with('_')) {
    return fail(ErrorCode::kInvalid,
                "invalid key [" + std::string(key) + "], cannot begin with \"_\"");
  }
  if (key.empty()) {
    return fail(ErrorCode::kInvalid,
                "invalid key. Empty string is not supported as a key by couchdb");
  }
  return {};
}

Result<void> check_write(StateDatabase database, std::string_view key, std::string_view value) {
  if (database == StateDatabase::kEmbedded) return {};
  if (auto checked = check_key(database, key); !checked) return checked;
  const auto document = mango::parse_document(value);
  if (!document) return {};
  for (const auto& [field, content] : document->get_ref<const mango::Json::object_t&>()) {
    if (field == "~version" || field.starts_with('_')) {
      return fail(ErrorCode::kInvalid,
                  "field [" + field + "] is not valid for the CouchDB state database");
    }
  }
  return {};
}

}  // namespace ccbus::ledger
