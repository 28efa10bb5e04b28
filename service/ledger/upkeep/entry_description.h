#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/transaction.pb.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {

// Stored entries in words, for people who look for damage. No value is ever told, nor the key of
// a private value.

[[nodiscard]] std::string describe_family(Family family);

// Which entry this is: "state of basic, key 'a1'".
[[nodiscard]] std::string describe_entry(Family family, std::string_view key);

// What differs between what is stored and what the blocks make: "its value differs". The two are
// not the same.
[[nodiscard]] std::string describe_difference(Family family, std::string_view stored,
                                              std::string_view rebuilt);

// "private value in basic/coll, key hash 0a1b..."
[[nodiscard]] std::string describe_private_value(const PrivateKey& key);

// Its name, or its number where it has none.
[[nodiscard]] std::string describe_code(protos::TxValidationCode code);

}  // namespace ccbus::ledger
