#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus::gateway {

// Fills a buffer with random bytes that cannot be predicted.
using RandomSource = std::function<void(std::span<std::byte>)>;

// Fills a buffer from OpenSSL's random generator. The RandomSource of the service.
void random_bytes(std::span<std::byte> buffer);

// A transaction as the client asked for it, in the encodings that the chaincode and the block need.
struct Proposal {
  TxKey key;
  std::string chaincode_name;
  std::string chaincode_input;             // An encoded protos.ChaincodeInput.
  protos::SignedProposal signed_proposal;  // With the transient map; for the chaincode only.
  std::string creator_msp_id;
  // Signs it. Null: the client has signed.
  std::shared_ptr<const security::SigningIdentity> creator;
  bool is_init = false;
  bool has_transient = false;
  bool has_chosen_nonce = false;  // The client has chosen it.

  // What a block has of it. Valid as long as the proposal is neither moved nor changed.
  [[nodiscard]] std::string_view channel_header() const { return channel_header_.of(kept_); }
  [[nodiscard]] std::string_view signature_header() const { return signature_header_.of(kept_); }
  // An encoded ChaincodeProposalPayload without the transient map.
  [[nodiscard]] std::string_view payload() const { return payload_.of(kept_); }

 private:
  friend class ProposalBuilder;
  friend Proposal signed_by_client(Proposal, const common::Header&, std::string_view,
                                   const protos::SignedProposal&);

  struct Part {
    std::size_t begin = 0;
    std::size_t bytes = 0;

    [[nodiscard]] std::string_view of(std::string_view whole) const {
      return whole.substr(begin, bytes);
    }
  };

  std::string kept_;  // The beginning of the encoded proposal, up to the transient map.
  Part channel_header_;
  Part signature_header_;
  Part payload_;
};

// The longest nonce that a client may choose.
inline constexpr std::size_t kNonceBytesMax = 64;

// Builds proposals as Fabric's gateway client does: a nonce of 24 random bytes, unless the client
// has chosen one of at most kNonceBytesMax, the transaction id SHA-256(nonce, creator) in
// lower-case hex, the headers, the input and a signature over all of it.
//
// Thread: bus thread only.
class ProposalBuilder {
 public:
  enum class Signatures { kMade, kEmpty };

  // The identity outlives this object.
  ProposalBuilder(const security::SigningIdentity& identity, RandomSource random,
                  Signatures signatures = Signatures::kMade);

  // The identity of the service itself.
  [[nodiscard]] const security::SigningIdentity& own() const { return identity_; }

  // False: proposals stay without a signature.
  [[nodiscard]] bool signs() const { return signatures_ == Signatures::kMade; }

  // Builds everything except the signature. Without a creator it is the identity that the builder
  // was made with.
  [[nodiscard]] Proposal build(const ccbus::Invocation& invocation, WallTime now) const {
    return build(invocation, now, {std::shared_ptr<void>(), &identity_});
  }
  [[nodiscard]] Proposal build(const ccbus::Invocation& invocation, WallTime now,
                               std::shared_ptr<const security::SigningIdentity> creator) const;

 private:
  static constexpr std::size_t kNonceBytes = 24;

  const security::SigningIdentity& identity_;
  const RandomSource random_;
  const Signatures signatures_;
};

// Completes a proposal that a client has signed, by its header and its payload without the
// transient map.
[[nodiscard]] Proposal signed_by_client(Proposal begun, const common::Header& header,
                                        std::string_view payload,
                                        const protos::SignedProposal& signed_proposal);

// Signs the `signed_proposal` that a builder made. Separate, since it takes so long that it may
// have to be done on another thread. Any thread. Errors: kIo if OpenSSL cannot sign.
[[nodiscard]] Result<void> sign(protos::SignedProposal& proposal,
                                const security::SigningIdentity& creator);

// What the chaincode made of a proposal.
struct EndorsedResults {
  const rwset::TxReadWriteSet& results;
  const protos::Response& response;
  const std::optional<protos::ChaincodeEvent>& event;
  std::string_view chaincode_version;  // Of its definition; empty without one.
};

// Returns the encoded common.Envelope of an endorsed transaction, without endorsements and
// signature: seal() adds them where the channel has a configuration. Where it has none the same
// service endorses and orders, and the chain of hashes protects the block.
[[nodiscard]] std::string transaction_envelope(const Proposal& proposal,
                                               const EndorsedResults& endorsed);

}  // namespace ccbus::gateway
