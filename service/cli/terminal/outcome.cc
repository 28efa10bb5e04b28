#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

// Fabric's threshold: a chaincode's response with this status or above is an error.
constexpr int kChaincodeRefusal = 400;

bool refused_by_ledger(const ClientResponse& response) {
  const auto code = response.submit().validation_code();
  return response.has_submit() && code != protos::VALID && code != protos::NOT_VALIDATED;
}

bool refused_by_chaincode(const client::Reply& reply) {
  const protos::Response* const result = chaincode_response(reply);
  return result != nullptr && result->status() >= kChaincodeRefusal;
}

}  // namespace

const protos::Response* chaincode_response(const client::Reply& reply) {
  if (reply.response.submit().has_result()) return &reply.response.submit().result();
  if (reply.response.evaluate().has_result()) return &reply.response.evaluate().result();
  if (reply.response.endorse().has_result()) return &reply.response.endorse().result();
  return nullptr;
}

ExitCode exit_code_of(const client::Reply& reply) {
  if (reply.error.code == UNAUTHENTICATED) return kRefused;  // The service is there.
  if (reply.error.origin == client::Origin::kConnection) return kUnreachable;
  const bool succeeded =
      reply.error.ok() && !refused_by_chaincode(reply) && !refused_by_ledger(reply.response);
  return succeeded ? kSuccess : kRefused;
}

std::string failure_text(const client::Reply& reply) {
  if (exit_code_of(reply) == kSuccess) return {};
  std::string text;
  const auto add_line = [&text](const std::string& line) {
    if (!text.empty()) text += '\n';
    text += line;
  };
  if (!reply.error.ok()) {  // It has the chaincode's refusal, and the ledger's.
    add_line(StatusCode_Name(reply.error.code) + ": " + reply.error.message);
    for (const ErrorDetail& detail : reply.response.status().details()) {
      if (reply.error.message.ends_with(detail.message())) continue;
      add_line(detail.address() + " (" + detail.msp_id() + "): " + detail.message());
    }
    return text;
  }
  if (refused_by_chaincode(reply)) {
    const protos::Response& result = *chaincode_response(reply);
    add_line("chaincode status " + std::to_string(result.status()) + ": " + result.message());
  }
  if (refused_by_ledger(reply.response)) {
    const SubmitResponse& submit = reply.response.submit();
    add_line("transaction " + submit.transaction_id() + " in block " +
             std::to_string(submit.block_number()) +
             " is not valid: " + protos::TxValidationCode_Name(submit.validation_code()));
  }
  return text;
}

}  // namespace ccbus::cli
