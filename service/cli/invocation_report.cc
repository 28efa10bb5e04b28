#include "service/cli/invocation_report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "service/cli/base64.h"
#include "service/cli/outcome.h"

namespace ccbus::cli {
namespace {

using nlohmann::ordered_json;

double milliseconds(std::chrono::microseconds elapsed) {
  return static_cast<double>(elapsed.count()) / 1000.0;
}

std::string one_decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

// The payload as JSON text; null where its bytes are not UTF-8, which the library finds out.
ordered_json text_or_null(const std::string& bytes) {
  try {
    static_cast<void>(ordered_json(bytes).dump());
    return bytes;
  } catch (const ordered_json::type_error&) {
    return nullptr;
  }
}

ordered_json event_json(const protos::ChaincodeEvent& event) {
  return {{"name", event.event_name()}, {"payload_base64", encode_base64(event.payload())}};
}

bool was_ordered(const SubmitResponse& submit) {
  return submit.validation_code() != protos::NOT_VALIDATED;
}

}  // namespace

std::string describe_invocation(const client::Reply& reply, std::chrono::microseconds elapsed) {
  const SubmitResponse& submit = reply.response.submit();
  std::string text = was_ordered(submit) ? "committed " : "done ";
  text += submit.transaction_id() + ": ";
  if (was_ordered(submit)) text += "block " + std::to_string(submit.block_number()) + ", ";
  text += protos::TxValidationCode_Name(submit.validation_code()) + ", " +
          one_decimal(milliseconds(elapsed)) + " ms";
  if (!submit.result().payload().empty()) text += "\n" + submit.result().payload();
  return text;
}

std::string invocation_json(const client::Reply& reply, std::chrono::microseconds elapsed) {
  ordered_json report{{"ok", exit_code_of(reply) == kSuccess},
                      {"code", StatusCode_Name(reply.error.code)},
                      {"message", reply.error.message},
                      {"transaction_id", nullptr},
                      {"validation_code", nullptr},
                      {"block_number", nullptr},
                      {"chaincode_status", nullptr},
                      {"chaincode_message", nullptr},
                      {"payload", nullptr},
                      {"payload_base64", nullptr},
                      {"event", nullptr},
                      {"elapsed_ms", milliseconds(elapsed)}};
  if (reply.response.has_submit()) {
    const SubmitResponse& submit = reply.response.submit();
    report["transaction_id"] = submit.transaction_id();
    report["validation_code"] = protos::TxValidationCode_Name(submit.validation_code());
    if (was_ordered(submit)) report["block_number"] = submit.block_number();
    if (submit.has_event()) report["event"] = event_json(submit.event());
  }
  if (reply.response.has_evaluate()) {
    report["transaction_id"] = reply.response.evaluate().transaction_id();
  }
  if (const protos::Response* const result = chaincode_response(reply)) {
    report["chaincode_status"] = result->status();
    report["chaincode_message"] = result->message();
    report["payload"] = text_or_null(result->payload());
    report["payload_base64"] = encode_base64(result->payload());
  }
  return report.dump();
}

}  // namespace ccbus::cli
