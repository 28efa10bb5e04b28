#include "bindings/cpp/src/shim/proposal_scan.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace shim = ccbus::shim;

namespace {

struct Layers {
  common::ChannelHeader channel;
  common::SignatureHeader signature;
  protos::ChaincodeProposalPayload payload;

  [[nodiscard]] std::string encoded() const {
    common::Header header;
    header.set_channel_header(channel.SerializeAsString());
    header.set_signature_header(signature.SerializeAsString());
    protos::Proposal proposal;
    proposal.set_header(header.SerializeAsString());
    proposal.set_payload(payload.SerializeAsString());
    return proposal.SerializeAsString();
  }

  [[nodiscard]] bool parse(const std::string& encoded) {
    protos::Proposal proposal;
    common::Header header;
    return proposal.ParseFromString(encoded) && !proposal.header().empty() &&
           header.ParseFromString(proposal.header()) &&
           channel.ParseFromString(header.channel_header()) &&
           signature.ParseFromString(header.signature_header()) &&
           payload.ParseFromString(proposal.payload());
  }
};

Layers layers() {
  Layers made;
  made.channel.set_type(common::ENDORSER_TRANSACTION);
  made.channel.set_channel_id("channel-1");
  made.channel.set_tx_id("tx-1");
  made.channel.set_epoch(7);
  made.channel.mutable_timestamp()->set_seconds(1'700'000'000);
  made.channel.mutable_timestamp()->set_nanos(5);
  made.channel.set_extension("extension");
  made.signature.set_creator(std::string(200, 'c'));
  made.signature.set_nonce("nonce");
  made.payload.set_input("input");
  return made;
}

// Whether the scan says of these bytes what protobuf says, if it says anything.
bool scan_agrees(const std::string& encoded) {
  const auto scanned = shim::scan_proposal(encoded);
  if (!scanned) return true;
  Layers parsed;
  if (!parsed.parse(encoded) || parsed.payload.transientmap_size() > 0) return false;
  const auto& timestamp = parsed.channel.timestamp();
  return scanned->creator == parsed.signature.creator() &&
         scanned->nonce == parsed.signature.nonce() && scanned->epoch == parsed.channel.epoch() &&
         scanned->timestamp.has_value() == parsed.channel.has_timestamp() &&
         (!scanned->timestamp || scanned->timestamp->time_since_epoch() ==
                                     std::chrono::seconds(timestamp.seconds()) +
                                         std::chrono::nanoseconds(timestamp.nanos()));
}

}  // namespace

TEST_CASE("an ordinary proposal is scanned", "[shim]") {
  const std::string encoded = layers().encoded();
  REQUIRE(shim::scan_proposal(encoded));
  CHECK(shim::scan_proposal(encoded)->creator == std::string(200, 'c'));
  CHECK(scan_agrees(encoded));
}

TEST_CASE("what the scan does not read is left to protobuf", "[shim]") {
  Layers unusual = layers();
  SECTION("transient data") {
    (*unusual.payload.mutable_transientmap())["key"] = "value";
  }
  SECTION("another type") {
    unusual.channel.set_type(common::MESSAGE);
  }
  CHECK_FALSE(shim::scan_proposal(unusual.encoded()));
}

TEST_CASE("an id that is not UTF-8 is left to protobuf, which refuses it", "[shim]") {
  std::string encoded = layers().encoded();
  encoded[encoded.find("tx-1")] = '\xff';
  CHECK_FALSE(shim::scan_proposal(encoded));
}

TEST_CASE("what is scanned of a damaged proposal is what protobuf reads", "[shim]") {
  const std::string encoded = layers().encoded();
  for (std::size_t size = 0; size <= encoded.size(); ++size)
    REQUIRE(scan_agrees(encoded.substr(0, size)));

  std::mt19937 random(1);
  int scanned = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = encoded;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    REQUIRE(scan_agrees(damaged));
    scanned += shim::scan_proposal(damaged).has_value() ? 1 : 0;
  }
  CHECK(scanned > 1'000);
  CHECK(scanned < 20'000);
}
