// Two services, each with the keys of one organisation, where a policy needs both: the client
// collects the endorsements, and one alone is worth nothing.
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/client/endorsements.h"
#include "ccbus/client/identity.h"
#include "fabric/peer/transaction.pb.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/security/dev/crypto_tree.h"
#include "service/security/msp/msp_folder.h"
#include "tests/support/dealer.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Message = protos::ChaincodeMessage;

constexpr int kTimes = 1'000;
constexpr char kPolicy[] = "AND('Org1MSP.peer','Org2MSP.peer')";

// Organisations whose folders the services, their administrators and a client have.
struct Folders {
  Folders() { REQUIRE(security::write_crypto_tree({directory.path(), {"Org1", "Org2"}, {}})); }

  [[nodiscard]] std::filesystem::path of(const std::string& org) const {
    return directory.path() / "organizations" / "peerOrganizations" / (org + ".example.com");
  }
  [[nodiscard]] std::string peer(const std::string& org) const {
    return (of(org) / "peers" / ("peer0." + org + ".example.com") / "msp").string();
  }
  [[nodiscard]] client::Identity user(const std::string& org, const std::string& name) const {
    return client::Identity::from_msp_folder(
        of(org) / "users" / (name + "@" + org + ".example.com") / "msp",
        org == "org1" ? "Org1MSP" : "Org2MSP");
  }
  [[nodiscard]] ChannelConfig config() const {
    std::vector<msp::MSPConfig> organizations;
    for (const char* org : {"org1", "org2"}) {
      const auto read = security::read_msp_folder(
          of(org) / "msp", org == std::string("org1") ? "Org1MSP" : "Org2MSP");
      REQUIRE(read);
      organizations.emplace_back().set_config(read->config.SerializeAsString());
    }
    auto config = ledger::default_channel_config(organizations);
    REQUIRE(config);
    for (NamedPolicy& named : *config->mutable_policies()) {
      if (named.name() != "Endorsement") continue;
      named.mutable_policy()->set_type(common::Policy::SIGNATURE);
      named.mutable_policy()->set_value(
          ledger::parse_signature_policy(kPolicy)->SerializeAsString());
    }
    return *config;
  }

  TemporaryDirectory directory;
};

// One organisation's service, with a chaincode and a client of it.
class OneService {
 public:
  OneService(const Folders& folders, const std::string& org, const std::string& msp_id)
      : service_(
            {"peer.localMspId=" + msp_id, "peer.identities=" + msp_id + ":" + folders.peer(org)}),
        chaincode_(service_.chaincode_endpoint()),
        client_(options()) {
    chaincode_.register_as("basic");
    ClientRequest request;
    request.mutable_channel()->set_channel_id("mychannel");
    *request.mutable_channel()->mutable_configure()->mutable_config() = folders.config();
    const client::Reply reply = client_.call(std::move(request), 10s);
    REQUIRE(reply.response.submit().validation_code() == protos::VALID);
  }

  // Has the proposal endorsed; the chaincode writes this value.
  EndorseResponse endorse(const protos::SignedProposal& proposal, const std::string& value) {
    ClientRequest request;
    *request.mutable_endorse()->mutable_proposed_transaction() = proposal;
    const auto sent = client_.send(std::move(request));
    REQUIRE(sent.error.ok());
    const Message transaction = chaincode_.receive();
    protos::PutState put;
    put.set_key("k");
    put.set_value(value);
    chaincode_.send(in_transaction(transaction, Message::PUT_STATE, put.SerializeAsString()));
    REQUIRE(chaincode_.receive().type() == Message::RESPONSE);
    protos::Response response;
    response.set_status(200);
    chaincode_.send(in_transaction(transaction, Message::COMPLETED, response.SerializeAsString()));
    const auto reply = client_.receive(10s);
    REQUIRE(reply);
    REQUIRE(reply->error.ok());
    return reply->response.endorse();
  }

  client::Reply submit(const EndorseResponse& endorsed, const client::Identity& creator) {
    const client::SignedStep step = client::transaction_of(endorsed);
    return client_.submit_prepared(client::with_signature(step, creator.sign(step.bytes), endorsed),
                                   10s);
  }

 private:
  [[nodiscard]] client::Options options() const {
    client::Options options;
    options.endpoint = service_.client_endpoint();
    return options;
  }

  ServiceProcess service_;
  Dealer chaincode_;
  client::Client client_;
};

protos::SignedProposal proposal_of(const client::Identity& creator, const std::string& argument) {
  client::Invocation invocation;
  invocation.channel_id = "mychannel";
  invocation.chaincode_name = "basic";
  invocation.args = {"set", argument};
  const client::SignedStep step = client::make_proposal(invocation, creator);
  return client::with_signature(step, creator.sign(step.bytes));
}

// The endorsements of the one with the results of the other, as combine() would never put them.
EndorseResponse forced_together(EndorseResponse results_of, const EndorseResponse& endorsements) {
  common::Payload payload;
  common::Payload other_payload;
  protos::Transaction transaction;
  protos::Transaction other_transaction;
  protos::ChaincodeActionPayload action;
  protos::ChaincodeActionPayload other;
  common::Envelope& envelope = *results_of.mutable_prepared_transaction();
  REQUIRE(payload.ParseFromString(envelope.payload()));
  REQUIRE(transaction.ParseFromString(payload.data()));
  REQUIRE(action.ParseFromString(transaction.actions(0).payload()));
  REQUIRE(other_payload.ParseFromString(endorsements.prepared_transaction().payload()));
  REQUIRE(other_transaction.ParseFromString(other_payload.data()));
  REQUIRE(other.ParseFromString(other_transaction.actions(0).payload()));
  for (const auto& one : other.action().endorsements()) {
    *action.mutable_action()->add_endorsements() = one;
  }
  action.SerializeToString(transaction.mutable_actions(0)->mutable_payload());
  transaction.SerializeToString(payload.mutable_data());
  payload.SerializeToString(envelope.mutable_payload());
  return results_of;
}

TEST_CASE("What a policy wants of two organisations, two services endorse, and one alone does not",
          "[attacks][issue-16][row-334]") {
  const Folders folders;
  OneService first(folders, "org1", "Org1MSP");
  OneService second(folders, "org2", "Org2MSP");
  const client::Identity creator = folders.user("org1", "User1");
  std::mt19937 chance(16);

  const auto both = [&] {
    const auto proposal = proposal_of(creator, "both");
    const auto combined =
        client::combine({first.endorse(proposal, "v"), second.endorse(proposal, "v")});
    CHECK(client::endorsers_of(combined.prepared_transaction()).size() == 2);
    // An endorsement once more takes the place of the first.
    const auto once = client::with_endorsement(combined.prepared_transaction(), creator);
    const auto twice = client::with_endorsement(once, creator);
    CHECK(client::endorsers_of(twice).size() == 3);
    // Each has a ledger of its own.
    CHECK(first.submit(combined, creator).response.submit().validation_code() == protos::VALID);
    CHECK(second.submit(combined, creator).response.submit().validation_code() == protos::VALID);
  };
  both();
  for (int i = 0; i < kTimes; ++i) {
    const auto proposal = proposal_of(creator, std::to_string(chance()));
    const bool is_first = chance() % 2 == 0;
    OneService& one = is_first ? first : second;
    OneService& other = is_first ? second : first;
    EndorseResponse endorsed = one.endorse(proposal, "v" + std::to_string(chance()));
    const unsigned kind = chance() % 3;
    if (kind == 1) {  // The other one has other results.
      const EndorseResponse others = other.endorse(proposal, "w" + std::to_string(chance()));
      REQUIRE_THROWS_WITH(client::combine({endorsed, others}),
                          "ProposalResponsePayloads do not match");
      endorsed = forced_together(endorsed, others);
    } else if (kind == 2) {  // Somebody of the other organisation who is no peer.
      *endorsed.mutable_prepared_transaction() = client::with_endorsement(
          endorsed.prepared_transaction(),
          folders.user(is_first ? "org2" : "org1", chance() % 2 == 0 ? "User1" : "Admin"));
    }
    const client::Reply reply = one.submit(endorsed, creator);
    INFO("attempt " << i << ", kind " << kind);
    REQUIRE(reply.response.submit().validation_code() == protos::ENDORSEMENT_POLICY_FAILURE);
    REQUIRE_THAT(reply.error.message,
                 Contains(is_first ? "missing 'Org2MSP.peer'" : "missing 'Org1MSP.peer'"));
  }
  both();
}

}  // namespace
}  // namespace ccbus::test
