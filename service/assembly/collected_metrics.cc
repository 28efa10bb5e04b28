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

// A series begins with its first event, as in Fabric: 26 types by outcome by chaincode would be
// mostly zeros.
void add_count(Exposition& metrics, std::string_view name, std::string_view help, Labels labels,
               const Count& count) {
  if (count.get() == 0) return;
  metrics.counter(name, help, std::move(labels), static_cast<double>(count.get()));
}

// Calls visit(labels, figures) for success and for its lack, as far as there has been any.
template <class Histograms, class Visit>
void each_outcome(const Labels& labels, const Histograms& by_success, Visit&& visit) {
  for (const bool success : {false, true}) {
    const HistogramFigures figures = by_success[success ? 1 : 0].figures();
    if (figures.count() == 0) continue;
    Labels with_success = labels;
    with_success.emplace_back("success", success ? "true" : "false");
    visit(with_success, figures);
  }
}

void collect_type(const Labels& labels, const chaincode::RequestFigures& figures,
                  Exposition& metrics) {
  if (figures.received.get() == 0) return;  // Most types, and then nothing is completed.
  add_count(metrics, "chaincode_shim_requests_received", "Requests of chaincodes.", labels,
            figures.received);
  each_outcome(labels, figures.completed, [&](const Labels& outcome, const auto& completed) {
    metrics.counter("chaincode_shim_requests_completed", "Requests that had their answer.", outcome,
                    static_cast<double>(completed.count()));
    metrics.histogram("chaincode_shim_request_duration", "Seconds from a request to its answer.",
                      outcome, completed);
  });
}

std::size_t open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), closedir);
  if (directory == nullptr) return 0;
  std::size_t entries = 0;
  while (readdir(directory.get()) != nullptr) ++entries;
  return entries - 3;  // Without ".", ".." and the one that reads.
}

}  // namespace

void collect_counters(const Counters& counters, Exposition& metrics) {
  counters.each([&](std::string_view name, std::uint64_t value) {
    if (name == kCounterNames[static_cast<std::size_t>(Counter::kCommitMicroseconds)]) {
      return;  // ledger_block_processing_time has its sum.
    }
    std::string help(name);
    std::ranges::replace(help, '_', ' ');
    metrics.counter("ccbus_" + std::string(name) + "_total", "Since the start: " + help + ".", {},
                    static_cast<double>(value));
  });
}

void collect_requests(const chaincode::ShimMetrics& requests, Exposition& metrics) {
  std::map<std::string, std::uint64_t> timeouts;  // By chaincode, of all channels.
  requests.each([&](const auto& names, const chaincode::ShimFigures& figures) {
    timeouts[names[1]] += figures.execute_timeouts.get();
    for (std::size_t type = 0; type < figures.requests.size(); ++type) {
      const auto name =
          protos::ChaincodeMessage::Type_Name(static_cast<protos::ChaincodeMessage::Type>(type));
      collect_type({{"type", name}, {"channel", names[0]}, {"chaincode", names[1]}},
                   figures.requests[type], metrics);
    }
  });
  for (const auto& [chaincode, count] : timeouts) {
    if (count == 0) continue;
    metrics.counter("chaincode_execute_timeouts", "Transactions that ran for too long.",
                    {{"chaincode", chaincode}}, static_cast<double>(count));
  }
}

void collect_proposals(const gateway::EndorserMetrics& proposals, Exposition& metrics) {
  const auto total = [&](const char* name, const char* help, const Count& count) {
    metrics.counter(name, help, {}, static_cast<double>(count.get()));
  };
  total("endorser_proposals_received", "Proposals that applications asked for.",
        proposals.received);
  total("endorser_successful_proposals", "Proposals that were simulated with success.",
        proposals.successful);
  total("endorser_proposal_validation_failures", "Proposals that lack something.",
        proposals.validation_failures);
  proposals.proposals.each([&](const auto& names, const gateway::ProposalFigures& figures) {
    const Labels labels = {{"channel", names[0]}, {"chaincode", names[1]}};
    each_outcome(labels, figures.proposals, [&](const Labels& outcome, const auto& took) {
      metrics.histogram("endorser_proposal_duration", "Seconds from a proposal to its answer.",
                        outcome, took);
    });
    add_count(metrics, "endorser_endorsement_failures", "Answers with an error's status.",
              {labels[0], labels[1], {"chaincodeerror", "true"}}, figures.chaincode_errors);
    add_count(metrics, "endorser_proposal_simulation_failures", "Proposals without an answer.",
              labels, figures.simulation_failures);
    add_count(metrics, "endorser_duplicate_transaction_failures",
              "Proposals of a transaction that runs already.", labels, figures.duplicates);
  });
}

void collect_channel(const CommitterFigures& figures, Exposition& metrics) {
  const std::pair<std::string, std::string> channel{"channel", figures.channel.value};
  metrics.gauge("ledger_blockchain_height", "Blocks of the channel.", {channel},
                static_cast<double>(figures.height));
  metrics.histogram("ledger_block_processing_time",
                    "Seconds from a block's batch to its sync, all stages.", {channel},
                    figures.block);
  metrics.histogram("ledger_blockstorage_and_pvtdata_commit_time",
                    "Seconds of the one atomic, synced write of block, state and private data.",
                    {channel}, figures.write);
  const auto stage = [&](const char* name, const HistogramFigures& took) {
    metrics.histogram("ccbus_commit_stage_seconds", "Seconds of a stage of a commit.",
                      {channel, {"stage", name}}, took);
  };
  stage("validate", figures.validate);
  stage("prepare", figures.prepare);
  stage("write", figures.write);
  metrics.histogram("ccbus_block_fill_ratio",
                    "Transactions of a block over orderer.batchSize.maxMessageCount.", {channel},
                    figures.fill);
  metrics.histogram("blockcutter_block_fill_duration",
                    "Seconds from a block's first transaction to its cut.", {channel},
                    figures.fill_duration);
  for (const TransactionsCounted& counted : figures.transactions) {
    if (counted.count == 0) continue;
    metrics.counter("ledger_transaction_count", "Transactions in blocks, by outcome.",
                    {channel,
                     {"transaction_type", counted.type},
                     {"chaincode", counted.chaincode},
                     {"validation_code", counted.validation_code}},
                    static_cast<double>(counted.count));
  }
  metrics.gauge("ccbus_ordering_queue", "Transactions that wait for a block.", {channel},
                static_cast<double>(figures.waiting));

  const auto storage = [&](const char* name, const char* help, std::uint64_t value) {
    metrics.gauge(name, help, {channel}, static_cast<double>(value));
  };
  const ledger::StorageFigures& store = figures.storage;
  storage("ccbus_rocksdb_live_bytes", "Data in tables on the disk.", store.live_bytes);
  storage("ccbus_rocksdb_memtable_bytes", "Data that is in no table yet.", store.memtable_bytes);
  storage("ccbus_rocksdb_block_cache_bytes", "Of the block cache.", store.block_cache_bytes);
  storage("ccbus_rocksdb_compactions_running", "Compactions now.", store.compactions_running);
  storage("ccbus_rocksdb_compaction_pending_bytes", "What compaction has to rewrite.",
          store.compaction_pending_bytes);
  storage("ccbus_rocksdb_background_errors", "Failed flushes and compactions.",
          store.background_errors);
  storage("ccbus_rocksdb_write_stopped", "1 while no write is taken.", store.write_stopped ? 1 : 0);
}

void collect_process(Exposition& metrics) {
  const ResourceUsage usage = read_resource_usage();
  metrics.counter("process_cpu_seconds_total", "Processor time, user and system.", {},
                  std::chrono::duration<double>(usage.cpu).count());
  metrics.gauge("process_resident_memory_bytes", "Resident memory.", {},
                static_cast<double>(usage.resident_bytes));
  metrics.gauge("process_open_fds", "Open descriptors.", {},
                static_cast<double>(open_descriptors()));
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  metrics.gauge("process_max_fds", "Descriptors that it may open.", {},
                static_cast<double>(limit.rlim_cur));
}

}  // namespace ccbus
