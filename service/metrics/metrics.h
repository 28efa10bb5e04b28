#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ccbus {

// Events since the start. Every limit that is reached and every refusal has a counter.
enum class Counter : std::size_t {
  kStreamsStarted,
  kStreamsEnded,
  kRegistrationsRefused,
  kProtocolViolations,    // Messages that ended a stream.
  kUnregisteredRejected,  // Messages of peers without a handler, answered "register again".
  kSendsRefused,          // The peer is gone, or its queue is full.
  kRequestsServed,        // Chaincode requests, as GET_STATE, that were answered by RESPONSE.
  kRequestsFailed,        // Chaincode requests that were answered by ERROR.
  kTransactionsStarted,
  kTransactionsCompleted,
  kExecuteTimeouts,
  kRequestsDropped,  // Requests of a transaction whose earlier request was still open.
  kLateMessages,     // COMPLETED or ERROR of a transaction that had ended.
  kClientRequests,
  kClientLookUps,            // Those of kClientRequests that only read: status, blocks, queries.
  kClientRequestsRefused,    // Malformed, or above a limit; never started.
  kClientRequestsExhausted,  // Accepted, and later refused because a limit was reached.
  kClientRequestsFailed,     // Ended by a failure of the service: answered INTERNAL.
  kClientAnswersLost,        // Answers whose client had disconnected.
  kSubmitsRetried,           // Submits that ran again after a conflict.
  kTransactionsValid,
  kTransactionsInvalid,
  kBlocks,
  kBlockBytes,          // Bytes of the transactions in kBlocks.
  kCommitMicroseconds,  // Time for validation, write and sync, summed over kBlocks.
  kLedgersReopened,     // Ledgers that were closed after an error of the disk, and opened again.
  kOldTablesFound,      // Tables of earlier versions, to be rewritten.
  kOldTablesRewritten,  // Those of them that have been.
  kWorkSkipped,  // Proposals not signed and jobs not run, since what they were for had ended.
  kPeersConnected,
  kPeersGone,
  kPeersLateMessages,  // Messages that arrived after their connection had gone.
  kConnectionsCut,     // Connections that the service has ended.
  // Handshakes that were refused, where keys are asked for.
  kHandshakesUnknownKey,
  kHandshakesExpiredKey,
  kHandshakesOtherServerKey,  // Encrypted for another key than the service's.
  kHandshakesOtherMechanism,  // Without CURVE; or with it, where no keys are asked for.
  kHandshakesFailed,          // For another reason; mostly the peer left.
  kPermissionsDenied,         // Requests and registrations that the peer's key does not allow.
  kKeysShutOut,               // Connections whose key was revoked or has expired.
  kCount,
};

struct NamedCounter {
  Counter counter;
  std::string_view name;  // As it is exported: in a status, and in /metrics as ccbus_<name>_total.
};

inline constexpr std::array kNamedCounters = {
    NamedCounter{Counter::kStreamsStarted, "chaincode_streams_started"},
    NamedCounter{Counter::kStreamsEnded, "chaincode_streams_ended"},
    NamedCounter{Counter::kRegistrationsRefused, "chaincode_registrations_refused"},
    NamedCounter{Counter::kProtocolViolations, "chaincode_protocol_violations"},
    NamedCounter{Counter::kUnregisteredRejected, "chaincode_strangers_turned_away"},
    NamedCounter{Counter::kSendsRefused, "chaincode_sends_refused"},
    NamedCounter{Counter::kRequestsServed, "chaincode_shim_requests_completed"},
    NamedCounter{Counter::kRequestsFailed, "chaincode_shim_requests_failed"},
    NamedCounter{Counter::kTransactionsStarted, "chaincode_transactions_started"},
    NamedCounter{Counter::kTransactionsCompleted, "chaincode_transactions_completed"},
    NamedCounter{Counter::kExecuteTimeouts, "chaincode_execute_timeouts"},
    NamedCounter{Counter::kRequestsDropped, "chaincode_shim_requests_dropped"},
    NamedCounter{Counter::kLateMessages, "chaincode_late_messages"},
    NamedCounter{Counter::kClientRequests, "gateway_requests"},
    NamedCounter{Counter::kClientLookUps, "gateway_look_ups"},
    NamedCounter{Counter::kClientRequestsRefused, "gateway_requests_refused"},
    NamedCounter{Counter::kClientRequestsExhausted, "gateway_requests_exhausted"},
    NamedCounter{Counter::kClientRequestsFailed, "gateway_requests_failed"},
    NamedCounter{Counter::kClientAnswersLost, "gateway_answers_lost"},
    NamedCounter{Counter::kSubmitsRetried, "gateway_retries"},
    NamedCounter{Counter::kTransactionsValid, "ledger_transactions_valid"},
    NamedCounter{Counter::kTransactionsInvalid, "ledger_transactions_invalid"},
    NamedCounter{Counter::kBlocks, "ledger_blocks"},
    NamedCounter{Counter::kBlockBytes, "ledger_block_bytes"},
    NamedCounter{Counter::kCommitMicroseconds, "ledger_commit_microseconds"},
    NamedCounter{Counter::kLedgersReopened, "ledger_reopened"},
    NamedCounter{Counter::kOldTablesFound, "ledger_old_tables_found"},
    NamedCounter{Counter::kOldTablesRewritten, "ledger_old_tables_rewritten"},
    NamedCounter{Counter::kWorkSkipped, "work_skipped"},
    NamedCounter{Counter::kPeersConnected, "bus_peers_connected"},
    NamedCounter{Counter::kPeersGone, "bus_peers_gone"},
    NamedCounter{Counter::kPeersLateMessages, "bus_late_messages"},
    NamedCounter{Counter::kConnectionsCut, "bus_connections_cut"},
    NamedCounter{Counter::kHandshakesUnknownKey, "bus_handshakes_unknown_key"},
    NamedCounter{Counter::kHandshakesExpiredKey, "bus_handshakes_expired_key"},
    NamedCounter{Counter::kHandshakesOtherServerKey, "bus_handshakes_other_server_key"},
    NamedCounter{Counter::kHandshakesOtherMechanism, "bus_handshakes_other_mechanism"},
    NamedCounter{Counter::kHandshakesFailed, "bus_handshakes_failed"},
    NamedCounter{Counter::kPermissionsDenied, "security_permissions_denied"},
    NamedCounter{Counter::kKeysShutOut, "security_keys_shut_out"},
};

consteval bool counters_stand_at_their_indexes() {
  for (std::size_t i = 0; i < kNamedCounters.size(); ++i) {
    if (kNamedCounters[i].counter != static_cast<Counter>(i)) return false;
  }
  return kNamedCounters.size() == static_cast<std::size_t>(Counter::kCount);
}
static_assert(counters_stand_at_their_indexes(),
              "kNamedCounters has one row for each counter, in the order of the enum");

// The names alone, by the index of their counter.
inline constexpr auto kCounterNames = [] {
  std::array<std::string_view, kNamedCounters.size()> names;
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kNamedCounters[i].name;
  return names;
}();

// The values of all counters. Thread: any.
class Counters {
 public:
  void add(Counter counter, std::uint64_t count = 1) {
    at(counter).fetch_add(count, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t get(Counter counter) const {
    return values_[static_cast<std::size_t>(counter)].load(std::memory_order_relaxed);
  }

  // Calls visit(name, value) for each counter.
  template <class Visit>
  void each(Visit&& visit) const {
    for (const auto& [counter, name] : kNamedCounters) visit(name, get(counter));
  }

 private:
  std::atomic<std::uint64_t>& at(Counter counter) {
    return values_[static_cast<std::size_t>(counter)];
  }

  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Counter::kCount)> values_{};
};

}  // namespace ccbus
