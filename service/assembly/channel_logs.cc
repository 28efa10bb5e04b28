#include "service/assembly/channel_logs.h"

#include <fstream>
#include <span>
#include <stdexcept>
#include <utility>

#include "service/base/durable_files.h"
#include "service/base/hex.h"
#include "service/gateway/transactions/proposal.h"
#include "service/ordering/kafka/kafka_log.h"
#include "service/ordering/kafka/topics.h"
#include "service/ordering/log/embedded_log.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;
namespace kafka = ordering::kafka;

constexpr std::size_t kNonceBytes = 16;
constexpr std::size_t kNameBytes = 4;

template <class T>
T or_throw(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

std::string random_text(std::size_t bytes) {
  std::string text(bytes, '\0');
  gateway::random_bytes(std::as_writable_bytes(std::span(text)));
  return text;
}

// Made at the first start, and kept: what is under way from before has the same name.
std::string own_name(const fs::path& ledgers) {
  const fs::path file = ledgers / "replica-id";
  std::string name;
  if (std::getline(std::ifstream(file), name) && !name.empty()) return name;
  name = to_hex(random_text(kNameBytes));
  for (const auto& done : {make_directories(ledgers), write_durably(file, name + "\n")}) {
    if (!done) throw std::runtime_error(done.error().message);
  }
  return name;
}

}  // namespace

ChannelLogs::ChannelLogs(const Config& config, Logger& logger)
    : config_(config),
      logger_(logger),
      kafka_{config.kafka_brokers,
             {},
             {},
             kafka::entry_bytes_max(config.limits),
             config.limits.ordering_queue_bytes_max,
             config.kafka_allow_unsafe} {
  if (!config.is_ordered_by_kafka) return;
  if (!config.kafka_properties.empty()) {
    kafka_.properties = or_throw(kafka::read_properties(config.kafka_properties));
    if (auto known = kafka::check_properties(kafka_.properties); !known) {
      throw std::runtime_error(known.error().message);
    }
  }
  replica_ = config.replica.empty() ? own_name(*config.ledger_directory) : config.replica;
}

Result<ChannelLog> ChannelLogs::open(const ledger::ChannelLedger& ledger) const {
  auto kept = ledger.log_state();
  if (!kept) return unexpected(kept.error());
  const bool is_of_kafka = !kept->empty();
  if (is_of_kafka && !config_.is_ordered_by_kafka) {
    return fail(ErrorCode::kPrecondition,
                "its ledger was ordered by a Kafka topic, and ordering.type is embedded");
  }
  if (!config_.is_ordered_by_kafka) {
    return ChannelLog{std::make_unique<ordering::EmbeddedLog>(ledger.position())};
  }
  if (!is_of_kafka && ledger.height() > 0) {
    return fail(ErrorCode::kPrecondition,
                "its ledger was ordered by the embedded log, and ordering.type is kafka");
  }
  auto applied = ordering::decode_log_state(*kept);
  if (!applied) return unexpected(applied.error());
  return open_kafka(ledger, std::move(*applied));
}

Result<ChannelLog> ChannelLogs::open_kafka(const ledger::ChannelLedger& ledger,
                                           ordering::LogState applied) const {
  kafka::Settings settings = kafka_;
  settings.topic = "ccbus." + ledger.channel().value;
  if (applied.generation.empty()) {
    auto made = kafka::make_topic(settings);
    if (!made && made.error().code != ErrorCode::kExists) {
      return fail(made.error().code,
                  "its topic '" + settings.topic + "' cannot be made: " + made.error().message);
    }
    if (made) logger_.info("kafka.topic_made topic={}", settings.topic);
  }
  auto log = kafka::KafkaLog::open({std::move(settings),
                                    {ledger.channel(), applied.generation},
                                    ledger.position(),
                                    applied.entry_hash},
                                   logger_);
  if (!log) return unexpected(log.error());
  return ChannelLog{
      std::move(*log), std::move(applied),
      ordering::LogFeed::Member{replica_, random_text(kNonceBytes), {config_.client_address}}};
}

}  // namespace ccbus
