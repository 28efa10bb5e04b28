#pragma once

#include "service/base/result.h"
#include "service/ordering/kafka/client.h"
#include "service/ordering/kafka/settings.h"

namespace ccbus::ordering::kafka {

// Asks the brokers for the topic's settings; the answer comes as an event of the queue, after some
// seconds at the latest.
void ask_for_topic(rd_kafka_t* client, const std::string& topic, rd_kafka_queue_t* answers);

// What they answered: the topic's properties.
// Errors: kUnavailable; kDenied; kNotFound there is no such topic.
[[nodiscard]] Result<Properties> topic_of(rd_kafka_event_t& answer);

// How many brokers have a copy of the partition. Blocks: on a broker, for some seconds at most.
// Errors: kUnavailable; kNotFound; kInvalid it does not have exactly one partition.
[[nodiscard]] Result<int> replication_factor_of(rd_kafka_t* client, rd_kafka_topic_t* topic);

}  // namespace ccbus::ordering::kafka
