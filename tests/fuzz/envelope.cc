// The first byte chooses. Either any bytes as an envelope give a code; or a valid envelope does
// some of whose parts are replaced. An envelope that is VALID so far has a body that can be read.
// Nobody has signed one of them, so that none has the endorsements that it needs.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/ledger/block/endorser_transaction.h"
#include "service/ledger/validate/endorsement_signatures.h"
#include "service/ledger/validate/endorsement_validator.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/message_filler.h"
#include "tests/support/channel_of.h"
#include "tests/support/map_state_view.h"
#include "tests/support/transaction_parts.h"
#include "tests/support/word_identities.h"

namespace ledger = ccbus::ledger;
using ccbus::fuzz::Input;
using ccbus::test::TransactionParts;

namespace {

const ccbus::ChannelId kChannel{"ch1"};
constexpr std::array<std::string_view, 5> kWords = {"", "basic", "ch1", "_lifecycle", "c1"};

void check_endorsements(const ledger::TransactionFrame& frame, const ledger::TransactionBody& body,
                        std::string_view envelope) {
  static const auto policies =
      ledger::ChannelPolicies::of(ccbus::test::channel_of({"Org1MSP", "Org2MSP"}));
  const ccbus::test::WordIdentities identities;
  const ccbus::test::MapStateView view({});
  const auto signatures = ledger::check_signatures(envelope, identities);
  CCBUS_ASSERT(!signatures.has_creator_signed && signatures.signers.empty());
  ledger::EndorsementValidator validator(1, *policies, identities, view);
  const auto verdict = validator.judge(
      0, {frame.kind.chaincode_name, body.chaincode_version, body.rwset, signatures.signers});
  CCBUS_ASSERT(verdict.has_value());
  CCBUS_ASSERT(verdict->code == protos::ENDORSEMENT_POLICY_FAILURE);
  CCBUS_ASSERT(!verdict->reason.empty());
}

void check(std::string_view envelope) {
  const auto frame = ledger::read_frame(envelope, kChannel);
  static_cast<void>(ledger::read_chaincode_action(frame));
  CCBUS_ASSERT(frame.code != protos::NOT_VALIDATED);
  const auto of_any_channel = ledger::read_frame_of_any_channel(envelope);
  CCBUS_ASSERT(of_any_channel.tx_id == frame.tx_id);
  if (frame.code != protos::VALID) return;
  CCBUS_ASSERT(of_any_channel.code == protos::VALID);
  const auto body = ledger::read_body(frame);
  CCBUS_ASSERT(body.code != protos::NOT_VALIDATED);
  if (body.code == protos::VALID) check_endorsements(frame, body, envelope);
}

void replace(std::optional<std::string>& part, Input& input) {
  part = std::string(input.long_text());
}

std::string made(Input& input) {
  const ccbus::fuzz::MessageFiller filler(kWords);
  rwset::TxReadWriteSet results;
  for (std::size_t left = input.below(3); left > 0; --left) {
    auto& ns = *results.add_ns_rwset();
    ns.set_namespace_(filler.word(input));
    kvrwset::KVRWSet kv;
    filler.fill(kv, input);
    ns.set_rwset(kv.SerializeAsString());
  }
  TransactionParts parts(kChannel, filler.word(input), results);
  for (int count = 0; count < 3 && !input.empty(); ++count) {
    switch (input.below(12)) {
      case 0: replace(parts.raw_payload, input); break;
      case 1: replace(parts.raw_channel_header, input); break;
      case 2: replace(parts.raw_signature_header, input); break;
      case 3: replace(parts.raw_transaction, input); break;
      case 4: replace(parts.raw_proposal_hash, input); break;
      case 5: replace(parts.raw_response_payload, input); break;
      case 6: replace(parts.raw_action, input); break;
      case 7: filler.fill(parts.channel_header, input); break;
      case 8: filler.fill(parts.signature_header, input); break;
      case 9: filler.fill(parts.action, input); break;
      case 10: parts.actions = static_cast<int>(input.below(3)); break;
      default: parts.action.set_results(std::string(input.long_text()));
    }
  }
  return parts.envelope().bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  Input input(data, size);
  if (input.below(2) == 0) {
    check(input.rest());
  } else {
    check(made(input));
  }
  return 0;
}
