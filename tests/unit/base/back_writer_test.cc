#include "service/base/back_writer.h"

#include <catch2/catch.hpp>

#include "fabric/common/common.pb.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::test {
namespace {

// Lengths of one, two and three bytes.
std::string text_of(std::size_t bytes) {
  return std::string(bytes, 'x');
}

}  // namespace

TEST_CASE("layers written from the back are encoded as protobuf encodes them", "[base]") {
  const std::string creator = text_of(GENERATE(0u, 1u, 127u, 128u, 16'383u, 16'384u));
  common::SignatureHeader signature;
  signature.set_creator(creator);
  signature.set_nonce("nonce");
  common::ChannelHeader channel;
  channel.set_type(common::ENDORSER_TRANSACTION);
  channel.set_epoch(1ull << 63);
  channel.set_tx_id("tx");
  common::Payload payload;
  signature.SerializeToString(payload.mutable_header()->mutable_signature_header());
  channel.SerializeToString(payload.mutable_header()->mutable_channel_header());
  common::Envelope expected;
  payload.SerializeToString(expected.mutable_payload());

  BackWriter out(creator.size() + 100);
  out.encoded(common::Header::kSignatureHeaderFieldNumber, signature);
  const std::size_t before = out.written();
  out.varint(common::ChannelHeader::kEpochFieldNumber, 1ull << 63);
  out.bytes(common::ChannelHeader::kTxIdFieldNumber, "tx");
  out.varint(common::ChannelHeader::kVersionFieldNumber, 0);
  out.varint(common::ChannelHeader::kTypeFieldNumber, common::ENDORSER_TRANSACTION);
  out.close_bytes(common::Header::kChannelHeaderFieldNumber, before);
  out.close_message(common::Payload::kHeaderFieldNumber, 0);
  out.close_bytes(common::Envelope::kPayloadFieldNumber, 0);
  CHECK(out.view() == expected.SerializeAsString());
  CHECK(std::move(out).take() == expected.SerializeAsString());
}

TEST_CASE("written from the back, an empty value is left out unless it is an element or a message",
          "[base]") {
  protos::ChaincodeSpec expected;
  expected.mutable_chaincode_id();
  expected.mutable_input()->add_args("first");
  expected.mutable_input()->add_args("");
  const protos::ChaincodeID nothing;

  BackWriter out(100);
  out.element(protos::ChaincodeInput::kArgsFieldNumber, "");
  out.element(protos::ChaincodeInput::kArgsFieldNumber, "first");
  out.close_message(protos::ChaincodeSpec::kInputFieldNumber, 0);
  out.message(protos::ChaincodeSpec::kChaincodeIdFieldNumber, nothing);
  out.bytes(protos::ChaincodeSpec::kTypeFieldNumber, "");
  out.encoded(protos::ChaincodeSpec::kTypeFieldNumber, nothing);
  out.close_bytes(protos::ChaincodeSpec::kTypeFieldNumber, out.written());
  CHECK(out.view() == expected.SerializeAsString());
}

}  // namespace ccbus::test
