#include "service/gateway/admin/qscc.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/common/ledger.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/ledger/block/block.h"
#include "tests/support/organizations_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Args = std::vector<std::string>;

// A channel of two organisations with three blocks; a client of the second one asks.
struct QueryRig : OrganizationsRig {
  QueryRig() : OrganizationsRig({"one", "two"}) {}

  ccbus::Invocation call(const std::string& name, const Args& args) {
    ccbus::Invocation made;
    made.set_channel_id(kChannel.value);
    made.set_chaincode_name(name);
    for (const std::string& arg : args) made.add_args(arg);
    return made;
  }
  protos::SignedProposal signed_by(const security::SigningIdentity& signer,
                                   const ccbus::Invocation& invocation) {
    const gateway::ProposalBuilder builder(signer, gateway::random_bytes);
    auto proposal = builder.build(invocation, chaincode.now().wall).signed_proposal;
    REQUIRE(gateway::sign(proposal, signer));
    return proposal;
  }
  ccbus::ClientResponse ask(const ccbus::ClientRequest& question) {
    answers().clear();
    request(question);
    chaincode.run_jobs();
    REQUIRE(answers().size() == 1);
    return answers()[0];
  }
  ccbus::ClientResponse evaluate(const protos::SignedProposal& proposal) {
    ccbus::ClientRequest question;
    *question.mutable_evaluate()->mutable_proposed_transaction() = proposal;
    return ask(question);
  }
  // A call that the client signs, or that nobody does.
  ccbus::ClientResponse query(const Args& args) {
    ccbus::ClientRequest question;
    const auto invocation = call("qscc", args);
    if (is_signed) return evaluate(signed_by(theirs.client(), invocation));
    *question.mutable_evaluate()->mutable_invocation() = invocation;
    return ask(question);
  }
  // The text of the failure of a call.
  std::string failure(const Args& args) {
    const auto answer = query(args);
    CHECK(answer.status().code() == ccbus::UNKNOWN);
    CHECK(answer.evaluate().result().status() == 500);
    CHECK(answer.status().message() ==
          "evaluate call to endorser returned error: chaincode response 500, " +
              answer.evaluate().result().message());
    return answer.evaluate().result().message();
  }
  template <class Message>
  Message found(const Args& args) {
    const auto answer = query(args);
    CHECK_FALSE(answer.has_status());
    CHECK(answer.evaluate().result().status() == 200);
    CHECK(answer.height() == 3);
    Message message;
    REQUIRE(message.ParseFromString(answer.evaluate().result().payload()));
    return message;
  }
  std::uint64_t number_of(const Args& args) { return found<common::Block>(args).header().number(); }

  bool is_signed = true;
};

TEST_CASE("qscc answers from the ledger, to who signs and to who does not",
          "[gateway][issue-17][row-340]") {
  QueryRig rig;
  rig.is_signed = GENERATE(true, false);
  const auto& ledger = rig.ledger.ledger();
  const std::string& ch = kChannel.value;

  const auto info = rig.found<common::BlockchainInfo>({"GetChainInfo", ch});
  CHECK(info.height() == 3);
  CHECK(info.currentblockhash() == ledger.last_block_hash());
  CHECK(info.previousblockhash() == (**ledger.block(2)).header().previous_hash());

  CHECK(rig.found<common::Block>({"GetBlockByNumber", ch, "1"}).SerializeAsString() ==
        (**ledger.block(1)).SerializeAsString());
  CHECK(rig.number_of({"GetBlockByNumber", ch, "18446744073709551615"}) == 2);  // The newest.

  for (std::uint64_t number = 0; number < 3; ++number) {
    const std::string hash = ledger::header_hash((**ledger.block(number)).header());
    CHECK(rig.number_of({"GetBlockByHash", ch, hash}) == number);
  }
  CHECK(rig.number_of({"GetBlockByTxID", ch, rig.transactions[1]}) == 1);

  const auto transaction =
      rig.found<protos::ProcessedTransaction>({"GetTransactionByID", ch, rig.transactions[0]});
  CHECK(transaction.validationcode() == protos::VALID);
  CHECK(transaction.transactionenvelope().SerializeAsString() ==
        (**ledger.block(0)).data().data(0));
}

TEST_CASE("qscc fails in Fabric's words", "[gateway][issue-17][row-340]") {
  QueryRig rig;
  rig.is_signed = GENERATE(true, false);
  const std::string& ch = kChannel.value;
  CHECK(rig.failure({"GetChainInfo"}) == "Incorrect number of arguments, 1");
  CHECK(rig.failure({"GetBlockByNumber", ch}) == "missing 3rd argument for GetBlockByNumber");
  CHECK(rig.failure({"GetChainInfo", "other"}) == "Invalid chain ID, other");
  CHECK(rig.failure({"Get", ch, "1"}) == "Requested function Get not found.");
  CHECK(
      rig.failure({"GetBlockByNumber", ch, "one"}) ==
      "Failed to parse block number with error strconv.ParseUint: parsing \"one\": invalid syntax");
  CHECK(rig.failure({"GetBlockByNumber", ch, ""}) ==
        "Failed to parse block number with error strconv.ParseUint: parsing \"\": invalid syntax");
  CHECK(rig.failure({"GetBlockByNumber", ch, "18446744073709551616"}) ==
        "Failed to parse block number with error strconv.ParseUint: parsing "
        "\"18446744073709551616\": value out of range");
  CHECK(rig.failure({"GetBlockByNumber", ch, "3"}) ==
        "Failed to get block number 3, error no such block number [3] in index");
  CHECK(rig.failure({"GetBlockByHash", ch, "none"}) ==
        "Failed to get block hash none, error no such block hash [6e6f6e65] in index");
  CHECK(rig.failure({"GetBlockByHash", ch, ""}) == "Block hash must not be nil.");
  CHECK(rig.failure({"GetBlockByTxID", ch, "none"}) ==
        "Failed to get block for txID none, error no such transaction ID [none] in index");
  CHECK(rig.failure({"GetTransactionByID", ch, "none"}) ==
        "Failed to get transaction with id none, error no such transaction ID [none] in index");
  CHECK(rig.failure({"GetTransactionByID", ch, ""}) == "Transaction ID must not be nil.");
}

TEST_CASE("who is no Reader is told nothing by qscc", "[gateway][attacks][issue-17][row-340]") {
  QueryRig rig;
  const auto call = rig.call("qscc", {"GetChainInfo", kChannel.value});
  const auto stranger = *security::DevIdentities::make("Org9MSP");
  const auto impostor = *security::DevIdentities::make("Org2MSP");
  for (const auto* signer : {&stranger.client(), &impostor.client()}) {
    const auto answer = rig.evaluate(rig.signed_by(*signer, call));
    CHECK(answer.status().code() == ccbus::FAILED_PRECONDITION);
    CHECK_THAT(answer.status().message(), Contains("access denied: channel [ch1] creator org"));
    CHECK(answer.evaluate().result().payload().empty());
  }
  auto garbled = rig.signed_by(rig.theirs.client(), call);
  garbled.mutable_signature()->back() ^= 1;
  CHECK(rig.evaluate(garbled).status().code() == ccbus::FAILED_PRECONDITION);

  auto elsewhere = call;
  elsewhere.set_channel_id("other");
  const auto answer = rig.evaluate(rig.signed_by(rig.theirs.client(), elsewhere));
  CHECK(answer.status().code() == ccbus::NOT_FOUND);
}

TEST_CASE("what may not read is refused by the Readers policy, in qscc's words",
          "[gateway][attacks][row-340]") {
  LedgerRig rig;
  rig.write({{"a", "1"}});
  protos::ChaincodeInput input;
  input.add_args("GetChainInfo");
  input.add_args(kChannel.value);
  const auto refused = gateway::answer_qscc(
      rig.ledger(), input, [] { return Result<void>(fail(ErrorCode::kDenied, "no Reader")); });
  CHECK(refused.status() == 500);
  CHECK(refused.message() == "access denied for [GetChainInfo][ch1]: [no Reader]");
  CHECK(refused.payload().empty());
}

TEST_CASE("system chaincodes are refused with what does their work", "[gateway][row-341]") {
  QueryRig rig;
  const auto refusal = [&](const ccbus::ClientRequest& question) {
    const auto answer = rig.ask(question);
    CHECK(answer.status().code() == ccbus::UNIMPLEMENTED);
    return answer.status().message();
  };
  for (const char* name : {"_lifecycle", "lscc", "cscc", "escc", "vscc"}) {
    const auto call = rig.call(name, {"f"});
    const std::string begin =
        "the system chaincode " + std::string(name) + " cannot be called here: ";
    ccbus::ClientRequest unsigned_one;
    *unsigned_one.mutable_evaluate()->mutable_invocation() = call;
    CHECK_THAT(refusal(unsigned_one), Contains(begin));
    ccbus::ClientRequest evaluate;
    *evaluate.mutable_evaluate()->mutable_proposed_transaction() =
        rig.signed_by(rig.theirs.client(), call);
    CHECK_THAT(refusal(evaluate), Contains(begin));
  }
  const auto call = rig.call("qscc", {"GetChainInfo", kChannel.value});
  ccbus::ClientRequest endorse;
  *endorse.mutable_endorse()->mutable_proposed_transaction() =
      rig.signed_by(rig.theirs.client(), call);
  CHECK(refusal(endorse) ==
        "the system chaincode qscc cannot be called here: it only answers queries: evaluate it");
  ccbus::ClientRequest submit;
  *submit.mutable_submit()->mutable_invocation() = call;
  CHECK_THAT(refusal(submit), Contains("it only answers queries"));
  CHECK(rig.gateway.requests_open() == 0);
}

}  // namespace
}  // namespace ccbus::test
