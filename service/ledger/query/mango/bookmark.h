#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger::mango {

// Where a page ended. Clients must treat the text as opaque.
struct Bookmark {
  std::string index_id;  // Empty: no index was used.
  std::string sort_key;  // Of the last document returned; empty without a sort or an index.
  std::string key;

  [[nodiscard]] std::string text() const;

  // Returns nullopt for "" and "nil", which mean the start in CouchDB.
  // Errors: kInvalid `Invalid bookmark value: ...`.
  [[nodiscard]] static Result<std::optional<Bookmark>> parse(std::string_view text);
};

}  // namespace ccbus::ledger::mango
