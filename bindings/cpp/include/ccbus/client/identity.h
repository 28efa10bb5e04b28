#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/client/client.h"

namespace ccbus::client {

// A member of an organisation, who signs what it asks for. Its certificate and key are of ECDSA on
// P-256 or P-384.
//
// Thread: any.
class Identity {
 public:
  // Reads the folder of a local MSP, as `peer` and the applications of fabric-samples have it: the
  // first certificate in signcerts, and its key in keystore.
  //
  // Blocks: on the disk. Errors: std::invalid_argument, naming the file.
  [[nodiscard]] static Identity from_msp_folder(const std::filesystem::path& folder,
                                                const std::string& msp_id);

  // A certificate alone, in PEM, for who signs elsewhere: sign() is refused.
  [[nodiscard]] static Identity without_key(const std::string& certificate_pem,
                                            const std::string& msp_id);

  // An encoded msp.SerializedIdentity.
  [[nodiscard]] const std::string& serialized() const { return serialized_; }

  // Signs SHA-256 of the bytes, in DER, with the low S that Fabric requires.
  // Errors: std::runtime_error if it has no key.
  [[nodiscard]] std::string sign(std::string_view bytes) const;

 private:
  struct Key;

  Identity(std::string serialized, std::shared_ptr<const Key> key);

  std::string serialized_;
  std::shared_ptr<const Key> key_;  // Null if it signs elsewhere.
};

// A transaction of a client that signs, step by step, as Fabric's gateway client has it. Each step
// gives bytes, and SHA-256 of them, to be signed; with_signature() takes what comes back, so that
// the key may be anywhere.
struct SignedStep {
  std::string transaction_id;
  std::string bytes;

  [[nodiscard]] std::string digest() const;
};

// The first step: an encoded protos.Proposal, with the invocation's nonce or one of its own.
// Errors: std::runtime_error if there are no random bytes.
[[nodiscard]] SignedStep make_proposal(const Invocation& invocation, const Identity& creator);
[[nodiscard]] protos::SignedProposal with_signature(const SignedStep& proposal,
                                                    std::string signature);

// The second: the payload of what was endorsed.
[[nodiscard]] SignedStep transaction_of(const EndorseResponse& endorsed);
[[nodiscard]] common::Envelope with_signature(const SignedStep& transaction, std::string signature,
                                              const EndorseResponse& endorsed);

// A request for the status of a transaction, for Client::commit_status(), in the same way: bytes to
// be signed, and the request of their signature. The channel's Readers may ask.
[[nodiscard]] SignedStep make_commit_status(const std::string& channel_id,
                                            const std::string& transaction_id,
                                            const Identity& asker);
[[nodiscard]] CommitStatusRequest signed_commit_status(const SignedStep& question,
                                                       std::string signature);

// Where events begin, as far as that is signed. Neither: with the next block.
struct EventsStart {
  std::optional<std::uint64_t> block_number = {};
  std::string after_transaction_id = {};  // In its block; then block_number does not count.
};

// A request for events, for ChaincodeEvents, in the same way. One signature is good for all that is
// asked of its channel and chaincode. An empty name: of every chaincode.
[[nodiscard]] SignedStep make_events(const std::string& channel_id,
                                     const std::string& chaincode_name, const Identity& asker,
                                     const EventsStart& start = {});
[[nodiscard]] ChaincodeEventsRequest signed_events(const SignedStep& question,
                                                   std::string signature);

// The nonce of a transaction, 24 random bytes, and the id that it has with a creator: the identity
// that signs it, or `creator` of the channel's status. So the id is known before.
// Errors: std::runtime_error if there are no random bytes.
[[nodiscard]] std::string make_nonce();
[[nodiscard]] std::string transaction_id_of(std::string_view nonce, std::string_view creator);

// All steps at once. Blocks for at most `timeout` each. `endorsing_organizations` empty: all.
[[nodiscard]] Reply evaluate(Client& client, const Invocation& invocation, const Identity& creator,
                             std::chrono::milliseconds timeout);
[[nodiscard]] Reply endorse(Client& client, const Invocation& invocation, const Identity& creator,
                            std::chrono::milliseconds timeout,
                            const std::vector<std::string>& endorsing_organizations = {});
// What failed is run again up to `options.retries` times after a conflict, by this library: the
// service cannot sign for the client. Not with a nonce.
[[nodiscard]] Reply submit(Client& client, const Invocation& invocation, const Identity& creator,
                           std::chrono::milliseconds timeout, const SubmitOptions& options = {});
[[nodiscard]] Reply commit_status(Client& client, const std::string& channel_id,
                                  const std::string& transaction_id, const Identity& asker,
                                  std::chrono::milliseconds timeout);
[[nodiscard]] ChaincodeEventsRequest signed_events(const std::string& channel_id,
                                                   const std::string& chaincode_name,
                                                   const Identity& asker);

}  // namespace ccbus::client
