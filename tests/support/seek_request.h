#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "fabric/orderer/ab.pb.h"
#include "service/base/clock.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::test {

// What a client signs to receive blocks. A test changes a part of it before it is signed.
struct SeekRequest {
  SeekRequest(const std::string& channel, WallTime now) {
    header.set_type(common::DELIVER_SEEK_INFO);
    header.set_channel_id(channel);
    header.mutable_timestamp()->set_seconds(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    from_to(0, 0);
  }

  void from_to(std::uint64_t first, std::uint64_t last) {
    seek.mutable_start()->mutable_specified()->set_number(first);
    seek.mutable_stop()->mutable_specified()->set_number(last);
  }

  // The request with the correlation id 5.
  [[nodiscard]] ccbus::ClientRequest signed_by(const security::SigningIdentity& signer) const {
    common::Payload payload;
    header.SerializeToString(payload.mutable_header()->mutable_channel_header());
    common::SignatureHeader signature;
    signature.set_creator(creator.empty() ? signer.serialized() : creator);
    signature.SerializeToString(payload.mutable_header()->mutable_signature_header());
    seek.SerializeToString(payload.mutable_data());
    ccbus::ClientRequest request;
    request.set_correlation_id(5);
    auto& blocks = *request.mutable_block_events();
    blocks.set_content(content);
    payload.SerializeToString(blocks.mutable_signed_request()->mutable_payload());
    blocks.mutable_signed_request()->set_signature(*signer.sign(blocks.signed_request().payload()));
    return request;
  }

  common::ChannelHeader header;
  orderer::SeekInfo seek;
  std::string creator;  // Empty: the signer.
  ccbus::BlockEventsRequest::Content content = ccbus::BlockEventsRequest::FULL;
};

}  // namespace ccbus::test
