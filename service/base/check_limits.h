#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "service/base/limits.h"

namespace ccbus {

// One limit that has to be at most another one, and why. Limits have their keys as names.
struct LimitRule {
  std::string_view smaller;
  std::uint64_t smaller_value;
  std::string_view larger;
  std::uint64_t larger_value;
  std::string_view why;
};

// How the limits depend on each other: returns the first rule that they break.
[[nodiscard]] constexpr std::optional<LimitRule> check(const Limits& limits) {
  const LimitRule rules[] = {
      {"peer.maxRecvMsgSize", limits.message_bytes_max, "limits.backlogBytes",
       limits.backlog_bytes_max, "a message has to fit into the queue of its peer"},
      {"limits.backlogBytes", limits.backlog_bytes_max, "limits.backlogTotalBytes",
       limits.backlog_total_max, "the queue of one peer is a part of those of all"},
      {"twice peer.maxRecvMsgSize", 2 * std::uint64_t{limits.message_bytes_max},
       "limits.receivedTotalBytes", limits.received_total_max,
       "what one connection may bring is a part of what all may"},
      {"limits.transactionBytes", limits.transaction_bytes_max, "limits.transactionsBytes",
       limits.transactions_bytes_max, "one transaction is a part of all"},
      {"orderer.batchSize.preferredMaxBytes", limits.block_bytes_preferred,
       "orderer.batchSize.absoluteMaxBytes", limits.block_bytes_max,
       "a block of the preferred size has to be allowed"},
      {"orderer.batchSize.absoluteMaxBytes", limits.block_bytes_max, "orderer.queueBytes",
       limits.ordering_queue_bytes_max, "a transaction has to fit into the queue"},
      {"orderer.batchSize.absoluteMaxBytes", limits.block_bytes_max, "ledger.memoryBytes",
       limits.storage_bytes_max, "a block is in memory before it is in a table"},
      {"orderer.batchSize.absoluteMaxBytes", limits.block_bytes_max, "peer.maxRecvMsgSize",
       limits.message_bytes_max, "a block has to fit into the answer with its events"},
      {"twice peer.limits.concurrency.gatewayService plus limits.backgroundJobs",
       2 * std::uint64_t{limits.requests_open_max} + limits.background_jobs_max,
       "the next-state pipe's size", static_cast<std::uint64_t>(limits.next_state_pipe_max),
       "what signers and workers have prepared has to fit into the pipe"},
  };
  for (const LimitRule& rule : rules) {
    if (rule.smaller_value > rule.larger_value) return rule;
  }
  return std::nullopt;
}

static_assert(!check(Limits{}));

}  // namespace ccbus
