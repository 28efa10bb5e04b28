#include "bindings/cpp/src/shim/proposal.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "bindings/cpp/src/shim/proposal_scan.h"
#include "ccbus/shim/error.h"
#include "fabric/common/common.pb.h"

namespace ccbus::shim {
namespace {

template <class Message>
Message decode(const std::string& bytes, const char* name) {
  Message message;
  if (!message.ParseFromString(bytes))
    throw Error(std::string("cannot decode the proposal: its ") + name + " is malformed");
  return message;
}

}  // namespace

std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> time_of(std::int64_t seconds,
                                                                       std::int32_t nanos) {
  constexpr std::int64_t kSecondsMax = 9'000'000'000;
  if (seconds < -kSecondsMax || seconds > kSecondsMax) return std::nullopt;
  return std::chrono::sys_time<std::chrono::nanoseconds>{std::chrono::seconds{seconds} +
                                                         std::chrono::nanoseconds{nanos}};
}

Proposal decode_proposal(const protos::SignedProposal& signed_proposal) {
  if (auto scanned = scan_proposal(signed_proposal.proposal_bytes())) return *std::move(scanned);
  const auto proposal = decode<protos::Proposal>(signed_proposal.proposal_bytes(), "body");
  if (proposal.header().empty()) throw Error("cannot decode the proposal: its header is empty");
  const auto header = decode<common::Header>(proposal.header(), "header");
  const auto channel = decode<common::ChannelHeader>(header.channel_header(), "channel header");
  auto signature = decode<common::SignatureHeader>(header.signature_header(), "signature header");
  auto payload = decode<protos::ChaincodeProposalPayload>(proposal.payload(), "payload");
  if (channel.type() != common::ENDORSER_TRANSACTION && channel.type() != common::CONFIG)
    throw Error("cannot decode the proposal: its header type is " + std::to_string(channel.type()) +
                ", where a transaction has 3 or 1");

  Proposal decoded;
  decoded.creator = std::move(*signature.mutable_creator());
  decoded.nonce = std::move(*signature.mutable_nonce());
  decoded.epoch = channel.epoch();
  if (channel.has_timestamp())
    decoded.timestamp = time_of(channel.timestamp().seconds(), channel.timestamp().nanos());
  for (auto& [key, value] : *payload.mutable_transientmap())
    decoded.transient.emplace(key, std::move(value));
  return decoded;
}

std::string Proposal::binding() const {
  std::string input = nonce + creator;
  for (int shift = 0; shift < 64; shift += 8)
    input.push_back(static_cast<char>((epoch >> shift) & 0xff));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error("cannot compute the binding: SHA-256 is not available");
  return {digest.begin(), digest.begin() + size};
}

}  // namespace ccbus::shim
