#pragma once

#include <string>

#include "service/base/result.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

enum class Access { kRead, kWrite };

// What a request that names a collection has to pass: no INIT, a collection that the chaincode's
// definition has, a creator who may. Looked up once for each collection of a transaction. A request
// without a collection passes.
//
// Source: Fabric's errorIfInitTransaction and errorIfCreatorHasNoReadAccess in handler.go, and
// core/common/privdata/store.go.
[[nodiscard]] Result<void> check_collection(TransactionContext& context,
                                            const std::string& collection, Access access);

// The first half of it: no private data during an INIT.
[[nodiscard]] Result<void> check_not_init(const TransactionContext& context);

}  // namespace ccbus::chaincode
