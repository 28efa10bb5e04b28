#include "tests/determinism/author.h"

#include <chrono>
#include <utility>

#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "tests/determinism/log_file.h"

namespace ccbus::determinism {
namespace {

using std::chrono::January;
using std::chrono::sys_days;

test::CertificateShape shape_of(const std::string& name, const std::string& unit, int from,
                                int until) {
  test::CertificateShape shape{.common_name = name, .units = {unit}};
  shape.not_before = sys_days{January / 1 / from};
  shape.not_after = sys_days{January / 1 / until};
  return shape;
}

test::Credential authority_of(const std::string& msp_id) {
  test::CertificateShape shape = test::ca_shape("ca." + msp_id);
  shape.not_before = sys_days{January / 1 / 2020};
  shape.not_after = sys_days{January / 1 / 2040};
  return test::self_signed(shape);
}

// Adds the endorsements to the one action, and signs the whole.
std::string with_signatures(const std::string& unsigned_envelope, const Signers& signers,
                            const Member& creator) {
  common::Envelope envelope;
  common::Payload payload;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload endorsed;
  envelope.ParseFromString(unsigned_envelope);
  if (payload.ParseFromString(envelope.payload()) && transaction.ParseFromString(payload.data()) &&
      transaction.actions_size() == 1 &&
      endorsed.ParseFromString(transaction.actions(0).payload())) {
    const std::string& response = endorsed.action().proposal_response_payload();
    for (const Member* endorser : signers.endorsers) {
      auto& endorsement = *endorsed.mutable_action()->add_endorsements();
      const bool forged = signers.is_endorsement_forged && endorser == signers.endorsers.back();
      endorsement.set_endorser(endorser->identity);
      endorsement.set_signature(
          endorser->credential.sign((forged ? "other" : response) + endorser->identity));
    }
    transaction.mutable_actions(0)->set_payload(endorsed.SerializeAsString());
    payload.set_data(transaction.SerializeAsString());
    envelope.set_payload(payload.SerializeAsString());
  }
  envelope.set_signature(
      creator.credential.sign(signers.is_creator_forged ? "other" : envelope.payload()));
  return envelope.SerializeAsString();
}

}  // namespace

Organization::Organization(const std::string& id)
    : msp_id(id),
      authority(authority_of(id)),
      peer(authority, id, shape_of("peer", "peer", 2021, 2039)),
      client(authority, id, shape_of("client", "client", 2021, 2039)),
      admin(authority, id, shape_of("admin", "admin", 2021, 2039)),
      expired(authority, id, shape_of("expired", "peer", 2024, 2025)),
      future(authority, id, shape_of("future", "peer", 2031, 2032)),
      revoked(authority, id, shape_of("revoked", "peer", 2021, 2039)) {}

msp::MSPConfig Organization::msp(bool with_revocations) const {
  msp::FabricMSPConfig fabric = test::msp_config(msp_id, {&authority}, {});
  test::enable_roles(fabric);
  if (with_revocations) {
    fabric.add_revocation_list(test::revocation_list(authority, {&revoked.credential}));
  }
  msp::MSPConfig config;
  config.set_config(fabric.SerializeAsString());
  return config;
}

Author::Author(const std::string& path, std::uint64_t seed)
    : file_(path, std::ios::binary | std::ios::trunc), seed_(seed) {
  for (const char* id : {"Org1MSP", "Org2MSP", "Org3MSP"}) organizations_.emplace_back(id);
  ledger_ = must(ledger::ChannelLedger::open(log_identity().channel, {}));
}

Draft Author::begin() {
  std::string nonce = std::to_string(seed_) + "-" + std::to_string(drafts_++);
  const TxId id{to_hex(sha256({nonce, organizations_[0].client.identity}))};
  return {std::move(nonce), std::make_unique<ledger::TxSimulator>(ledger_->snapshot(), id)};
}

OrderedEnvelope Author::envelope(Draft draft, const Signers& signers, const Change& change) {
  const Member& creator = organizations_[0].client;
  draft->done();
  const ledger::SimulationResults results = must(draft->results());
  test::TransactionParts parts(log_identity().channel, draft.nonce, results.public_data);
  parts.signature_header.set_creator(creator.identity);
  parts.channel_header.set_tx_id(to_hex(sha256({draft.nonce, creator.identity})));
  parts.channel_header.mutable_timestamp()->set_seconds(test::kTimestampSeconds +
                                                        static_cast<int>(drafts_));
  parts.action.mutable_chaincode_id()->set_version("1.0");
  parts.private_data = results.private_data.SerializeAsString();
  if (change) change(parts);
  OrderedEnvelope made = parts.envelope();
  made.bytes = with_signatures(made.bytes, signers, creator);
  return made;
}

void Author::bundle(std::vector<OrderedEnvelope> envelopes) {
  entry({{"r1", 1, position_ + 1}, ordering::Bundle{envelopes}});
  const auto committed = must(ledger_->commit({std::move(envelopes), {position_}}));
  for (const auto& transaction : committed.transactions) {
    const std::string code = protos::TxValidationCode_Name(transaction.code);
    ++codes_[code];
    if (transaction.code != protos::VALID) last_failure_ = code + " " + transaction.policy_failure;
  }
}

void Author::entry(ordering::Entry entry) {
  foreign(ordering::encode_entry(std::move(entry), log_identity()));
}

void Author::foreign(const std::string& bytes) {
  append_entry(file_, bytes);
  file_.flush();
  ++position_;
}

}  // namespace ccbus::determinism
