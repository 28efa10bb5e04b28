#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace ccbus {

// Counts since the start. Every limit that is reached and every refusal has one.
enum class Counter : std::size_t {
  kStreamsStarted,
  kStreamsEnded,
  kRegistrationsRefused,
  kProtocolViolations,    // Messages that ended a stream.
  kUnregisteredRejected,  // Messages of peers without a handler, answered "register again".
  kSendsRefused,          // Peer gone, or its queue full.
  kRequestsServed,        // GET_STATE and its kin.
  kRequestsFailed,        // Answered by ERROR.
  kTransactionsStarted,
  kTransactionsCompleted,
  kExecuteTimeouts,
  kRequestsDropped,  // A second one while the transaction's first had no answer yet.
  kLateMessages,     // COMPLETED or ERROR of a transaction that is over.
  kClientRequests,
  kClientLookUps,            // Of these: answers about what is; they ran and changed nothing.
  kClientRequestsRefused,    // Not understood, or above a limit.
  kClientRequestsExhausted,  // Taken, and then refused for a limit.
  kClientAnswersLost,        // The client had left.
  kSubmitsRetried,           // Run again after a conflict.
  kTransactionsValid,
  kTransactionsInvalid,
  kBlocks,
  kBlockBytes,          // Of the transactions in them.
  kCommitMicroseconds,  // Of all blocks: validation, write and sync.
  kPeersConnected,
  kPeersGone,
  kPeersLateMessages,  // Still under way when their connection was gone.
  kCount,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Counter::kCount)>
    kCounterNames = {
        "chaincode_streams_started",
        "chaincode_streams_ended",
        "chaincode_registrations_refused",
        "chaincode_protocol_violations",
        "chaincode_strangers_turned_away",
        "chaincode_sends_refused",
        "chaincode_shim_requests_completed",
        "chaincode_shim_requests_failed",
        "chaincode_transactions_started",
        "chaincode_transactions_completed",
        "chaincode_execute_timeouts",
        "chaincode_shim_requests_dropped",
        "chaincode_late_messages",
        "gateway_requests",
        "gateway_look_ups",
        "gateway_requests_refused",
        "gateway_requests_exhausted",
        "gateway_answers_lost",
        "gateway_retries",
        "ledger_transactions_valid",
        "ledger_transactions_invalid",
        "ledger_blocks",
        "ledger_block_bytes",
        "ledger_commit_microseconds",
        "bus_peers_connected",
        "bus_peers_gone",
        "bus_late_messages",
};

// Written by the thread that owns what is counted, read from any.
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
    for (std::size_t i = 0; i < values_.size(); ++i) {
      visit(kCounterNames[i], values_[i].load(std::memory_order_relaxed));
    }
  }

 private:
  std::atomic<std::uint64_t>& at(Counter counter) {
    return values_[static_cast<std::size_t>(counter)];
  }

  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Counter::kCount)> values_{};
};

}  // namespace ccbus
