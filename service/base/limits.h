#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ccbus {

// Every limit of the service. The configuration may change a limit within the range that
// config_keys.cc gives (docs/configuration.md), but cannot remove it. A limit that is reached gives
// ErrorCode::kExhausted (or the typed answer named here) and raises a counter of metrics.h.
struct Limits {
  // Wire.
  std::size_t message_bytes_max = 100u << 20;  // One frame, in or out; Fabric's 100 MiB.
  std::size_t request_bytes_max = 16u
                                  << 20;  // One request of a client; message_bytes_max if lower.
  int pipe_messages_max = 1000;           // libzmq's high-water mark, per connection and direction.
  std::size_t backlog_messages_max = 10'000;   // Behind a full pipe; beyond it the stream ends.
  std::size_t backlog_bytes_max = 256u << 20;  // Of one peer, until libzmq has written them.
  std::size_t backlog_total_max = 1u << 30;    // Of all peers of an endpoint.
  std::size_t received_total_max = 1u << 30;   // Not yet handed over, of all peers of an endpoint.
  std::chrono::milliseconds first_message{60'000};  // In which a new connection says something.
  std::size_t peers_max = 60'000;                   // Connections to each of the two endpoints.

  // Chaincode.
  std::size_t name_bytes_max = 255;               // Chaincode and channel names.
  std::size_t transactions_per_handler = 20'000;  // Open at once.
  std::size_t transaction_bytes_max = 64u << 20;  // Reads and writes of one running transaction.
  std::size_t transactions_bytes_max = 1u << 30;  // Of all running transactions.
  std::size_t iterators_per_transaction = 100;
  std::size_t call_depth_max = 16;            // Chaincodes that call each other in a row.
  std::uint32_t batch_writes_max = 1000;      // Announced in READY; shims split batches by it.
  std::uint32_t multiple_keys_max = 1000;     // The same for reads of several keys.
  std::size_t results_per_page = 100;         // Fabric's MaxResultLimit.
  std::uint32_t results_per_query = 100'000;  // ledger.state.totalQueryLimit.

  // Ledger.
  std::size_t view_cache_bytes_max = 16u << 20;  // Reads that simulations between two blocks share.
  std::size_t storage_bytes_max = 48u << 20;     // Of all channels' databases; never refused.

  // Gateway. Clients share what all of them may have: one alone gets half (shares.h).
  std::size_t requests_open_max = 20'000;          // That work; beyond it RESOURCE_EXHAUSTED.
  std::size_t requests_waiting_max = 60'000;       // That wait for events and statuses.
  std::uint32_t retries_max = 100;                 // Of one submit after conflicts.
  std::size_t prepared_transactions_max = 20'000;  // Endorsed and waiting for Submit.
  std::size_t prepared_bytes_max = 128u << 20;     // Their bytes.
  std::uint32_t ledger_page_max = 1'000;           // Entries that one ledger query returns.
  std::size_t channels_max = 100;

  // Ordering and blocks.
  std::size_t ordering_queue_max = 20'000;            // Envelopes waiting; clients share it.
  std::size_t ordering_queue_bytes_max = 256u << 20;  // Their bytes, with their private data.
  std::size_t block_transactions_max = 500;           // Fabric's MaxMessageCount.
  std::size_t block_bytes_max = 10u << 20;       // Fabric's AbsoluteMaxBytes; also one envelope's.
  std::size_t block_bytes_preferred = 2u << 20;  // Fabric's PreferredMaxBytes.

  // Operations: beyond these /healthz reports a failed check.
  std::uint64_t disk_free_bytes_min = 256u << 20;  // On the ledger's disk; below, no submits.
  std::chrono::milliseconds commit_stall{10'000};  // Time for which a block has been committing.

  // Threads.
  std::size_t workers = 2;                  // For jobs that are too slow for the bus thread.
  std::size_t background_jobs_max = 2'000;  // Jobs that wait for a worker; peers share it.
  int next_state_pipe_max = 100'000;        // Messages on their way to the bus thread.
};

}  // namespace ccbus
