#include "service/ordering/kafka/reader.h"

#include <cstdint>
#include <utility>

namespace ccbus::ordering::kafka {
namespace {

std::int64_t offset_of(LogPosition position) {
  return static_cast<std::int64_t>(position.value) - 1;
}

LogPosition position_of(std::int64_t offset) {
  return {static_cast<std::uint64_t>(offset) + 1};
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const Settings& settings, int event_descriptor,
                                             Logger& logger) {
  std::unique_ptr<Reader> reader(new Reader(settings));
  auto client = make_client(RD_KAFKA_CONSUMER, consumer_properties(settings));
  if (!client) return unexpected(client.error());
  reader->client_ = std::move(*client);
  reader->topic_.reset(rd_kafka_topic_new(reader->client_.get(), settings.topic.c_str(), nullptr));
  if (reader->topic_ == nullptr) return fail(ErrorCode::kInvalid, describe(rd_kafka_last_error()));
  reader->records_.reset(rd_kafka_queue_new(reader->client_.get()));
  notify(reader->records_.get(), event_descriptor);
  reader->events_.emplace(reader->client_.get(), logger);
  notify(reader->events_->queue(), event_descriptor);
  return reader;
}

Reader::~Reader() {
  if (is_reading_) rd_kafka_consume_stop(topic_.get(), kPartition);
}

void Reader::begin_at(LogPosition position) {
  message_.reset();
  if (is_reading_) rd_kafka_consume_stop(topic_.get(), kPartition);
  from_ = position;
  is_reading_ = rd_kafka_consume_start_queue(topic_.get(), kPartition, offset_of(position),
                                             records_.get()) == 0;
  if (!is_reading_) read_fault_ = describe(rd_kafka_last_error());
}

Result<std::variant<Reader::Record, Reader::End, Reader::Nothing>> Reader::next() {
  message_.reset(rd_kafka_consume_queue(records_.get(), 0));
  if (message_ == nullptr) return Nothing{};
  switch (message_->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      read_fault_.clear();
      from_ = {position_of(message_->offset).value + 1};
      return Record{position_of(message_->offset),
                    {static_cast<const char*>(message_->payload), message_->len}};
    case RD_KAFKA_RESP_ERR__PARTITION_EOF: read_fault_.clear(); return End{};
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET: return out_of_range();
    default: read_fault_ = describe(message_->err); return Nothing{};
  }
}

unexpected<Error> Reader::out_of_range() {
  return fail(ErrorCode::kPrecondition,
              "the log does not have position " + std::to_string(from_.value) +
                  ", where this ledger goes on, nor one that follows it. If it was trimmed, start "
                  "from a checkpoint of another replica; if it has lost entries, or was made anew, "
                  "`ccbus log reseed` begins a new generation from the ledger that has most");
}

std::optional<LogPosition> Reader::end() const {
  std::int64_t low = 0;
  std::int64_t high = 0;
  const auto error = rd_kafka_get_watermark_offsets(client_.get(), settings_.topic.c_str(),
                                                    kPartition, &low, &high);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
  return LogPosition{static_cast<std::uint64_t>(high)};
}

}  // namespace ccbus::ordering::kafka
