// Every key of the configuration: the member that it sets, the kind of its values, and its meaning.
#include <algorithm>
#include <array>

#include "service/config/config_values.h"

namespace ccbus {
namespace {

using namespace config_values;

constexpr std::uint64_t kKiB = 1u << 10;
constexpr std::uint64_t kMiB = kKiB << 10;
constexpr std::uint64_t kGiB = kMiB << 10;

constexpr char kTrue[] = "true";
constexpr char kFalse[] = "false";
constexpr char kReject[] = "reject";
constexpr char kPool[] = "pool";
using Flag = Either<kTrue, kFalse>;
constexpr char kKafka[] = "kafka";
constexpr char kEmbedded[] = "embedded";
using LogType = Either<kKafka, kEmbedded>;
using Duplicates = Either<kReject, kPool>;
using Patience = Duration<kSecond, 24 * kHour>;

constexpr std::array kKeys = {
    key<Endpoint, &Config::chaincode_address>("peer.chaincodeListenAddress",
                                              "where chaincode connects"),
    key<Endpoint, &Config::client_address>("peer.listenAddress", "where applications connect"),
    key<MspId, &Config::msp_id>("peer.localMspId", "the MSP id of the development identity"),
    key<Flag, &Config::sign_proposals>(
        "peer.signProposals",
        "true: the development identity signs each proposal; false: their signature is empty"),
    key<MspFolders, &Config::endorsing_identities>(
        "peer.identities",
        "the identities with which the service endorses, one for each organisation; on channels "
        "that have a configuration"),
    key<Count<kKiB, kGiB>, &Limits::message_bytes_max>("peer.maxRecvMsgSize",
                                                       "bytes of the largest message, in or out"),
    key<Count<1, 1'000'000>, &Limits::requests_open_max>("peer.limits.concurrency.gatewayService",
                                                         "requests of all clients that work, open "
                                                         "at once; one client may have half of it"),
    key<Patience, &Config::gateway_wait>("peer.gateway.waitTimeout",
                                         "how long an application may wait for blocks and events"),
    key<Patience, &Config::prepared_lifetime>("peer.gateway.preparedLifetime",
                                              "how long an endorsed transaction waits for Submit"),
    key<Interval, &Config::keepalive>("chaincode.keepalive",
                                      "time between two KEEPALIVEs to one chaincode; 0: never"),
    key<Duration<kSecond, kNoEnd>, &Config::execute_timeout>(
        "chaincode.executetimeout", "how long a transaction may run in its chaincode"),
    key<Duplicates, &Config::reject_duplicates>(
        "chaincode.duplicates",
        "pool: processes of one name share its transactions; reject: only the first may register"),
    key<Flag, &Config::autodefine>("chaincode.autodefine",
                                   "true: chaincode that connects needs no definition"),
    key<Flag, &Config::use_write_batch>("chaincode.runtimeParams.useWriteBatch",
                                        "true: offer WRITE_BATCH_STATE"),
    key<Count<1, 1'000'000>, &Limits::batch_writes_max>(
        "chaincode.runtimeParams.maxSizeWriteBatch", "writes of one batch, as announced in READY"),
    key<Flag, &Config::use_get_multiple_keys>("chaincode.runtimeParams.useGetMultipleKeys",
                                              "true: offer GET_STATE_MULTIPLE"),
    key<Count<1, 1'000'000>, &Limits::multiple_keys_max>(
        "chaincode.runtimeParams.maxSizeGetMultipleKeys",
        "keys of one read, as announced in READY"),
    key<LedgerDirectory, &Config::ledger_directory>(
        "ledger.directory",
        "where the channels' databases are; :memory: keeps them in memory, lost when it stops"),
    key<ChannelIds, &Config::channels>("ledger.channels", "channels that exist from the start"),
    key<Count<16 * kMiB, 1'024 * kGiB>, &Limits::storage_bytes_max>(
        "ledger.memoryBytes",
        "bytes of memory for the databases of all channels: what is not yet in tables, and cached "
        "filters, indexes and data"),
    key<StateDatabaseName, &Config::state_database>(
        "ledger.state.stateDatabase",
        "whose rules for keys and values new channels have: any of them, or those of Fabric on "
        "CouchDB"),
    key<Count<1, 100'000'000>, &Limits::results_per_query>(
        "ledger.state.totalQueryLimit", "results of one query, over all its pages"),
    key<Count<0, 64 * kGiB>, &Limits::view_cache_bytes_max>(
        "ledger.state.cacheBytes",
        "bytes of reads that transactions between two blocks share, in each channel"),
    key<Flag, &Config::history>("ledger.history.enableHistoryDatabase",
                                "true: keep the earlier values of every key"),
    key<Count<1, 100'000>, &Limits::block_transactions_max>("orderer.batchSize.maxMessageCount",
                                                            "transactions of a block"),
    key<Count<kKiB, kGiB>, &Limits::block_bytes_preferred>("orderer.batchSize.preferredMaxBytes",
                                                           "bytes at which a block is cut"),
    key<Count<kKiB, kGiB>, &Limits::block_bytes_max>("orderer.batchSize.absoluteMaxBytes",
                                                     "bytes of the largest transaction"),
    key<Count<1, 1'000'000>, &Limits::ordering_queue_max>("orderer.queue",
                                                          "transactions that wait for a block"),
    key<Count<kMiB, 1'024 * kGiB>, &Limits::ordering_queue_bytes_max>(
        "orderer.queueBytes", "bytes of transactions that wait for a block, with private data"),
    key<LogType, &Config::is_ordered_by_kafka>(
        "ordering.type",
        "embedded: this service orders its channels; kafka: a topic orders each, for all the "
        "services that share it"),
    key<ReplicaId, &Config::replica>("ordering.replica",
                                     "what this service is called among those that share a log; "
                                     "empty: a name is made at the first start, and kept"),
    key<KafkaBrokers, &Config::kafka_brokers>("ordering.kafka.brokers",
                                              "where the brokers are found"),
    key<Path, &Config::kafka_properties>("ordering.kafka.properties",
                                         "a file with settings of librdkafka, such as those of "
                                         "SASL and TLS: name=value, one a line"),
    key<Flag, &Config::kafka_allow_unsafe>(
        "ordering.kafka.allowUnsafe",
        "true: go on with a topic that can lose what it has acknowledged, as one with a single "
        "copy; for development"),
    key<Count<1, 1'000'000>, &Limits::peers_max>("limits.peers", "connections to one endpoint"),
    key<Count<kKiB, kGiB>, &Limits::request_bytes_max>("limits.clientMessageBytes",
                                                       "bytes of the largest request of a client"),
    key<Count<kKiB, 64 * kGiB>, &Limits::transaction_bytes_max>(
        "limits.transactionBytes", "bytes that one transaction may read and write while it runs"),
    key<Count<kKiB, 1'024 * kGiB>, &Limits::transactions_bytes_max>(
        "limits.transactionsBytes", "the same for all running transactions together"),
    key<Count<1, 1'000'000>, &Limits::transactions_per_handler>(
        "limits.transactionsPerHandler", "open transactions of one chaincode process"),
    key<Count<1, 1'000'000>, &Limits::requests_waiting_max>(
        "limits.gatewayWaiting",
        "requests of all clients that wait for events and statuses; one client may have half of "
        "it"),
    key<Count<1, 10'000>, &Limits::iterators_per_transaction>("limits.iteratorsPerTransaction",
                                                              "queries open in one transaction"),
    key<Count<1, 1'000>, &Limits::call_depth_max>("limits.callDepth",
                                                  "chaincodes that call each other in a row"),
    key<Count<1, 256>, &Limits::workers>(
        "limits.workers",
        "threads for rich queries and other long work, and as many for signatures"),
    key<Count<1, 1'000'000>, &Limits::background_jobs_max>("limits.backgroundJobs",
                                                           "jobs waiting for a worker"),
    key<Count<1, 10'000'000>, &Limits::backlog_messages_max>(
        "limits.backlogMessages", "messages queued for one peer that reads too slowly"),
    key<Count<kKiB, 64 * kGiB>, &Limits::backlog_bytes_max>(
        "limits.backlogBytes", "bytes queued for one peer that reads too slowly"),
    key<Count<kKiB, 1'024 * kGiB>, &Limits::backlog_total_max>(
        "limits.backlogTotalBytes", "bytes queued for all peers of an endpoint"),
    key<Count<kKiB, 1'024 * kGiB>, &Limits::received_total_max>(
        "limits.receivedTotalBytes",
        "bytes that came in at an endpoint and are not yet a whole message or not yet handled"),
    key<Duration<100, kNoEnd>, &Limits::first_message>(
        "limits.firstMessage", "in which a new connection says something, or is cut"),
    key<Count<1, 10'000>, &Limits::channels_max>("limits.channels", "channels of the service"),
    key<Count<0, 10'000>, &Limits::retries_max>(
        "limits.retries", "how often one submit may be run again after conflicts"),
    key<Count<1, 1'000'000>, &Limits::prepared_transactions_max>(
        "limits.preparedTransactions", "endorsed transactions that wait for Submit"),
    key<Count<kKiB, 64 * kGiB>, &Limits::prepared_bytes_max>(
        "limits.preparedBytes", "bytes of endorsed transactions that wait for Submit"),
    key<Count<1, 100'000>, &Limits::ledger_page_max>(
        "limits.ledgerPage", "entries of one page that an application asks the ledger for"),
    key<Count<0, 1'000'000'000 * kMiB>, &Limits::disk_free_bytes_min>(
        "limits.diskFreeBytes",
        "free bytes on the ledger's disk below which submits are refused and /healthz fails"),
    key<Duration<100, kNoEnd>, &Limits::commit_stall>(
        "limits.commitStall",
        "how long the commit of a block may take before /healthz reports it as stalled"),
    key<HostAndPort, &Config::operations_address>(
        "operations.listenAddress",
        "where /healthz, /metrics and the other operations are served over HTTP; empty: not "
        "served"),
    key<HostNames, &Config::operations_hosts>("operations.hosts",
                                              "further names under which PUT requests may reach "
                                              "the operations endpoint; localhost and the "
                                              "address itself always may"),
    key<Flag, &Config::operations_tls>("operations.tls.enabled",
                                       "true: the operations are served over TLS"),
    key<Path, &Config::operations_certificate>(
        "operations.tls.cert.file", "the certificate of the operations endpoint, in PEM"),
    key<Path, &Config::operations_key>("operations.tls.key.file", "its private key, in PEM"),
    key<Flag, &Config::operations_client_auth>(
        "operations.tls.clientAuthRequired",
        "true: every path needs a certificate that one of operations.tls.clientRootCAs has issued"),
    key<Paths, &Config::operations_client_roots>(
        "operations.tls.clientRootCAs.files",
        "CAs, in PEM; a client with a certificate of theirs may read and change everything"),
    key<Path, &Config::operations_tokens>(
        "operations.tokens",
        "a file with the SHA-256 of the bearer tokens that may read or write; empty: no token is "
        "accepted"),
    key<Duration<0, kHour>, &Config::shutdown_grace>(
        "shutdown.grace", "how long open transactions may take to end when the service stops"),
    key<Path, &Config::server_key>(
        "security.serverKey",
        "the service's own certificate, as `ccbus keygen` makes it; empty: nobody is asked for a "
        "key"),
    key<Path, &Config::keys_directory>(
        "security.keys",
        "the directory with the public certificates of those who may connect, and what they may "
        "do; used if security.serverKey is set"),
    key<Path, &Config::next_server_key>(
        "security.rotation.serverKey",
        "while the service's key is replaced: the certificate of its next key"),
    key<OptionalEndpoint, &Config::next_chaincode_address>(
        "security.rotation.chaincodeListenAddress",
        "where chaincode connects that has the next key already"),
    key<OptionalEndpoint, &Config::next_client_address>(
        "security.rotation.listenAddress",
        "where applications connect that have the next key already"),
    key<Flag, &Config::insecure>("security.insecure", "true: listen beyond loopback without keys"),
    key<LogLevel, &Config::log_level>(kLogLevelKey,
                                      "how much is logged; SIGHUP and /logspec change it at once"),
};

}  // namespace

std::span<const ConfigKey> config_keys() {
  return kKeys;
}

// The addresses and keys change together: an address is left when the next one takes its place.
bool can_change(std::string_view path) {
  constexpr std::array<std::string_view, 7> kChangeable = {
      kLogLevelKey,
      "peer.chaincodeListenAddress",
      "peer.listenAddress",
      "security.serverKey",
      "security.rotation.serverKey",
      "security.rotation.chaincodeListenAddress",
      "security.rotation.listenAddress"};
  return std::ranges::find(kChangeable, path) != kChangeable.end();
}

}  // namespace ccbus
