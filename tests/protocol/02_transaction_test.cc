#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>

#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "tests/support/network.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;

TEST_CASE("a submit is answered once its block is written, and is read by the next",
          "[protocol][row-112]") {
  Network net;
  const auto first = net.begin(7);
  CHECK(first.type() == ChaincodeMessage::TRANSACTION);
  CHECK(first.channel_id() == "mychannel");
  CHECK(parsed<protos::ChaincodeInput>(first.payload()).args(0) == "f");
  CHECK(net.get(first, "k").empty());
  net.put(first, "k", "v");
  net.complete(first, 200, "result");
  const auto answer = net.client.receive_response();
  CHECK(answer.correlation_id() == 7);
  CHECK_FALSE(answer.has_status());
  CHECK(answer.submit().transaction_id() == first.txid());
  CHECK(answer.submit().validation_code() == protos::VALID);
  CHECK(answer.submit().block_number() == 0);
  CHECK(answer.submit().result().payload() == "result");

  const auto second = net.begin(8);
  CHECK(net.get(second, "k") == "v");
  net.complete(second);
  CHECK(net.client.receive_response().submit().block_number() == 1);
}

TEST_CASE("the proposal is what stock shims read: headers, creator, timestamp, transient data",
          "[protocol]") {
  Network net;
  auto request = submit(1, "basic");
  (*request.mutable_submit()->mutable_invocation()->mutable_transient())["secret"] = "s3cret";
  net.client.send(request);
  const auto transaction = net.chaincode.receive();

  CHECK_FALSE(transaction.proposal().signature().empty());
  const auto proposal = parsed<protos::Proposal>(transaction.proposal().proposal_bytes());
  const auto header = parsed<common::Header>(proposal.header());
  const auto channel = parsed<common::ChannelHeader>(header.channel_header());
  CHECK(channel.type() == common::ENDORSER_TRANSACTION);
  CHECK(channel.channel_id() == "mychannel");
  CHECK(channel.tx_id() == transaction.txid());
  CHECK(channel.epoch() == 0);
  CHECK(channel.timestamp().seconds() > 1'700'000'000);
  const auto extension = parsed<protos::ChaincodeHeaderExtension>(channel.extension());
  CHECK(extension.chaincode_id().name() == "basic");

  const auto signature = parsed<common::SignatureHeader>(header.signature_header());
  CHECK(signature.nonce().size() == 24);
  const std::string bound = signature.nonce() + signature.creator();
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bound.data()), bound.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  std::string hex;
  for (const char c : digest) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(c));
    hex += digits;
  }
  CHECK(hex == transaction.txid());

  const auto creator = parsed<msp::SerializedIdentity>(signature.creator());
  CHECK(creator.mspid() == "DevMSP");
  BIO* in = BIO_new_mem_buf(creator.id_bytes().data(), static_cast<int>(creator.id_bytes().size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  CHECK(certificate != nullptr);
  X509_free(certificate);
  BIO_free(in);

  const auto payload = parsed<protos::ChaincodeProposalPayload>(proposal.payload());
  CHECK(payload.transientmap().at("secret") == "s3cret");
}

TEST_CASE("an evaluate is answered and leaves no trace", "[protocol]") {
  Network net;
  net.client.send(evaluate(3, "basic"));
  const auto transaction = net.chaincode.receive();
  net.put(transaction, "k", "v");
  net.complete(transaction, 200, "result");
  const auto answer = net.client.receive_response();
  CHECK(answer.evaluate().result().payload() == "result");
  const auto next = net.begin(4);
  CHECK(net.get(next, "k").empty());
}

TEST_CASE("the chaincode's own error reaches the client whole, and nothing is ordered",
          "[protocol][row-123]") {
  Network net;
  const auto transaction = net.begin(1);
  net.put(transaction, "k", "v");
  net.complete(transaction, 500, "details", "there is no such asset");
  const auto answer = net.client.receive_response();
  CHECK(answer.status().code() == ccbus::ABORTED);
  CHECK(answer.status().message() ==
        "failed to endorse transaction, see attached details for more info");
  REQUIRE(answer.status().details_size() == 1);
  const ccbus::ErrorDetail& detail = answer.status().details(0);
  CHECK("tcp://" + detail.address() == net.service.client_endpoint());
  CHECK(detail.msp_id() == "DevMSP");
  CHECK(detail.message() == "chaincode response 500, there is no such asset");
  CHECK(answer.submit().result().status() == 500);
  CHECK(answer.submit().result().payload() == "details");
  CHECK(answer.submit().validation_code() == protos::NOT_VALIDATED);
  ccbus::ClientRequest status;
  status.mutable_status();
  net.client.send(status);
  CHECK(net.client.receive_response().service_status().channels(0).height() == 0);
}

TEST_CASE("a conflict names the key and both versions", "[protocol]") {
  Network net;
  const auto setup = net.begin(1);
  net.put(setup, "k", "0");
  net.complete(setup);
  CHECK(net.client.receive_response().submit().validation_code() == protos::VALID);

  const auto winner = net.begin(2);
  const auto loser = net.begin(3);
  for (const auto& transaction : {winner, loser}) {
    CHECK(net.get(transaction, "k") == "0");
    net.put(transaction, "k", "1");
  }
  net.complete(winner);
  CHECK(net.client.receive_response().submit().validation_code() == protos::VALID);
  net.complete(loser);
  const auto answer = net.client.receive_response();
  CHECK(answer.correlation_id() == 3);
  CHECK(answer.submit().validation_code() == protos::MVCC_READ_CONFLICT);
  CHECK(answer.status().code() == ccbus::ABORTED);
  CHECK_THAT(answer.status().message(),
             Contains("status code 11 (MVCC_READ_CONFLICT)") && Contains("key 'k'") &&
                 Contains("read at version (0,0)") && Contains("at version (1,0) now"));
}

TEST_CASE("a range comes in batches that are never empty", "[protocol][row-97]") {
  Network net;
  const auto setup = net.begin(1);
  for (int i = 0; i < 101; ++i) net.put(setup, "k" + std::to_string(1000 + i), "v");
  net.complete(setup);
  static_cast<void>(net.client.receive_response());

  const auto transaction = net.begin(2);
  const auto page = parsed<protos::QueryResponse>(
      net.ask(transaction, ChaincodeMessage::GET_STATE_BY_RANGE, protos::GetStateByRange())
          .payload());
  CHECK(page.results_size() == 100);
  CHECK(page.has_more());
  protos::QueryStateNext next;
  next.set_id(page.id());
  const auto rest = parsed<protos::QueryResponse>(
      net.ask(transaction, ChaincodeMessage::QUERY_STATE_NEXT, next).payload());
  CHECK(rest.results_size() == 1);
  CHECK_FALSE(rest.has_more());
}

TEST_CASE("an event travels with the answer", "[protocol]") {
  Network net;
  const auto transaction = net.begin(1);
  protos::Response response;
  response.set_status(200);
  auto completed =
      in_transaction(transaction, ChaincodeMessage::COMPLETED, response.SerializeAsString());
  completed.mutable_chaincode_event()->set_event_name("sold");
  completed.mutable_chaincode_event()->set_payload("a1");
  net.chaincode.send(completed);
  const auto answer = net.client.receive_response();
  CHECK(answer.submit().event().event_name() == "sold");
  CHECK(answer.submit().event().chaincode_id() == "basic");
  CHECK(answer.submit().event().tx_id() == transaction.txid());
}

}  // namespace
}  // namespace ccbus::test
