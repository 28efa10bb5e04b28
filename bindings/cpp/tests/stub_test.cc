#include "ccbus/shim/stub.h"

#include <catch2/catch.hpp>

#include "bindings/cpp/tests/support/fake_peer.h"
#include "bindings/cpp/tests/support/scripted_peer.h"
#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
using Catch::Matchers::Message;
using ccbus::shim::create_composite_key;
using ccbus::shim::Error;
using ccbus::shim::split_composite_key;
using ccbus::shim::Stub;

namespace {

// The parts of a proposal, for a test to break one of them.
struct ProposalParts {
  common::ChannelHeader channel;
  common::SignatureHeader signature;
  protos::ChaincodeProposalPayload payload;

  ProposalParts() {
    channel.set_type(common::ENDORSER_TRANSACTION);
    channel.set_epoch(0x0102030405060708);
    channel.mutable_timestamp()->set_seconds(1'700'000'000);
    channel.mutable_timestamp()->set_nanos(5);
    signature.set_creator("creator");
    signature.set_nonce("nonce");
  }

  [[nodiscard]] ChaincodeMessage message() const {
    common::Header header;
    header.set_channel_header(channel.SerializeAsString());
    header.set_signature_header(signature.SerializeAsString());
    protos::Proposal proposal;
    proposal.set_header(header.SerializeAsString());
    proposal.set_payload(payload.SerializeAsString());
    auto message = transaction_of({"f"});
    message.mutable_proposal()->set_proposal_bytes(proposal.SerializeAsString());
    message.mutable_proposal()->set_signature("signed");
    return message;
  }
};

std::string hex(const std::string& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("a stub gives the arguments as they are, and the first as the function", "[shim]") {
  FakePeer peer;
  const Stub stub(peer, transaction_of({"Create", "a1", ""}));
  CHECK(stub.tx_id() == "tx-1");
  CHECK(stub.channel_id() == "channel-1");
  CHECK(stub.args() == std::vector<std::string>{"Create", "a1", ""});
  CHECK(stub.string_args() == stub.args());
  const auto [function, parameters] = stub.function_and_parameters();
  CHECK(function == "Create");
  CHECK(std::vector(parameters.begin(), parameters.end()) == std::vector<std::string>{"a1", ""});
}

TEST_CASE("a transaction without arguments has no function", "[shim]") {
  FakePeer peer;
  const Stub stub(peer, transaction_of({}));
  CHECK(stub.function_and_parameters().function.empty());
  CHECK(stub.function_and_parameters().parameters.empty());
}

TEST_CASE("arguments may be bytes, and are refused where text is asked for", "[shim]") {
  FakePeer peer;
  const Stub stub(peer, transaction_of({"f", "\xff"}));
  CHECK(stub.args()[1] == "\xff");
  CHECK_THROWS_AS(stub.string_args(), Error);
}

TEST_CASE("keys that the wire cannot carry are refused before they are sent", "[shim]") {
  FakePeer peer;
  Stub stub(peer, transaction_of({"f"}));
  CHECK_THROWS_MATCHES(stub.put_state("", "v"), Error, Message("key must not be an empty string"));
  CHECK_THROWS_MATCHES(stub.put_state("\xff", "v"), Error, Message("the key is not UTF-8"));
  CHECK_THROWS_AS(stub.get_state("\xc0\x80"), Error);
  CHECK_THROWS_AS(stub.del_state("\xed\xa0\x80"), Error);
  CHECK_THROWS_AS(stub.set_event("", "payload"), Error);
  CHECK(peer.asked.empty());
}

TEST_CASE("an open scan begins after the composite keys, and a simple range holds none", "[shim]") {
  FakePeer peer;
  peer.state = {{std::string("\0car\0red\0", 9), "composite"}, {"a", "1"}, {"b", "2"}};
  Stub stub(peer, transaction_of({"f"}));

  auto results = stub.get_state_by_range("", "");
  CHECK(results.next()->key == "a");
  CHECK(results.next()->value == "2");
  CHECK_FALSE(results.next());

  CHECK_THROWS_MATCHES(stub.get_state_by_range("a", std::string("\0b", 2)), Error,
                       Message("first character of the key [\\0b] contains a null character "
                               "which is not allowed"));
}

TEST_CASE("an iterator gives every result once and closes once, whatever the batches", "[shim]") {
  const int count = GENERATE(0, 1, 99, 100, 101, 200, 250);
  FakePeer peer;
  for (int i = 0; i < count; ++i) peer.state.emplace("key" + std::to_string(1000 + i), "v");
  Stub stub(peer, transaction_of({"f"}));
  int seen = 0;
  {
    auto results = stub.get_state_by_range("", "");
    while (const auto result = results.next()) {
      CHECK(result->key == "key" + std::to_string(1000 + seen));
      ++seen;
    }
    CHECK_FALSE(results.next());
  }
  CHECK(seen == count);
  CHECK(peer.times_asked(ChaincodeMessage::QUERY_STATE_NEXT) == std::max(0, (count - 1) / 100));
  CHECK(peer.times_asked(ChaincodeMessage::QUERY_STATE_CLOSE) == 1);
}

TEST_CASE("an iterator that is left early, moved or closed by hand closes exactly once", "[shim]") {
  FakePeer peer;
  peer.state = {{"a", "1"}, {"b", "2"}};
  Stub stub(peer, transaction_of({"f"}));
  {
    auto results = stub.get_state_by_range("", "");
    CHECK(results.next()->key == "a");
    auto moved = std::move(results);
    CHECK(moved.next()->key == "b");
    moved.close();
    CHECK_FALSE(moved.next());
  }
  CHECK(peer.times_asked(ChaincodeMessage::QUERY_STATE_CLOSE) == 1);
}

TEST_CASE("composite keys have pages as well, between the same bounds",
          "[shim][row-209][row-210]") {
  FakePeer peer;
  const std::vector<std::string> blue = {"blue"};
  for (const char* name : {"a1", "a2", "a3"}) {
    peer.state[create_composite_key("color~name", std::vector<std::string>{"blue", name})] = name;
  }
  peer.state[create_composite_key("color~name", std::vector<std::string>{"red", "a4"})] = "a4";
  peer.state["a1"] = "simple";
  Stub stub(peer, transaction_of({"f"}));

  auto first = stub.get_state_by_partial_composite_key_with_pagination("color~name", blue, 2, "");
  CHECK(first.fetched_records_count == 2);
  CHECK(first.results.next()->value == "a1");
  CHECK(split_composite_key(first.bookmark).attributes == std::vector<std::string>{"blue", "a3"});

  auto second = stub.get_state_by_partial_composite_key_with_pagination("color~name", blue, 2,
                                                                        first.bookmark);
  CHECK(second.fetched_records_count == 1);
  CHECK(second.bookmark.empty());
  CHECK(second.results.next()->value == "a3");
  CHECK_FALSE(second.results.next());
}

TEST_CASE("pages follow each other by their bookmarks", "[shim]") {
  FakePeer peer;
  peer.state = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  Stub stub(peer, transaction_of({"f"}));

  auto first = stub.get_state_by_range_with_pagination("", "", 2, "");
  CHECK(first.fetched_records_count == 2);
  CHECK(first.bookmark == "c");
  CHECK(first.results.next()->key == "a");

  auto second = stub.get_state_by_range_with_pagination("", "", 2, first.bookmark);
  CHECK(second.fetched_records_count == 1);
  CHECK(second.bookmark.empty());
  CHECK(second.results.next()->key == "c");
  CHECK_FALSE(second.results.next());
}

TEST_CASE("a partial composite key finds the keys that begin with it, and no others", "[shim]") {
  FakePeer peer;
  Stub stub(peer, transaction_of({"f"}));
  const auto key = [](std::vector<std::string> attributes) {
    return create_composite_key("owner~asset", attributes);
  };
  for (const auto& k : {key({"tom", "a1"}), key({"tom", "a2"}), key({"tommy", "a3"})})
    peer.state.emplace(k, "v");

  auto results =
      stub.get_state_by_partial_composite_key("owner~asset", std::vector<std::string>{"tom"});
  CHECK(results.next()->key == key({"tom", "a1"}));
  CHECK(results.next()->key == key({"tom", "a2"}));
  CHECK_FALSE(results.next());
}

TEST_CASE("a proposal gives creator, timestamp, transient data and binding", "[shim]") {
  FakePeer peer;
  ProposalParts parts;
  msp::SerializedIdentity identity;
  identity.set_mspid("Org1MSP");
  identity.set_id_bytes("certificate");

  SECTION("as they were sent") {
    (*parts.payload.mutable_transientmap())["secret"] = std::string("\0\xff", 2);
    const Stub stub(peer, parts.message());
    CHECK(stub.get_creator() == "creator");
    CHECK(stub.get_tx_timestamp().time_since_epoch() == 1'700'000'000s + 5ns);
    CHECK(stub.get_transient().at("secret") == std::string("\0\xff", 2));
    CHECK(stub.get_signed_proposal()->signature() == "signed");
    CHECK(hex(stub.get_binding()) ==
          "3c01348c4deb38b0ebf927ec8ca1312af55b0ee41dd6bdd3a5b8123be8df0dd0");
  }
  SECTION("the creator also decoded") {
    parts.signature.set_creator(identity.SerializeAsString());
    const auto creator = Stub(peer, parts.message()).get_creator_identity();
    CHECK(creator.mspid == "Org1MSP");
    CHECK(creator.id_bytes == "certificate");
  }
  SECTION("a configuration transaction is one too") {
    parts.channel.set_type(common::CONFIG);
    CHECK_NOTHROW(Stub(peer, parts.message()));
  }
}

TEST_CASE("a transaction without a proposal has no creator, and an Error for the rest", "[shim]") {
  FakePeer peer;
  const Stub stub(peer, transaction_of({"f"}));
  CHECK(stub.get_creator().empty());
  CHECK(stub.get_transient().empty());
  CHECK(stub.get_signed_proposal() == nullptr);
  CHECK_THROWS_AS(stub.get_tx_timestamp(), Error);
  CHECK_THROWS_AS(stub.get_binding(), Error);
  CHECK_THROWS_AS(stub.get_creator_identity(), Error);
}

TEST_CASE("a proposal that breaks a rule is refused with the part that breaks it", "[shim]") {
  FakePeer peer;
  auto message = ProposalParts().message();
  protos::Proposal proposal;
  REQUIRE(proposal.ParseFromString(message.proposal().proposal_bytes()));
  std::string part;

  SECTION("an empty header") {
    proposal.clear_header();
    part = "its header is empty";
  }
  SECTION("a malformed header") {
    proposal.set_header("\xff");
    part = "its header is malformed";
  }
  SECTION("a malformed payload") {
    proposal.set_payload("\xff");
    part = "its payload is malformed";
  }
  SECTION("a malformed channel header") {
    common::Header header;
    header.set_channel_header("\xff");
    proposal.set_header(header.SerializeAsString());
    part = "its channel header is malformed";
  }
  SECTION("a type that no transaction has") {
    ProposalParts parts;
    parts.channel.set_type(common::MESSAGE);
    REQUIRE(proposal.ParseFromString(parts.message().proposal().proposal_bytes()));
    part = "its header type is 0, where a transaction has 3 or 1";
  }
  message.mutable_proposal()->set_proposal_bytes(proposal.SerializeAsString());
  CHECK_THROWS_MATCHES(Stub(peer, message), Error, Message("cannot decode the proposal: " + part));
}
