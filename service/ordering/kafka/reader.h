#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "service/base/log.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/ordering/kafka/client_events.h"
#include "service/ordering/kafka/settings.h"

namespace ccbus::ordering::kafka {

// Reads the partition. The record at an offset has the position that is one more. One thread.
class Reader {
 public:
  // Errors: kInvalid. The references outlive it.
  [[nodiscard]] static Result<std::unique_ptr<Reader>> open(const Settings& settings,
                                                            int event_descriptor, Logger& logger);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // The next record is the one at that position, which is above 0.
  void begin_at(LogPosition position);

  // What brokers have said, which may be used until the next call of next().
  struct Record {
    LogPosition position;
    std::string_view bytes;
  };
  struct End {};      // All that there is was read.
  struct Nothing {};  // So far.
  // Blocks: never.
  // Errors: kPrecondition the log does not have what is to be read.
  [[nodiscard]] Result<std::variant<Record, End, Nothing>> next();

  // Of its client.
  [[nodiscard]] ClientEvents& events() { return *events_; }

  // Why the partition cannot be read at present; whatever was read ends it.
  [[nodiscard]] const std::string& read_fault() const { return read_fault_; }

  // The position of the last record, as the brokers said with the last one that was read.
  [[nodiscard]] std::optional<LogPosition> end() const;

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }
  [[nodiscard]] rd_kafka_topic_t* topic() const { return topic_.get(); }

 private:
  explicit Reader(const Settings& settings) : settings_(settings) {}

  [[nodiscard]] unexpected<Error> out_of_range();

  const Settings settings_;

  Client client_;  // Goes last.
  Topic topic_;
  Queue records_;
  std::optional<ClientEvents> events_;
  Message message_;   // Of the last record.
  LogPosition from_;  // Of the next record.
  bool is_reading_ = false;
  std::string read_fault_;
};

}  // namespace ccbus::ordering::kafka
