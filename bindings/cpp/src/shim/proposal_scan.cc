#include "bindings/cpp/src/shim/proposal_scan.h"

#include "bindings/cpp/src/shim/field_reader.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "fabric/common/common.pb.h"

namespace ccbus::shim {
namespace {

constexpr auto kNumber = FieldReader::number_tag;
constexpr auto kBytes = FieldReader::bytes_tag;

// Two fields of bytes and, if `ignored` is not 0, a third one that is not used.
struct Pair {
  std::string_view first;
  std::string_view second;
};

std::optional<Pair> scan_pair(std::string_view message, int first, int second, unsigned ignored) {
  Pair pair;
  FieldReader fields(message);
  while (fields.next()) {
    if (fields.tag() == kBytes(first)) {
      pair.first = fields.bytes();
    } else if (fields.tag() == kBytes(second)) {
      pair.second = fields.bytes();
    } else if (fields.tag() != ignored) {
      return std::nullopt;
    }
  }
  if (!fields.has_read_all()) return std::nullopt;
  return pair;
}

bool scan_timestamp(std::string_view message, Proposal& proposal) {
  using google::protobuf::Timestamp;
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  FieldReader fields(message);
  while (fields.next()) {
    switch (fields.tag()) {
      case kNumber(Timestamp::kSecondsFieldNumber):
        seconds = static_cast<std::int64_t>(fields.number());
        break;
      case kNumber(Timestamp::kNanosFieldNumber):
        nanos = static_cast<std::int32_t>(fields.number());
        break;
      default: return false;
    }
  }
  const bool is_first = !proposal.timestamp.has_value();
  proposal.timestamp = time_of(seconds, nanos);
  return fields.has_read_all() && is_first && proposal.timestamp.has_value();
}

bool scan_channel_header(std::string_view message, Proposal& proposal) {
  using common::ChannelHeader;
  std::int32_t type = 0;
  FieldReader fields(message);
  while (fields.next()) {
    switch (fields.tag()) {
      case kNumber(ChannelHeader::kTypeFieldNumber):
        type = static_cast<std::int32_t>(fields.number());
        break;
      case kNumber(ChannelHeader::kEpochFieldNumber): proposal.epoch = fields.number(); break;
      case kBytes(ChannelHeader::kTimestampFieldNumber):
        if (!scan_timestamp(fields.bytes(), proposal)) return false;
        break;
      case kBytes(ChannelHeader::kChannelIdFieldNumber):
      case kBytes(ChannelHeader::kTxIdFieldNumber):
        if (!transport::is_utf8(fields.bytes())) return false;
        break;
      case kNumber(ChannelHeader::kVersionFieldNumber):
      case kBytes(ChannelHeader::kExtensionFieldNumber):
      case kBytes(ChannelHeader::kTlsCertHashFieldNumber): break;
      default: return false;
    }
  }
  return fields.has_read_all() && (type == common::ENDORSER_TRANSACTION || type == common::CONFIG);
}

}  // namespace

std::optional<Proposal> scan_proposal(std::string_view encoded) {
  using protos::ChaincodeProposalPayload;
  const auto layers = scan_pair(encoded, protos::Proposal::kHeaderFieldNumber,
                                protos::Proposal::kPayloadFieldNumber,
                                kBytes(protos::Proposal::kExtensionFieldNumber));
  if (!layers || layers->first.empty()) return std::nullopt;
  const auto header = scan_pair(layers->first, common::Header::kChannelHeaderFieldNumber,
                                common::Header::kSignatureHeaderFieldNumber, 0);
  if (!header) return std::nullopt;
  const auto signature = scan_pair(header->second, common::SignatureHeader::kCreatorFieldNumber,
                                   common::SignatureHeader::kNonceFieldNumber, 0);
  const auto payload = scan_pair(layers->second, ChaincodeProposalPayload::kInputFieldNumber,
                                 ChaincodeProposalPayload::kInputFieldNumber, 0);
  Proposal proposal;
  if (!signature || !payload || !scan_channel_header(header->first, proposal)) return std::nullopt;
  proposal.creator = signature->first;
  proposal.nonce = signature->second;
  return proposal;
}

}  // namespace ccbus::shim
