#include "service/gateway/access/signed_header.h"

#include <optional>
#include <utility>

#include "fabric/peer/proposal.pb.h"
#include "service/base/field_scanner.h"
#include "service/base/parse_message.h"

namespace ccbus::gateway {
namespace {

// The field 1 of a message, read in place. Returns nullopt unless it is there once and the message
// is encoded as usual: protobuf has to say then.
std::optional<std::string_view> first_field(std::string_view message) {
  std::optional<std::string_view> found;
  FieldScanner fields(message);
  while (fields.next()) {
    if (fields.number() != 1) continue;
    if (found || !fields.is_bytes(1)) return std::nullopt;
    found = fields.bytes();
  }
  return fields.is_sound() ? found : std::nullopt;
}

// The channel header is the field 1 of the header, which is the field 1 of both messages.
std::optional<std::string_view> find_channel_header(std::string_view message) {
  const auto header = first_field(message);
  return header ? first_field(*header) : std::nullopt;
}

common::ChannelHeader decode(std::string_view channel_header) {
  common::ChannelHeader header;
  if (!parse(header, channel_header)) header.Clear();
  return header;
}

}  // namespace

common::ChannelHeader header_of_proposal(std::string_view proposal) {
  if (const auto header = find_channel_header(proposal)) return decode(*header);
  protos::Proposal decoded;
  common::Header header;
  if (!parse(decoded, proposal) || !parse(header, decoded.header())) return {};
  return decode(header.channel_header());
}

common::ChannelHeader header_of_payload(std::string_view payload) {
  if (const auto header = find_channel_header(payload)) return decode(*header);
  common::Payload decoded;
  if (!parse(decoded, payload)) return {};
  return decode(decoded.header().channel_header());
}

std::string creator_of_payload(std::string_view payload) {
  common::Payload decoded;
  common::SignatureHeader header;
  if (!parse(decoded, payload) || !parse(header, decoded.header().signature_header())) return {};
  return std::move(*header.mutable_creator());
}

}  // namespace ccbus::gateway
