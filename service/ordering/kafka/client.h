#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "service/base/result.h"
#include "service/ordering/kafka/settings.h"

// librdkafka's objects with their owners.
namespace ccbus::ordering::kafka {

template <auto Destroy>
struct Destroyer {
  template <class T>
  void operator()(T* object) const {
    Destroy(object);
  }
};

using Client = std::unique_ptr<rd_kafka_t, Destroyer<rd_kafka_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroyer<rd_kafka_queue_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Destroyer<rd_kafka_topic_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Destroyer<rd_kafka_event_destroy>>;
using Message = std::unique_ptr<rd_kafka_message_t, Destroyer<rd_kafka_message_destroy>>;
using AdminOptions =
    std::unique_ptr<rd_kafka_AdminOptions_t, Destroyer<rd_kafka_AdminOptions_destroy>>;
using Metadata =
    std::unique_ptr<const struct rd_kafka_metadata, Destroyer<rd_kafka_metadata_destroy>>;
using Configuration = std::unique_ptr<rd_kafka_conf_t, Destroyer<rd_kafka_conf_destroy>>;

inline constexpr std::int32_t kPartition = 0;    // The only one of a log's topic.
inline constexpr std::size_t kErrorBytes = 512;  // Of a text that librdkafka writes.

// Errors: kInvalid librdkafka does not know the name, or not the value.
[[nodiscard]] Result<void> check_property(const std::string& name, const std::string& value);

// A client whose errors, logs and delivery reports come as events of its main queue. It has threads
// of its own. Errors: kInvalid.
[[nodiscard]] Result<Client> make_client(rd_kafka_type_t type, const Properties& properties);

// Writes to an eventfd whenever the queue becomes non-empty. The descriptor is non-blocking and
// outlives the queue.
void notify(rd_kafka_queue_t* queue, int event_descriptor);

[[nodiscard]] std::string describe(rd_kafka_resp_err_t error);

}  // namespace ccbus::ordering::kafka
