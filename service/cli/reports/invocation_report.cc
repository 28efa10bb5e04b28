#include "service/cli/reports/invocation_report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "service/cli/json/base64.h"
#include "service/cli/json/json_values.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

double milliseconds(std::chrono::microseconds elapsed) {
  return static_cast<double>(elapsed.count()) / 1000.0;
}

std::string one_decimal(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", number);
  return text;
}

ordered_json event_json(const protos::ChaincodeEvent& event) {
  return {{"name", event.event_name()}, {"payload_base64", encode_base64(event.payload())}};
}

ordered_json conflict_json(const ReadConflict& conflict) {
  const auto version = [](bool there, const kvrwset::Version& one) {
    return there ? version_json(one) : ordered_json(nullptr);
  };
  return {{"namespace", conflict.namespace_()},
          {"key", conflict.key()},
          {"read", version(conflict.has_read(), conflict.read())},
          {"committed", version(conflict.has_committed(), conflict.committed())}};
}

bool has_outcome(const SubmitResponse& submit) {
  return submit.validation_code() != protos::NOT_VALIDATED;
}

}  // namespace

std::string describe_invocation(const client::Reply& reply, std::chrono::microseconds elapsed) {
  const SubmitResponse& submit = reply.response.submit();
  std::string text = has_outcome(submit) ? "committed " : "ordered ";
  text += submit.transaction_id() + ": ";
  if (has_outcome(submit)) {
    text += "block " + std::to_string(submit.block_number()) + ", " +
            protos::TxValidationCode_Name(submit.validation_code()) + ", ";
  }
  text += one_decimal(milliseconds(elapsed)) + " ms";
  if (submit.retries() > 0) {
    text += ", after " + std::to_string(submit.retries()) +
            (submit.retries() == 1 ? " conflict" : " conflicts");
  }
  if (!submit.result().payload().empty()) text += "\n" + submit.result().payload();
  return text;
}

std::string invocation_json(const client::Reply& reply, std::chrono::microseconds elapsed) {
  ordered_json report = outcome_json(reply);
  for (const char* key :
       {"transaction_id", "validation_code", "block_number", "chaincode_status",
        "chaincode_message", "payload", "payload_base64", "event", "retries", "conflict"}) {
    report[key] = nullptr;
  }
  report["elapsed_ms"] = milliseconds(elapsed);
  if (reply.response.has_submit()) {
    const SubmitResponse& submit = reply.response.submit();
    report["transaction_id"] = submit.transaction_id();
    report["validation_code"] = protos::TxValidationCode_Name(submit.validation_code());
    if (has_outcome(submit)) report["block_number"] = submit.block_number();
    if (submit.has_event()) report["event"] = event_json(submit.event());
    report["retries"] = submit.retries();
    if (submit.has_conflict()) report["conflict"] = conflict_json(submit.conflict());
  }
  if (reply.response.has_evaluate()) {
    report["transaction_id"] = reply.response.evaluate().transaction_id();
  }
  if (reply.response.has_endorse()) {
    report["transaction_id"] = reply.response.endorse().transaction_id();
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
