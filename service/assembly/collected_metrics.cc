#include "service/assembly/collected_metrics.h"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "service/metrics/resource_usage.h"

namespace ccbus {
namespace {

using operations::Exposition;
using operations::Labels;

// As in Fabric, a series is absent until its first event: most combinations of message type,
// outcome and chaincode never occur.
void add_count(Exposition& exposition, std::string_view name, std::string_view help, Labels labels,
               const Count& count) {
  if (count.get() == 0) return;
  exposition.counter(name, help, std::move(labels), static_cast<double>(count.get()));
}

// Calls visit(labels, metrics) for success and for failure, if there has been any.
template <class Histograms, class Visit>
void each_outcome(const Labels& labels, const Histograms& by_success, Visit&& visit) {
  for (const bool success : {false, true}) {
    const HistogramSnapshot metrics = by_success[success ? 1 : 0].snapshot();
    if (metrics.count() == 0) continue;
    Labels with_success = labels;
    with_success.emplace_back("success", success ? "true" : "false");
    visit(with_success, metrics);
  }
}

void collect_type(const Labels& labels, const chaincode::RequestMetrics& metrics,
                  Exposition& exposition) {
  if (metrics.received.get() == 0) return;  // True for most types; then none was completed either.
  add_count(exposition, "chaincode_shim_requests_received", "Requests of chaincodes.", labels,
            metrics.received);
  each_outcome(labels, metrics.completed, [&](const Labels& outcome, const auto& completed) {
    exposition.counter("chaincode_shim_requests_completed", "Requests that had their answer.",
                       outcome, static_cast<double>(completed.count()));
    exposition.histogram("chaincode_shim_request_duration", "Seconds from a request to its answer.",
                         outcome, completed);
  });
}

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
  if (directory == nullptr) return 0;
  std::size_t entries = 0;
  while (readdir(directory.get()) != nullptr) ++entries;
  return entries - 3;  // Without ".", ".." and the descriptor of this directory.
}

void collect_log(const std::pair<std::string, std::string>& channel, const LogMetrics& log,
                 Exposition& exposition) {
  exposition.gauge("ccbus_log_reached", "0 while the log of the channel is out of reach.",
                   {channel}, log.fault.empty() ? 1 : 0);
  exposition.gauge("ccbus_log_durable", "0 if the log could lose what it has acknowledged.",
                   {channel}, log.not_durable.empty() ? 1 : 0);
  exposition.gauge("ccbus_log_position", "Of the last entry that made a block.", {channel},
                   static_cast<double>(log.position));
  if (log.end) {
    exposition.gauge("ccbus_log_end", "Of the last entry, as the brokers said.", {channel},
                     static_cast<double>(*log.end));
  }
  exposition.counter("ccbus_log_appended_again_total",
                     "Entries that were appended once more, since one could be missing.", {channel},
                     static_cast<double>(log.appended_again));
  for (const auto& [why, count] : log.passed_over) {
    exposition.counter("ccbus_log_passed_over_total", "Entries that do not count.",
                       {channel, {"reason", why}}, static_cast<double>(count));
  }
}

}  // namespace

void collect_counters(const Counters& counters, Exposition& exposition) {
  counters.each([&](std::string_view name, std::uint64_t value) {
    if (name == kCounterNames[static_cast<std::size_t>(Counter::kCommitMicroseconds)]) {
      return;  // The sum of ledger_block_processing_time has the same value.
    }
    std::string help(name);
    std::ranges::replace(help, '_', ' ');
    exposition.counter("ccbus_" + std::string(name) + "_total", "Since the start: " + help + ".",
                       {}, static_cast<double>(value));
  });
}

void collect_requests(const chaincode::LabelledShimMetrics& requests, Exposition& exposition) {
  std::map<std::string, std::uint64_t> timeouts;  // By chaincode, over all channels.
  requests.each([&](const auto& names, const chaincode::ShimMetrics& metrics) {
    timeouts[names[1]] += metrics.execute_timeouts.get();
    for (std::size_t type = 0; type < metrics.requests.size(); ++type) {
      const auto name =
          protos::ChaincodeMessage::Type_Name(static_cast<protos::ChaincodeMessage::Type>(type));
      collect_type({{"type", name}, {"channel", names[0]}, {"chaincode", names[1]}},
                   metrics.requests[type], exposition);
    }
  });
  for (const auto& [chaincode, count] : timeouts) {
    if (count == 0) continue;
    exposition.counter("chaincode_execute_timeouts", "Transactions that ran for too long.",
                       {{"chaincode", chaincode}}, static_cast<double>(count));
  }
}

void collect_next_states(const chaincode::NextStateMetrics& next_states, Exposition& exposition) {
  using Message = protos::ChaincodeMessage;
  using Origin = chaincode::NextStateMetrics::Origin;
  for (const auto& [origin, name] : {std::pair{Origin::kBus, "bus"}, {Origin::kPipe, "pipe"}}) {
    const auto& by_type = next_states.handled[static_cast<std::size_t>(origin)];
    for (const Message::Type type :
         {Message::READY, Message::INIT, Message::TRANSACTION, Message::RESPONSE, Message::ERROR}) {
      add_count(exposition, "ccbus_next_states_total",
                "Next states, by message and origin: signers and workers (pipe) or the bus thread.",
                {{"origin", name}, {"type", Message::Type_Name(type)}}, by_type[type]);
    }
  }
  exposition.counter("ccbus_next_states_late_total",
                     "Next states whose transaction or request was over; not sent.", {},
                     static_cast<double>(next_states.late.get()));
  exposition.counter("ccbus_next_states_empty_total",
                     "Next states without a message; they end their stream.", {},
                     static_cast<double>(next_states.without_message.get()));
}

void collect_proposals(const gateway::EndorserMetrics& proposals, Exposition& exposition) {
  const auto total = [&](const char* name, const char* help, const Count& count) {
    exposition.counter(name, help, {}, static_cast<double>(count.get()));
  };
  total("endorser_proposals_received", "Proposals that applications asked for.",
        proposals.received);
  total("endorser_successful_proposals", "Proposals that were simulated with success.",
        proposals.successful);
  total("endorser_proposal_validation_failures", "Proposals that lack something.",
        proposals.validation_failures);
  proposals.proposals.each([&](const auto& names, const gateway::ProposalMetrics& metrics) {
    const Labels labels = {{"channel", names[0]}, {"chaincode", names[1]}};
    each_outcome(labels, metrics.proposals, [&](const Labels& outcome, const auto& took) {
      exposition.histogram("endorser_proposal_duration", "Seconds from a proposal to its answer.",
                           outcome, took);
    });
    add_count(exposition, "endorser_endorsement_failures", "Answers with an error's status.",
              {labels[0], labels[1], {"chaincodeerror", "true"}}, metrics.chaincode_errors);
    add_count(exposition, "endorser_proposal_simulation_failures", "Proposals without an answer.",
              labels, metrics.simulation_failures);
    add_count(exposition, "endorser_duplicate_transaction_failures",
              "Proposals of a transaction that runs already.", labels, metrics.duplicates);
  });
}

void collect_channel(const CommitterMetrics& metrics, Exposition& exposition) {
  const std::pair<std::string, std::string> channel{"channel", metrics.channel.value};
  exposition.gauge("ledger_blockchain_height", "Blocks of the channel.", {channel},
                   static_cast<double>(metrics.height));
  exposition.histogram("ledger_block_processing_time",
                       "Seconds from a block's batch to its sync, all stages.", {channel},
                       metrics.block);
  exposition.histogram("ledger_blockstorage_and_pvtdata_commit_time",
                       "Seconds of the one atomic, synced write of block, state and private data.",
                       {channel}, metrics.write);
  const auto stage = [&](const char* name, const HistogramSnapshot& took) {
    exposition.histogram("ccbus_commit_stage_seconds", "Seconds of a stage of a commit.",
                         {channel, {"stage", name}}, took);
  };
  stage("validate", metrics.validate);
  stage("prepare", metrics.prepare);
  stage("write", metrics.write);
  exposition.histogram("ccbus_block_fill_ratio",
                       "Transactions of a block over orderer.batchSize.maxMessageCount.", {channel},
                       metrics.fill);
  exposition.histogram("blockcutter_block_fill_duration",
                       "Seconds from a block's first transaction to its cut.", {channel},
                       metrics.fill_duration);
  for (const TransactionsCounted& counted : metrics.transactions) {
    if (counted.count == 0) continue;
    exposition.counter("ledger_transaction_count", "Transactions in blocks, by outcome.",
                       {channel,
                        {"transaction_type", counted.type},
                        {"chaincode", counted.chaincode},
                        {"validation_code", counted.validation_code}},
                       static_cast<double>(counted.count));
  }
  exposition.gauge("ccbus_ordering_queue", "Transactions that wait for a block.", {channel},
                   static_cast<double>(metrics.waiting));

  if (metrics.log) collect_log(channel, *metrics.log, exposition);

  const auto storage = [&](const char* name, const char* help, std::uint64_t value) {
    exposition.gauge(name, help, {channel}, static_cast<double>(value));
  };
  const ledger::StorageMetrics& store = metrics.storage;
  storage("ccbus_rocksdb_live_bytes", "Data in tables on the disk.", store.live_bytes);
  storage("ccbus_rocksdb_memtable_bytes", "Data that is in no table yet.", store.memtable_bytes);
  storage("ccbus_rocksdb_block_cache_bytes",
          "Of ledger.memoryBytes in use, memtables included; all channels share it.",
          store.block_cache_bytes);
  storage("ccbus_rocksdb_compactions_running", "Compactions now.", store.compactions_running);
  storage("ccbus_rocksdb_compaction_pending_bytes", "What compaction has to rewrite.",
          store.compaction_pending_bytes);
  storage("ccbus_rocksdb_background_errors", "Failed flushes and compactions.",
          store.background_errors);
  storage("ccbus_rocksdb_write_stopped", "1 while no write is taken.", store.write_stopped ? 1 : 0);
}

void collect_process(Exposition& exposition) {
  const ResourceUsage usage = read_resource_usage();
  exposition.counter("process_cpu_seconds_total", "Processor time, user and system.", {},
                     std::chrono::duration<double>(usage.cpu).count());
  exposition.gauge("process_resident_memory_bytes", "Resident memory.", {},
                   static_cast<double>(usage.resident_bytes));
  exposition.gauge("process_open_fds", "Open descriptors.", {},
                   static_cast<double>(open_descriptors()));
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  exposition.gauge("process_max_fds", "Descriptors that it may open.", {},
                   static_cast<double>(limit.rlim_cur));
}

}  // namespace ccbus
