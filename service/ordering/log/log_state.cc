#include "service/ordering/log/log_state.h"

#include "ccbus/log.pb.h"

namespace ccbus::ordering {

std::string encode_log_state(const LogState& state) {
  LogStateRecord record;
  record.set_generation(state.generation);
  record.set_entry_hash(state.entry_hash);
  for (const auto& [replica, row] : state.rows) {
    auto& added = *record.add_rows();
    added.set_replica(replica);
    added.set_epoch(row.epoch);
    added.set_sequence(row.sequence);
    added.set_nonce(row.nonce);
  }
  return record.SerializeAsString();
}

Result<LogState> decode_log_state(std::string_view bytes) {
  LogStateRecord record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::kCorrupt, "what the ledger has kept of the log cannot be decoded");
  }
  LogState state{record.generation(), record.entry_hash(), {}};
  for (const auto& row : record.rows()) {
    state.rows[row.replica()] = {row.epoch(), row.sequence(), row.nonce()};
  }
  return state;
}

}  // namespace ccbus::ordering
