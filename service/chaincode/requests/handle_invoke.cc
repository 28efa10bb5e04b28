#include "service/chaincode/requests/request_handlers.h"

#include <utility>

#include "service/chaincode/message/chaincode_name.h"

namespace ccbus::chaincode {

Result<Answer> handle_invoke_chaincode(const Request& request) {
  protos::ChaincodeSpec spec;
  if (auto decoded = decode(request, spec); !decoded) return unexpected(decoded.error());
  if (!spec.has_chaincode_id() || spec.chaincode_id().name().empty()) {
    return fail(ErrorCode::kInvalid, "the chaincode to invoke is not named");
  }
  if (!spec.has_input()) {
    return fail(ErrorCode::kInvalid,
                "the input for chaincode '" + spec.chaincode_id().name() + "' is missing");
  }
  // The version is ignored: the callee's definition on the target channel has the version.
  ChaincodeName target = ChaincodeName::parse(spec.chaincode_id().name());
  if (request.context.proposal.proposal_bytes().empty()) {
    const std::string instance =
        target.channel.empty() ? target.name : target.name + "/" + target.channel;
    return fail(ErrorCode::kPrecondition,
                "signed proposal must not be nil from caller [" + instance + "]");
  }
  CallChaincode call;
  call.channel = std::move(target.channel);
  call.name = std::move(target.name);
  call.is_init = spec.input().is_init();
  spec.mutable_input()->clear_decorations();
  call.input = spec.input().SerializeAsString();
  return Answer{std::move(call)};
}

Error refuse_invoke_without_context(const MessageView& message) {
  protos::ChaincodeSpec spec;
  // As in Fabric, which decodes the specification here, to look for a system chaincode, only if no
  // channel is named.
  if (message.channel_id.empty()) {
    if (auto decoded = decode(message.payload, spec); !decoded) return decoded.error();
  }
  return {ErrorCode::kNotFound, "could not get valid transaction"};
}

}  // namespace ccbus::chaincode
