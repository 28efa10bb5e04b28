#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/transaction.pb.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {

// Describes stored entries for people who look for damage. Values and the keys of private values
// are never shown.

[[nodiscard]] std::string describe_family(Family family);

// Which entry this is: "state of basic, key 'a1'".
[[nodiscard]] std::string describe_entry(Family family, std::string_view key);

// How a stored entry differs from the rebuilt one, as "its value differs". The two are not equal.
[[nodiscard]] std::string describe_difference(Family family, std::string_view stored,
                                              std::string_view rebuilt);

// "private value in basic/coll, key hash 0a1b..."
[[nodiscard]] std::string describe_private_value(const PrivateKey& key);

// The name of the code, or its number if it has none.
[[nodiscard]] std::string describe_code(protos::TxValidationCode code);

}  // namespace ccbus::ledger
