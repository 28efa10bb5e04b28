#pragma once

#include <string_view>

#include "service/base/result.h"
#include "service/base/state_database.h"

namespace ccbus::ledger {

// What Fabric's state database accepts, in its words (validateKey and validateValue of
// couchdoc_conv.go). The embedded database accepts everything.
//
// Thread: any.

// A key that is read or written. Errors: kInvalid it is not UTF-8, begins with an underscore or is
// empty.
[[nodiscard]] Result<void> check_key(StateDatabase database, std::string_view key);

// A key that is written, and its value; a value that is deleted is empty. Errors: as check_key();
// and kInvalid the value is a JSON object with a field at the top that begins with an underscore or
// is
// `~version`.
[[nodiscard]] Result<void> check_write(StateDatabase database, std::string_view key,
                                       std::string_view value);

}  // namespace ccbus::ledger
