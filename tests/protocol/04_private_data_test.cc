// Private data over real sockets, from the definition of their collection to their purge.
#include <openssl/sha.h>

#include "tests/support/network.h"
#include "tests/support/refusal_reason.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;

ccbus::ClientRequest define(const std::vector<std::string>& members, bool init_required = false) {
  ccbus::ClientRequest request;
  request.set_correlation_id(100);
  request.mutable_define()->set_channel_id("mychannel");
  auto& definition = *request.mutable_define()->mutable_definition();
  definition.set_name("basic");
  definition.set_version("1.0");
  definition.set_init_required(init_required);
  for (const std::string& member : members) {
    auto& collection = *definition.add_collections();
    collection.set_name("of" + member);
    collection.set_policy("OR('" + member + ".member')");
    collection.set_member_only_read(true);
    collection.set_member_only_write(true);
  }
  return request;
}

std::string sha256(const std::string& bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// What the endorser says in the next answer.
std::string refusal_of(Network& net) {
  const ccbus::ClientResponse answer = net.client.receive_response();
  REQUIRE(answer.status().code() == ccbus::ABORTED);
  return reason_of(answer);
}

std::string hash_of(Network& net, const ChaincodeMessage& transaction,
                    const std::string& collection, const std::string& key) {
  protos::GetState payload;
  payload.set_key(key);
  payload.set_collection(collection);
  return net.answer(transaction, ChaincodeMessage::GET_PRIVATE_DATA_HASH, payload);
}

TEST_CASE("private data are written, read, hashed and purged by a member",
          "[protocol][row-70][row-80][row-149]") {
  Network net;
  net.client.send(define({"DevMSP", "OtherMSP"}));
  REQUIRE(net.client.receive_response().submit().validation_code() == protos::VALID);

  const auto writer = net.begin(1);
  net.put(writer, "k", "secret", "ofDevMSP");
  CHECK(net.get(writer, "k", "ofDevMSP").empty());  // Reads do not return own writes.
  net.commit(writer);

  const auto reader = net.begin(2);
  CHECK(net.get(reader, "k", "ofDevMSP") == "secret");
  CHECK(net.get(reader, "k").empty());
  CHECK(hash_of(net, reader, "ofDevMSP", "k") == sha256("secret"));
  CHECK(hash_of(net, reader, "ofOtherMSP", "k").empty());
  protos::GetStateByRange range;
  range.set_collection("ofDevMSP");
  CHECK(
      parsed<protos::QueryResponse>(net.answer(reader, ChaincodeMessage::GET_STATE_BY_RANGE, range))
          .results_size() == 1);
  net.commit(reader);

  const auto purger = net.begin(3);
  protos::DelState purge;
  purge.set_key("k");
  purge.set_collection("ofDevMSP");
  CHECK(net.answer(purger, ChaincodeMessage::PURGE_PRIVATE_DATA, purge).empty());
  net.commit(purger);
  const auto last = net.begin(4);
  CHECK(net.get(last, "k", "ofDevMSP").empty());
  CHECK(hash_of(net, last, "ofDevMSP", "k").empty());
  net.commit(last);
}

TEST_CASE("private data of others, and of no collection, are refused",
          "[protocol][row-72][row-73][row-74][row-86]") {
  Network net;
  net.client.send(define({"OtherMSP"}));
  REQUIRE(net.client.receive_response().submit().validation_code() == protos::VALID);
  const auto transaction = net.begin(1);
  const auto refusal = [&](ChaincodeMessage::Type type, const std::string& collection) {
    protos::PutState payload;  // It can be decoded as GetState and DelState, too.
    payload.set_key("k");
    protos::GetState other;
    other.set_key("k");
    payload.set_collection(collection);
    other.set_collection(collection);
    const auto reply = type == ChaincodeMessage::PUT_STATE ? net.ask(transaction, type, payload)
                                                           : net.ask(transaction, type, other);
    REQUIRE(reply.type() == ChaincodeMessage::ERROR);
    return reply.payload();
  };
  const std::string who =
      " access permission on privatedata in chaincodeName:basic "
      "collectionName: ofOtherMSP";
  CHECK_THAT(refusal(ChaincodeMessage::GET_STATE, "ofOtherMSP"),
             Contains("tx creator does not have read" + who));
  CHECK_THAT(refusal(ChaincodeMessage::PUT_STATE, "ofOtherMSP"),
             Contains("tx creator does not have write" + who));
  CHECK_THAT(refusal(ChaincodeMessage::DEL_STATE, "ofOtherMSP"),
             Contains("tx creator does not have write" + who));
  CHECK_THAT(refusal(ChaincodeMessage::GET_STATE, "nowhere"),
             Contains("collection mychannel/basic/nowhere could not be found"));
  CHECK_THAT(refusal(ChaincodeMessage::PURGE_PRIVATE_DATA, ""),
             Contains("only applicable for private data"));
  net.commit(transaction);
}

TEST_CASE("the implicit collection of another organisation keeps nothing here but hashes",
          "[protocol][row-216]") {
  Network net;
  const auto writer = net.begin(1);
  net.put(writer, "k", "secret", "_implicit_org_OtherMSP");
  net.put(writer, "k", "own", "_implicit_org_DevMSP");
  net.commit(writer);

  const auto reader = net.begin(2);
  CHECK(net.get(reader, "k", "_implicit_org_DevMSP") == "own");
  CHECK(hash_of(net, reader, "_implicit_org_OtherMSP", "k") == sha256("secret"));
  protos::GetState get;
  get.set_key("k");
  get.set_collection("_implicit_org_OtherMSP");
  const auto refused = net.ask(reader, ChaincodeMessage::GET_STATE, get);
  CHECK(refused.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(refused.payload(),
             Contains("private data matching public hash version is not available. Public hash "
                      "version = {BlockNum: 0, TxNum: 0}, Private data version = <nil>"));
}

TEST_CASE("where it is required, INIT comes first and touches no private data",
          "[protocol][row-71][row-120][row-121]") {
  Network net;
  net.client.send(define({"DevMSP"}, true));
  REQUIRE(net.client.receive_response().submit().validation_code() == protos::VALID);
  net.client.send(submit(1, "basic"));
  CHECK_THAT(refusal_of(net),
             Contains("has not been initialized for this version, must call as init first"));
  auto init = submit(2, "basic");
  init.mutable_submit()->mutable_invocation()->set_is_init(true);
  net.client.send(init);
  const auto transaction = net.chaincode.receive();
  REQUIRE(transaction.type() == ChaincodeMessage::INIT);
  protos::GetState get;
  get.set_key("k");
  get.set_collection("ofDevMSP");
  CHECK_THAT(net.ask(transaction, ChaincodeMessage::GET_STATE, get).payload(),
             Contains("private data APIs are not allowed in chaincode Init()"));
  net.commit(transaction);
  net.client.send(init);
  CHECK_THAT(refusal_of(net), Contains("is already initialized but called as init"));
  net.commit(net.begin(3));
}

}  // namespace
}  // namespace ccbus::test
