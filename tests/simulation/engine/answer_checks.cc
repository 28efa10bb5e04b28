#include "tests/simulation/engine/answer_checks.h"

#include <google/protobuf/util/message_differencer.h>

namespace ccbus::simulation {

void AnswerChecks::answered(const ccbus::ClientResponse& response) {
  if (response.has_submit()) {
    const ccbus::SubmitResponse& submit = response.submit();
    if (submit.validation_code() == protos::NOT_VALIDATED) return;
    if (submit.validation_code() == protos::VALID) ++acknowledged_;
    check_outcome(submit.transaction_id(), submit.validation_code(), submit.block_number(),
                  "a submit");
  } else if (response.has_commit_status() && response.status().code() == ccbus::OK) {
    const ccbus::CommitStatusResponse& status = response.commit_status();
    check_outcome(status.transaction_id(), status.validation_code(), status.block_number(),
                  "a commit status");
  } else if (response.has_chaincode_events()) {
    check_events(response.chaincode_events());
  }
}

void AnswerChecks::check_outcome(const std::string& tx, protos::TxValidationCode code,
                                 std::uint64_t block, const char* who) {
  const auto channel = channels_.find(tx);
  if (channel == channels_.end()) return;  // The definition of a chaincode.
  const auto known = model_.outcome({channel->second, {tx}});
  // A transaction that is submitted twice is in a second block, as a duplicate.
  const bool is_duplicate = known && code == protos::DUPLICATE_TXID && block >= known->block;
  if (known && (is_duplicate || (known->code == code && known->block == block))) return;
  findings_.add(std::string(who) + " was answered with code " + std::to_string(code) +
                " in block " + std::to_string(block) + " for transaction " + tx.substr(0, 8) +
                (known ? ", which has code " + std::to_string(known->code) + " in block " +
                             std::to_string(known->block)
                       : ", which is in no block that is on the disk"));
}

void AnswerChecks::check_events(const ccbus::ChaincodeEventsResponse& events) {
  using google::protobuf::util::MessageDifferencer;
  for (const auto& block : events.blocks()) {
    for (const protos::ChaincodeEvent& event : block.events()) {
      const auto channel = channels_.find(event.tx_id());
      if (channel == channels_.end()) continue;
      bool is_known = false;
      for (const auto& known : model_.events(channel->second, block.block_number())) {
        is_known = is_known || MessageDifferencer::Equals(known, event);
      }
      if (is_known) continue;
      findings_.add("an event of block " + std::to_string(block.block_number()) +
                    " was told that no valid transaction has set: " + event.event_name());
    }
  }
}

}  // namespace ccbus::simulation
