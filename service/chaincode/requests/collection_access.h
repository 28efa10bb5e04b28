#pragma once

#include <string>

#include "service/base/result.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

enum class Access { kRead, kWrite };

// Checks whether a request may use a collection: not during an INIT, only a collection of the
// chaincode's definition, and only if the transaction's creator has the access. Implicit
// collections are open to every creator. The access is looked up once for each collection of a
// transaction. An empty name, which means public state, passes.
//
// Errors: kPrecondition during an INIT or without the access; kNotFound if there is no such
//         collection; those of the ledger.
//
// Source: Fabric's errorIfInitTransaction and errorIfCreatorHasNoReadAccess in handler.go, and
// core/common/privdata/store.go.
[[nodiscard]] Result<void> check_collection(TransactionContext& context,
                                            const std::string& collection, Access access);

// The first of these checks alone: kPrecondition during an INIT.
[[nodiscard]] Result<void> check_not_init(const TransactionContext& context);

}  // namespace ccbus::chaincode
