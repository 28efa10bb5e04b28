#include "service/gateway/access/signed_header.h"

#include <catch2/catch.hpp>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::gateway {
namespace {

common::Header header_for(const std::string& channel) {
  common::ChannelHeader channel_header;
  channel_header.set_channel_id(channel);
  common::Header header;
  header.set_channel_header(channel_header.SerializeAsString());
  header.set_signature_header("creator and nonce");
  return header;
}

std::string proposal_for(const std::string& channel) {
  protos::Proposal proposal;
  proposal.set_header(header_for(channel).SerializeAsString());
  proposal.set_payload("input");
  return proposal.SerializeAsString();
}

std::string payload_for(const std::string& channel) {
  common::Payload payload;
  *payload.mutable_header() = header_for(channel);
  payload.set_data("actions");
  return payload.SerializeAsString();
}

TEST_CASE("the channel of signed bytes is read", "[gateway][issue-16]") {
  CHECK(header_of_proposal(proposal_for("mychannel")).channel_id() == "mychannel");
  CHECK(header_of_payload(payload_for("mychannel")).channel_id() == "mychannel");
}

TEST_CASE("bytes that are no such message are for no channel", "[gateway][issue-16]") {
  for (const std::string bytes : {"", "x", "\x0a", "\x0a\x7f", "\x0a\x02\x0a\x7f"}) {
    INFO(bytes);
    CHECK(header_of_proposal(bytes).channel_id().empty());
    CHECK(header_of_payload(bytes).channel_id().empty());
  }
}

// Whoever is allowed to use one channel must not get to another one by bytes that two readers
// understand differently.
TEST_CASE("of repeated fields the channel is the one that protobuf decodes",
          "[gateway][issue-16]") {
  for (const std::string& bytes :
       {proposal_for("mine") + proposal_for("yours"), payload_for("mine") + payload_for("yours"),
        payload_for("mine") + std::string("\x08\x01", 2),
        proposal_for("mine") + std::string("\x98\x06\x01", 3)}) {
    protos::Proposal proposal;
    common::Header header;
    common::ChannelHeader of_proposal;
    REQUIRE(proposal.ParseFromString(bytes));
    REQUIRE(header.ParseFromString(proposal.header()));
    REQUIRE(of_proposal.ParseFromString(header.channel_header()));
    CHECK(header_of_proposal(bytes).channel_id() == of_proposal.channel_id());
    common::Payload payload;
    common::ChannelHeader of_payload;
    REQUIRE(payload.ParseFromString(bytes));
    REQUIRE(of_payload.ParseFromString(payload.header().channel_header()));
    CHECK(header_of_payload(bytes).channel_id() == of_payload.channel_id());
  }
}

}  // namespace
}  // namespace ccbus::gateway
