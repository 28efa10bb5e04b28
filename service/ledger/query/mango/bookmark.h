#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"

namespace ccbus::ledger::mango {

// Where a page ended. Opaque to whoever holds it as text.
struct Bookmark {
  std::string index_id;  // Empty: keys, or an answer sorted in memory.
  std::string sort_key;  // Of the last document given out; empty without a sort or an index.
  std::string key;

  [[nodiscard]] std::string text() const;

  // Nothing for "" and "nil", which are CouchDB's for the start.
  // Errors: kInvalid `Invalid bookmark value: ...`.
  [[nodiscard]] static Result<std::optional<Bookmark>> parse(std::string_view text);
};

}  // namespace ccbus::ledger::mango
