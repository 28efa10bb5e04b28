#include "service/cli/terminal/outcome.h"

#include <catch2/catch.hpp>

using namespace ccbus::cli;
using ccbus::client::Origin;
using ccbus::client::Reply;

namespace {

Reply committed() {
  Reply reply;
  auto& submit = *reply.response.mutable_submit();
  submit.set_transaction_id("4f9c");
  submit.set_block_number(12);
  submit.mutable_result()->set_status(200);
  return reply;
}

}  // namespace

TEST_CASE("a transaction that was committed as valid is a success without a text", "[cli]") {
  CHECK(exit_code_of(committed()) == kSuccess);
  CHECK(failure_text(committed()).empty());
}

TEST_CASE("a transaction that wrote nothing and was not ordered is a success too", "[cli]") {
  Reply reply = committed();
  reply.response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  CHECK(exit_code_of(reply) == kSuccess);
}

TEST_CASE("a chaincode's refusal arrives whole, beside the service's code", "[cli]") {
  Reply reply = committed();
  reply.error = {ccbus::ABORTED, "the chaincode refused", Origin::kService};
  auto& detail = *reply.response.mutable_status()->add_details();
  detail.set_address("127.0.0.1:7051");
  detail.set_msp_id("DevMSP");
  detail.set_message("chaincode response 500, there is no asset a1");
  reply.response.mutable_submit()->mutable_result()->set_status(500);
  reply.response.mutable_submit()->mutable_result()->set_message("there is no asset a1");
  reply.response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  CHECK(exit_code_of(reply) == kRefused);
  CHECK(failure_text(reply) ==
        "ABORTED: the chaincode refused\n127.0.0.1:7051 (DevMSP): chaincode response 500, there "
        "is no asset a1");
}

TEST_CASE("a chaincode's status of 400 and above is a refusal even where the service says OK",
          "[cli]") {
  Reply reply;
  reply.response.mutable_evaluate()->mutable_result()->set_status(400);
  CHECK(exit_code_of(reply) == kRefused);
  reply.response.mutable_evaluate()->mutable_result()->set_status(399);
  CHECK(exit_code_of(reply) == kSuccess);
}

TEST_CASE("a transaction that lost a conflict names its block and its validation code", "[cli]") {
  Reply reply = committed();
  reply.response.mutable_submit()->set_validation_code(protos::MVCC_READ_CONFLICT);
  CHECK(exit_code_of(reply) == kRefused);
  CHECK(failure_text(reply) == "transaction 4f9c in block 12 is not valid: MVCC_READ_CONFLICT");
}

TEST_CASE("only a connection's failure is 'unreachable'", "[cli]") {
  Reply reply;
  reply.error = {ccbus::UNAVAILABLE, "cannot reach", Origin::kConnection};
  CHECK(exit_code_of(reply) == kUnreachable);
  CHECK(failure_text(reply) == "UNAVAILABLE: cannot reach");
  reply.error.origin = Origin::kService;
  CHECK(exit_code_of(reply) == kRefused);
  reply.error = {ccbus::DEADLINE_EXCEEDED, "no answer", Origin::kClient};
  CHECK(exit_code_of(reply) == kRefused);
}
