#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <random>
#include <string>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/gateway/access/time_window.h"
#include "service/gateway/events/block_scan.h"
#include "service/gateway/events/open_seeks.h"
#include "service/gateway/events/seek.h"
#include "tests/support/organizations_rig.h"
#include "tests/support/seek_request.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using Request = ccbus::BlockEventsRequest;
constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

// A client of the second organisation that asks for blocks: 0 and 1 have an event each, 2 is the
// configuration.
struct SeekingRig : OrganizationsRig {
  explicit SeekingRig(const Prepare& prepare = {}) : OrganizationsRig({"one", "two"}, prepare) {}

  [[nodiscard]] SeekRequest seek(std::uint64_t first, std::uint64_t last) const {
    SeekRequest made(kChannel.value, chaincode.now().wall);
    made.from_to(first, last);
    return made;
  }
  ccbus::ClientResponse ask(const SeekRequest& asked) {
    return ask(asked.signed_by(theirs.client()));
  }
  // Returns the answer; one with the code CANCELLED if the request waits.
  ccbus::ClientResponse ask(const ccbus::ClientRequest& question, PeerId client = PeerId{1}) {
    auto& answered = clients.answers[client];
    answered.clear();
    request_of(client, question);
    chaincode.run_jobs();
    chaincode.run_jobs();
    if (!answered.empty()) return answered[0];
    CHECK(gateway.requests_open() == 1);
    ccbus::ClientRequest cancel;
    cancel.mutable_cancel()->set_correlation_id(5);
    request_of(client, cancel);
    REQUIRE(answered.size() == 2);
    return answered[0];
  }
  // The numbers of the blocks that are answered, with a dot if the last one was reached.
  std::string blocks(const ccbus::ClientResponse& answer) {
    if (answer.has_status()) return ccbus::StatusCode_Name(answer.status().code());
    std::string numbers;
    for (const auto& block : answer.block_events().blocks()) {
      numbers += std::to_string(block.header().number());
    }
    for (const auto& block : answer.block_events().filtered_blocks()) {
      numbers += std::to_string(block.block_number());
    }
    return numbers + (answer.block_events().done() ? "." : "");
  }
  std::string blocks(const SeekRequest& asked) { return blocks(ask(asked)); }
};

// The request that goes on where an answer has ended.
ccbus::ClientRequest going_on(ccbus::ClientRequest request, const ccbus::ClientResponse& answer) {
  request.mutable_block_events()->set_block_number(answer.block_events().next_block_number());
  request.mutable_block_events()->set_last_block_number(answer.block_events().last_block_number());
  return request;
}

void check_refused(const ccbus::ClientResponse& answer, ccbus::StatusCode code,
                   const std::string& text) {
  CHECK(answer.status().code() == code);
  CHECK_THAT(answer.status().message(), Contains(text));
}

TEST_CASE("a Reader receives the blocks that its seek names", "[gateway][issue-17][row-336]") {
  SeekingRig rig;
  CHECK(rig.blocks(rig.seek(0, 0)) == "0.");
  CHECK(rig.blocks(rig.seek(1, 2)) == "12.");
  CHECK(rig.blocks(rig.seek(1, 9)) == "12");
  CHECK(rig.blocks(rig.seek(3, 3)) == "CANCELLED");  // It waits.
  const auto answer = rig.ask(rig.seek(0, kNoEnd));
  CHECK(rig.blocks(answer) == "012");
  CHECK(answer.block_events().next_block_number() == 3);
  CHECK(answer.block_events().last_block_number() == kNoEnd);
  CHECK(answer.block_events().blocks(0).SerializeAsString() ==
        (**rig.ledger.ledger().block(0)).SerializeAsString());

  auto asked = rig.seek(0, 0);
  asked.seek.mutable_start()->mutable_oldest();
  asked.seek.mutable_stop()->mutable_oldest();
  CHECK(rig.blocks(asked) == "0.");
  asked.seek.mutable_stop()->mutable_newest();
  CHECK(rig.blocks(asked) == "012.");
  asked.seek.mutable_start()->mutable_newest();
  CHECK(rig.blocks(asked) == "2.");
  asked.seek.mutable_start()->mutable_next_commit();
  asked.seek.mutable_stop()->mutable_specified()->set_number(kNoEnd);
  CHECK(rig.blocks(asked) == "CANCELLED");
}

TEST_CASE("a seek goes on where an answer has ended, up to the block that was the newest",
          "[gateway][issue-17][row-336]") {
  SeekingRig rig;
  auto asked = rig.seek(0, 0);
  asked.seek.mutable_start()->mutable_oldest();
  asked.seek.mutable_stop()->mutable_newest();
  const auto request = asked.signed_by(rig.theirs.client());
  const auto answer = rig.ask(request);
  CHECK(answer.block_events().last_block_number() == 2);
  static_cast<void>(rig.ledger.commit_envelopes({{TxId{"later"}, "no transaction", {}}}));
  auto again = going_on(request, answer);
  CHECK(rig.blocks(rig.ask(again)) == ".");  // Block 3 is not asked for.
  again.mutable_block_events()->set_block_number(1);
  CHECK(rig.blocks(rig.ask(again)) == "12.");
  again.mutable_block_events()->clear_last_block_number();
  check_refused(rig.ask(again), ccbus::INVALID_ARGUMENT, "go together");
}

TEST_CASE("a seek that does not wait ends at the first block that is not there",
          "[gateway][issue-17][row-336]") {
  SeekingRig rig;
  auto asked = rig.seek(1, kNoEnd);
  asked.seek.set_behavior(orderer::SeekInfo::FAIL_IF_NOT_READY);
  const auto request = asked.signed_by(rig.theirs.client());
  const auto answer = rig.ask(request);
  CHECK(rig.blocks(answer) == "12");
  check_refused(rig.ask(going_on(request, answer)), ccbus::NOT_FOUND, "Block 3 not found");
  asked.from_to(3, 3);
  check_refused(rig.ask(asked), ccbus::NOT_FOUND, "Block 3 not found");
  asked.from_to(2, 2);
  const auto last = rig.ask(asked);
  CHECK(rig.blocks(last) == "2.");
  CHECK(rig.blocks(rig.ask(going_on(asked.signed_by(rig.theirs.client()), last))) == ".");
}

TEST_CASE("filtered blocks for a signer have types, codes and events without payloads",
          "[gateway][issue-17][row-336]") {
  SeekingRig rig;
  auto asked = rig.seek(0, 1);
  asked.content = Request::FILTERED;
  const auto answer = rig.ask(asked);
  CHECK(rig.blocks(answer) == "01.");
  CHECK(answer.block_events().blocks_size() == 0);
  const auto& transaction = answer.block_events().filtered_blocks(1).transactions(0);
  CHECK(transaction.transaction_id() == rig.transactions[1]);
  CHECK(transaction.type() == common::ENDORSER_TRANSACTION);
  CHECK(transaction.validation_code() == protos::VALID);
  CHECK(transaction.event().event_name() == "two");
  CHECK(transaction.event().payload().empty());
}

TEST_CASE("a seek that is not sound is refused", "[gateway][issue-17][row-337]") {
  SeekingRig rig;
  const auto refusal = [&](const std::function<void(SeekRequest&)>& change) {
    auto asked = rig.seek(1, 1);
    change(asked);
    const auto answer = rig.ask(asked);
    CHECK(answer.status().code() == ccbus::INVALID_ARGUMENT);
    return answer.status().message();
  };
  CHECK(refusal([](SeekRequest& asked) { asked.from_to(2, 1); }) ==
        "invalid seek: start number 2 greater than stop number 1");
  CHECK(refusal([](SeekRequest& asked) { asked.seek.clear_start(); }) ==
        "invalid seek: a start and a stop are required");
  CHECK(refusal([](SeekRequest& asked) { asked.seek.clear_stop(); }) ==
        "invalid seek: a start and a stop are required");
  CHECK(refusal([](SeekRequest& asked) { asked.seek.mutable_start()->Clear(); }) ==
        "invalid seek: the start position has no type");
  CHECK(refusal([](SeekRequest& asked) { asked.seek.mutable_stop()->Clear(); }) ==
        "invalid seek: the stop position has no type");
  CHECK(refusal([](SeekRequest& asked) { asked.seek.mutable_stop()->mutable_next_commit(); }) ==
        "invalid seek: a seek cannot stop at next_commit");
  CHECK(refusal([](SeekRequest& asked) {
          asked.seek.set_content_type(orderer::SeekInfo::HEADER_WITH_SIG);
        }) == "invalid seek: only whole blocks are delivered (content_type BLOCK)");
  CHECK(refusal([](SeekRequest& asked) { asked.header.set_type(common::ENDORSER_TRANSACTION); }) ==
        "invalid seek: the header's type is 3, and not 5 (DELIVER_SEEK_INFO)");
  CHECK(refusal([](SeekRequest& asked) { asked.header.clear_channel_id(); }) ==
        "invalid seek: no channel ID provided");
  CHECK(refusal([](SeekRequest& asked) { asked.header.clear_timestamp(); }) ==
        "invalid seek: channel header in envelope must contain timestamp");

  auto request = rig.seek(1, 1).signed_by(rig.theirs.client());
  auto& blocks = *request.mutable_block_events();
  std::string text;
  SECTION("with the channel beside it") {
    blocks.set_channel_id(kChannel.value);
    text = "stands in the signed request";
  }
  SECTION("that ends where it does not begin") {
    blocks.set_last_block_number(1);
    text = "go together";
  }
  SECTION("that cannot be read") {
    blocks.mutable_signed_request()->set_payload("\xff");
    text = "its payload is no common.Payload";
  }
  SECTION("without a payload") {
    blocks.mutable_signed_request()->clear_payload();
    text = "the envelope has no header";
  }
  SECTION("that is too large") {
    blocks.mutable_signed_request()->mutable_payload()->resize(gateway::kSeekBytesMax + 1);
    text = "exceeds the limit of 65536";
  }
  SECTION("filtered, with private data") {
    blocks.set_content(Request::WITH_PRIVATE_DATA);
    blocks.set_filtered(true);
    text = "not both";
  }
  check_refused(rig.ask(request), ccbus::INVALID_ARGUMENT, text);
}

TEST_CASE("a seek begins within 15 minutes, and goes on for longer on its connection",
          "[gateway][attacks][issue-17][row-337]") {
  SeekingRig rig;
  const auto request = rig.seek(0, kNoEnd).signed_by(rig.theirs.client());
  const auto answer = rig.ask(request);
  rig.advance(gateway::kTimeWindow);
  CHECK(rig.blocks(rig.ask(request)) == "012");
  rig.advance(1s);
  check_refused(rig.ask(request), ccbus::INVALID_ARGUMENT,
                "the envelope's timestamp is more than 15 minutes from the service's time");
  auto again = going_on(request, answer);
  again.mutable_block_events()->set_block_number(2);
  CHECK(rig.blocks(rig.ask(again)) == "2");
  check_refused(rig.ask(again, PeerId{2}), ccbus::INVALID_ARGUMENT, "timestamp");
  rig.gateway.on_client_gone(PeerId{1});
  check_refused(rig.ask(again), ccbus::INVALID_ARGUMENT, "timestamp");

  auto early = rig.seek(0, 0);
  early.header.mutable_timestamp()->set_seconds(early.header.timestamp().seconds() + 901);
  check_refused(rig.ask(early), ccbus::INVALID_ARGUMENT, "timestamp");
}

TEST_CASE("of one client the seeks that were asked for last are remembered", "[gateway]") {
  gateway::OpenSeeks seeks;
  const auto add = [&seeks](std::size_t i) { seeks.add(PeerId{1}, std::to_string(i)); };
  for (std::size_t i = 0; i < gateway::OpenSeeks::kOfOneClientMax; ++i) add(i);
  add(0);
  add(gateway::OpenSeeks::kOfOneClientMax);
  CHECK(seeks.has(PeerId{1}, "0"));
  CHECK_FALSE(seeks.has(PeerId{1}, "1"));
  CHECK(seeks.has(PeerId{1}, "2"));
  CHECK_FALSE(seeks.has(PeerId{2}, "0"));
}

TEST_CASE("who is no Reader of the channel is given no block",
          "[gateway][attacks][issue-17][row-337]") {
  SeekingRig rig;
  const auto stranger = *security::DevIdentities::make("Org9MSP");
  const auto impostor = *security::DevIdentities::make("Org2MSP");
  const std::string why = "Failed evaluating policy on signed data during check policy on channel";
  auto asked = rig.seek(0, 0);
  asked.content = GENERATE(Request::FULL, Request::FILTERED, Request::WITH_PRIVATE_DATA);
  check_refused(rig.ask(asked.signed_by(stranger.client())), ccbus::PERMISSION_DENIED, why);
  check_refused(rig.ask(asked.signed_by(impostor.client())), ccbus::PERMISSION_DENIED, why);
  asked.creator = rig.theirs.client().serialized();
  check_refused(rig.ask(asked.signed_by(stranger.client())), ccbus::PERMISSION_DENIED, why);
  asked.creator = "nobody";
  check_refused(rig.ask(asked), ccbus::PERMISSION_DENIED, why);
  asked.creator.clear();
  asked.header.set_channel_id("other");
  check_refused(rig.ask(asked), ccbus::NOT_FOUND, "channel 'other' not found");
  CHECK(rig.gateway.requests_open() == 0);
}

TEST_CASE("a stream of blocks ends with the certificate of its signer",
          "[gateway][attacks][issue-17][row-337]") {
  SeekingRig rig;
  const auto request = rig.seek(0, kNoEnd).signed_by(rig.theirs.client());
  const auto answer = rig.ask(request);
  rig.chaincode.advance(std::chrono::hours(24 * 365 * 200));
  check_refused(rig.ask(going_on(request, answer)), ccbus::PERMISSION_DENIED, "Failed evaluating");
}

TEST_CASE("a signer who is no Reader by the newest configuration is given no further block",
          "[gateway][attacks][issue-17][row-337]") {
  SeekingRig rig;
  const auto stranger = *security::DevIdentities::make("Org9MSP");
  Request request;
  request.set_channel_id(kChannel.value);
  request.set_block_number(0);
  request.set_content(GENERATE(Request::FULL, Request::FILTERED, Request::WITH_PRIVATE_DATA));
  const auto& ledger = rig.ledger.ledger();
  gateway::ScannedBlock block(**ledger.block(0), ledger);

  const auto of_reader = gateway::make_scan(request, 0, rig.theirs.client().serialized());
  CHECK(of_reader->add(block));
  CHECK(of_reader->has_any());

  const auto of_stranger = gateway::make_scan(request, 0, stranger.client().serialized());
  const auto refused = of_stranger->add(block);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kDenied);
  CHECK_THAT(refused.error().message,
             Contains("the signer is no Reader of channel [ch1] any more: ["));
  CHECK_FALSE(of_stranger->has_any());
  CHECK(of_stranger->next() == 0);
}

TEST_CASE("a seek that is changed in any bit is refused", "[gateway][attacks][issue-17]") {
  SeekingRig rig;
  const auto sound = rig.seek(0, 0).signed_by(rig.theirs.client());
  std::mt19937 chance(17);
  int taken = 0;
  for (int i = 0; i < 500; ++i) {
    auto changed = sound;
    auto& envelope = *changed.mutable_block_events()->mutable_signed_request();
    std::string& bytes =
        chance() % 4 == 0 ? *envelope.mutable_signature() : *envelope.mutable_payload();
    const std::size_t at = chance() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ (1u << chance() % 8));
    if (!rig.ask(changed).has_status()) ++taken;
  }
  CHECK(taken == 0);
}

TEST_CASE("a channel without a configuration has no Readers of its blocks", "[gateway]") {
  GatewayRig rig;
  const SeekRequest asked(kChannel.value, rig.chaincode.now().wall);
  const auto somebody = *security::DevIdentities::make("Org2MSP");
  rig.request(asked.signed_by(somebody.client()));
  REQUIRE(rig.answers().size() == 1);
  check_refused(rig.answers()[0], ccbus::FAILED_PRECONDITION, "has no configuration");
}

TEST_CASE("who does not sign is given no private data", "[gateway][attacks][row-338]") {
  GatewayRig rig;
  ccbus::ClientRequest request;
  request.mutable_block_events()->set_channel_id(kChannel.value);
  request.mutable_block_events()->set_content(Request::WITH_PRIVATE_DATA);
  rig.request(request);
  REQUIRE(rig.answers().size() == 1);
  check_refused(rig.answers()[0], ccbus::INVALID_ARGUMENT, "needs a signed_request");
}

TEST_CASE("who does not sign receives blocks up to the one that it names", "[gateway][row-336]") {
  GatewayRig rig;
  rig.commit("a");
  rig.commit("b");
  rig.answers().clear();
  ccbus::ClientRequest request;
  request.mutable_block_events()->set_channel_id(kChannel.value);
  request.mutable_block_events()->set_block_number(0);
  request.mutable_block_events()->set_last_block_number(0);
  rig.request(request);
  rig.chaincode.run_jobs();
  REQUIRE(rig.answers().size() == 1);
  CHECK(rig.answers()[0].block_events().blocks_size() == 1);
  CHECK(rig.answers()[0].block_events().done());
}

TEST_CASE("one signer has one share of what waits, whatever connections its requests come by",
          "[gateway][attacks][issue-17]") {
  SeekingRig rig;  // Up to 100 requests may wait.
  const auto request = rig.seek(3, kNoEnd).signed_by(rig.theirs.client());
  const auto open = [&](const ccbus::ClientRequest& asked, std::uint64_t first) {
    const std::size_t before = rig.gateway.requests_open();
    for (std::uint64_t client = first; client < first + 60; ++client) {
      rig.request_of(PeerId{client}, asked);
      rig.chaincode.run_jobs();
    }
    return rig.gateway.requests_open() - before;
  };
  auto forged = request;
  forged.mutable_block_events()->mutable_signed_request()->mutable_signature()->back() ^= 1;
  CHECK(open(forged, 1'000) == 0);  // In its name, but not by it.
  CHECK(open(request, 2'000) == 50);
  const auto& refused = rig.clients.answers[PeerId{2'059}].at(0);
  check_refused(refused, ccbus::RESOURCE_EXHAUSTED,
                "the creator has 50 requests for events and statuses that wait");
  CHECK(open(rig.seek(3, kNoEnd).signed_by(rig.theirs.admin()), 3'000) == 25);
}

// --- Private data --------------------------------------------------------------------------------

ccbus::CollectionConfig collection(const std::string& name, const std::string& policy) {
  ccbus::CollectionConfig made;
  made.set_name(name);
  made.set_policy(policy);
  return made;
}

void write_private(GatewayRig& rig, const std::string& name, const std::string& value) {
  protos::PutState put;
  put.set_collection(name);
  put.set_key("key");
  put.set_value(value);
  rig.shim.sends(
      message(ChaincodeMessage::PUT_STATE, rig.shim.last().txid(), put.SerializeAsString()));
}

// Block 2 defines the collections, block 3 writes "secret of NAME" into each, block 4 into those of
// the organisations, block 5 is the configuration.
void with_collections(GatewayRig& rig) {
  ccbus::ClientRequest define;
  define.mutable_define()->set_channel_id(kChannel.value);
  auto& definition = *define.mutable_define()->mutable_definition();
  definition.set_name("basic");
  definition.set_version("1.0");
  *definition.add_collections() = collection("ours", "OR('Org1MSP.member')");
  *definition.add_collections() = collection("theirs", "OR('Org2MSP.member')");
  *definition.add_collections() = collection("both", "OR('Org1MSP.member','Org2MSP.member')");
  *definition.add_collections() = collection("admins", "OR('Org2MSP.admin')");
  rig.request(define);
  rig.cut_block();
  rig.request(rig.submit(1));
  const std::string tx = rig.shim.last().txid();
  for (const char* name : {"ours", "theirs", "both", "admins"}) {
    write_private(rig, name, "secret of " + std::string(name));
  }
  rig.shim.sends(completed(tx));
  rig.cut_block();
  REQUIRE(rig.answers().back().submit().validation_code() == protos::VALID);
  // As from a service that plays both: this one would keep nothing of theirs.
  Simulation implicit = rig.ledger.begin("implicit");
  for (const char* name : {"_implicit_org_Org1MSP", "_implicit_org_Org2MSP"}) {
    REQUIRE(implicit->set_private_data(kNs, name, "key", "secret of " + std::string(name)));
  }
  REQUIRE(rig.ledger.commit(implicit).at(0) == protos::VALID);
}

// The collections of a transaction's private data, each with the value of its key.
std::map<std::string, std::string> values_of(const rwset::TxPvtReadWriteSet& data) {
  std::map<std::string, std::string> values;
  for (const auto& ns : data.ns_pvt_rwset()) {
    CHECK(ns.namespace_() == "basic");
    for (const auto& one : ns.collection_pvt_rwset()) {
      kvrwset::KVRWSet writes;
      REQUIRE(writes.ParseFromString(one.rwset()));
      REQUIRE(writes.writes_size() == 1);
      CHECK(writes.writes(0).key() == "key");
      values[one.collection_name()] = writes.writes(0).value();
    }
  }
  return values;
}

TEST_CASE("private data go to the members of their collection, and to nobody else",
          "[gateway][attacks][issue-17][row-338]") {
  SeekingRig rig(with_collections);
  auto asked = rig.seek(2, 5);
  asked.content = Request::WITH_PRIVATE_DATA;
  std::map<std::string, std::string> mine = {{"theirs", "secret of theirs"},
                                             {"both", "secret of both"}};
  ccbus::ClientResponse answer;
  SECTION("a client") {
    answer = rig.ask(asked);
  }
  SECTION("an administrator") {
    answer = rig.ask(asked.signed_by(rig.theirs.admin()));
    mine["admins"] = "secret of admins";
  }
  CHECK(rig.blocks(answer) == "2345.");
  const auto& found = answer.block_events();
  REQUIRE(found.private_data_size() == 4);
  CHECK(found.private_data(0).transactions().empty());
  CHECK(found.private_data(3).transactions().empty());
  REQUIRE(found.private_data(1).transactions().size() == 1);
  CHECK(values_of(found.private_data(1).transactions().at(0)) == mine);
  REQUIRE(found.private_data(2).transactions().size() == 1);
  const std::map<std::string, std::string> of_organization = {
      {"_implicit_org_Org2MSP", "secret of _implicit_org_Org2MSP"}};
  CHECK(values_of(found.private_data(2).transactions().at(0)) == of_organization);
  CHECK(answer.SerializeAsString().find("secret of ours") == std::string::npos);
  CHECK(answer.SerializeAsString().find("secret of _implicit_org_Org1MSP") == std::string::npos);
}

TEST_CASE("blocks without private data do not have them", "[gateway][row-338]") {
  SeekingRig rig(with_collections);
  auto asked = rig.seek(3, 3);
  asked.content = GENERATE(Request::FULL, Request::FILTERED);
  const auto answer = rig.ask(asked);
  CHECK(rig.blocks(answer) == "3.");
  CHECK(answer.block_events().private_data_size() == 0);
  CHECK(answer.SerializeAsString().find("secret of") == std::string::npos);
}

}  // namespace
}  // namespace ccbus::test
