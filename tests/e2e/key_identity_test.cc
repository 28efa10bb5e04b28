// Clients with keys, and without identities of their own, as chaincode sees them.
#include <catch2/catch.hpp>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/security/crypto/pem.h"
#include "tests/support/dealer.h"
#include "tests/support/key_ring.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Message = protos::ChaincodeMessage;

// The creator of a transaction, as the shims read it.
msp::SerializedIdentity creator_of(const Message& transaction) {
  protos::Proposal proposal;
  common::Header header;
  common::SignatureHeader signature;
  msp::SerializedIdentity creator;
  REQUIRE(proposal.ParseFromString(transaction.proposal().proposal_bytes()));
  REQUIRE(header.ParseFromString(proposal.header()));
  REQUIRE(signature.ParseFromString(header.signature_header()));
  REQUIRE(creator.ParseFromString(signature.creator()));
  return creator;
}

// Runs one transaction of a client, and returns its creator.
msp::SerializedIdentity creator_for(const ServiceProcess& service, const curve::Keys& chaincode_key,
                                    const curve::Keys& client_key) {
  Dealer chaincode(service.chaincode_endpoint(), chaincode_key);
  chaincode.register_as("basic");
  Dealer client(service.client_endpoint(), client_key);
  client.send(evaluate(1, "basic"));
  const Message transaction = chaincode.receive();
  protos::Response response;
  response.set_status(200);
  chaincode.send(in_transaction(transaction, Message::COMPLETED, response.SerializeAsString()));
  CHECK(client.receive_response().status().code() == ccbus::OK);
  return creator_of(transaction);
}

TEST_CASE("chaincode tells the keys of clients apart, also after a restart",
          "[e2e][issue-16][row-331]") {
  const TemporaryDirectory directory;
  KeyRing ring;
  const curve::Keys basic = ring.allow("basic", {{"register", "basic"}, {"channels", "*"}});
  const curve::Keys shop = ring.allow("shop", {{"rights", "client"}, {"channels", "*"}});
  const KeyRing::Metadata of_auditor = {
      {"rights", "client"}, {"channels", "*"}, {"attributes", "role=auditor,dept=7"}};
  const curve::Keys auditor = ring.allow("auditor", of_auditor);
  auto settings = ring.settings();
  settings.push_back("peer.localMspId=Org1MSP");
  settings.push_back("ledger.directory=" + (directory.path() / "ledger").string());
  ServiceProcess service(settings);

  const auto of_shop = creator_for(service, basic, shop);
  const auto of_auditor_before = creator_for(service, basic, auditor);
  CHECK(of_shop.mspid() == "Org1MSP");
  CHECK(of_auditor_before.mspid() == "Org1MSP");
  CHECK(of_shop.id_bytes() != of_auditor_before.id_bytes());
  const auto pem = security::decode_pem(of_auditor_before.id_bytes());
  REQUIRE(pem);
  const std::string certificate(pem->bytes.begin(), pem->bytes.end());
  CHECK_THAT(certificate, Contains("auditor") && Contains(R"("role":"auditor")") &&
                              Contains(R"("dept":"7")") &&
                              Contains(R"("hf.EnrollmentID":"auditor")"));
  CHECK_THAT(certificate, !Contains("shop"));

  CHECK(service.stop() == 0);
  ring.revoke("auditor");
  service.start_again();
  CHECK(creator_for(service, basic, shop).id_bytes() == of_shop.id_bytes());
  CHECK(service.stop() == 0);
  ring.permit("auditor", auditor, of_auditor);
  service.start_again();
  CHECK(creator_for(service, basic, auditor).id_bytes() == of_auditor_before.id_bytes());
}

}  // namespace
}  // namespace ccbus::test
