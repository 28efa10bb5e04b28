#include "ccbus/client/endorsements.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"

namespace ccbus::client {
namespace {

// What services answer to one proposal, each with an endorsement of its own.
EndorseResponse answer(const std::string& results, const std::vector<std::string>& endorsers,
                       const std::string& transaction_id = "tx") {
  protos::ChaincodeActionPayload action;
  action.set_chaincode_proposal_payload("proposal");
  action.mutable_action()->set_proposal_response_payload(results);
  for (const std::string& endorser : endorsers) {
    protos::Endorsement& endorsement = *action.mutable_action()->add_endorsements();
    endorsement.set_endorser(endorser);
    endorsement.set_signature("signature of " + endorser);
  }
  protos::Transaction transaction;
  action.SerializeToString(transaction.add_actions()->mutable_payload());
  common::ChannelHeader channel;
  channel.set_tx_id(transaction_id);
  common::SignatureHeader creator;
  creator.set_creator("creator");
  common::Payload payload;
  channel.SerializeToString(payload.mutable_header()->mutable_channel_header());
  creator.SerializeToString(payload.mutable_header()->mutable_signature_header());
  transaction.SerializeToString(payload.mutable_data());
  EndorseResponse response;
  response.set_transaction_id(transaction_id);
  payload.SerializeToString(response.mutable_prepared_transaction()->mutable_payload());
  return response;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("endorsements of several services make one transaction", "[client][issue-16][row-334]") {
  const EndorseResponse combined =
      combine({answer("r", {"a"}), answer("r", {"b", "c"}), answer("r", {"a"})});
  CHECK(combined.transaction_id() == "tx");
  CHECK(endorsers_of(combined.prepared_transaction()) == Names{"a", "b", "c"});
  CHECK(combined.prepared_transaction().signature().empty());
  CHECK(creator_of(combined.prepared_transaction()) == "creator");
  const EndorseResponse one = combine({answer("r", {"a"})});
  CHECK(one.prepared_transaction().payload() ==
        answer("r", {"a"}).prepared_transaction().payload());
}

TEST_CASE("results that differ, and answers to other proposals, are not put together",
          "[client][issue-16][row-334]") {
  CHECK_THROWS_WITH(combine({answer("r", {"a"}), answer("s", {"b"})}),
                    "ProposalResponsePayloads do not match");
  CHECK_THROWS_WITH(combine({answer("r", {"a"}), answer("r", {"b"}, "other")}),
                    "the endorsements are not of one proposal");
  CHECK_THROWS_WITH(combine({}), "there is no endorsement");
  CHECK_THROWS_WITH(combine({EndorseResponse()}), "this is not an endorsed transaction");
}

}  // namespace ccbus::client
