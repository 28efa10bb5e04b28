#include "service/gateway/transactions/conflict_report.h"

#include <optional>

namespace ccbus::gateway {
namespace {

std::string text(const std::optional<ledger::Version>& version) {
  if (!version) return "absent";
  return "version " + to_string(*version);
}

void write(const ledger::Version& version, kvrwset::Version& message) {
  message.set_block_num(version.block_num);
  message.set_tx_num(version.tx_num);
}

}  // namespace

bool is_conflict(protos::TxValidationCode code) {
  return code == protos::MVCC_READ_CONFLICT || code == protos::PHANTOM_READ_CONFLICT;
}

std::string describe_invalid(const ledger::CommittedTransaction& transaction, std::uint64_t block) {
  std::string message = "transaction " + transaction.tx_id.value +
                        " failed to commit with status code " + std::to_string(transaction.code) +
                        " (" + protos::TxValidationCode_Name(transaction.code) + ") in block " +
                        std::to_string(block);
  if (const auto& conflict = transaction.conflict) {
    message += ": key '" + conflict->key + "' of namespace '" + conflict->ns + "' was read at " +
               text(conflict->read) + ", and is at " + text(conflict->committed) + " now";
  }
  if (!transaction.policy_failure.empty()) message += ": " + transaction.policy_failure;
  return message;
}

void write_conflict(const ledger::ReadConflict& conflict, ccbus::ReadConflict& message) {
  message.set_namespace_(conflict.ns);
  message.set_key(conflict.key);
  if (conflict.read) write(*conflict.read, *message.mutable_read());
  if (conflict.committed) write(*conflict.committed, *message.mutable_committed());
}

}  // namespace ccbus::gateway
