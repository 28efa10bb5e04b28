#pragma once

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {

// INVOKE_CHAINCODE: who is to run, with what. The engine runs it as it would run any transaction,
// and what the callee finally sends becomes the reply. A specification without a chaincode or an
// input, which upstream trips over, is refused.
//
// Source: Fabric's HandleInvokeChaincode in handler.go at HEAD.
[[nodiscard]] Result<Answer> handle_invoke_chaincode(const Request& request);

// Why an INVOKE_CHAINCODE that belongs to no transaction is refused.
[[nodiscard]] Error refuse_invoke_without_context(const MessageView& message);

}  // namespace ccbus::chaincode
