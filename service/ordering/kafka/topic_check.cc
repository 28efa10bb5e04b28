#include "service/ordering/kafka/topic_check.h"

#include <chrono>
#include <memory>

namespace ccbus::ordering::kafka {
namespace {

constexpr std::chrono::milliseconds kAnswerTime{5'000};

using Resource =
    std::unique_ptr<rd_kafka_ConfigResource_t, Destroyer<rd_kafka_ConfigResource_destroy>>;

unexpected<Error> refused(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return fail(ErrorCode::kDenied, describe(error));
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return fail(ErrorCode::kNotFound, describe(error));
    default: return fail(ErrorCode::kUnavailable, describe(error));
  }
}

}  // namespace

void ask_for_topic(rd_kafka_t* client, const std::string& topic, rd_kafka_queue_t* answers) {
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  const AdminOptions options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(kAnswerTime.count()),
                                            nullptr, 0);
  rd_kafka_ConfigResource_t* asked = resource.get();
  rd_kafka_DescribeConfigs(client, &asked, 1, options.get(), answers);
}

Result<Properties> topic_of(rd_kafka_event_t& answer) {
  if (const auto error = rd_kafka_event_error(&answer); error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return refused(error);
  }
  std::size_t count = 0;
  const auto* const result = rd_kafka_event_DescribeConfigs_result(&answer);
  const auto* const resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  Properties properties;
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_ConfigResource_error(resources[i]);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return refused(error);
    std::size_t entries = 0;
    const auto* const all = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      const char* const value = rd_kafka_ConfigEntry_value(all[j]);
      properties[rd_kafka_ConfigEntry_name(all[j])] = value == nullptr ? "" : value;
    }
  }
  return properties;
}

Result<int> replication_factor_of(rd_kafka_t* client, rd_kafka_topic_t* topic) {
  const struct rd_kafka_metadata* found = nullptr;
  const auto error =
      rd_kafka_metadata(client, 0, topic, &found, static_cast<int>(kAnswerTime.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return refused(error);
  const Metadata metadata(found);
  if (metadata->topic_cnt != 1) return fail(ErrorCode::kUnavailable, "brokers know no such topic");
  const rd_kafka_metadata_topic& described = metadata->topics[0];
  if (described.err != RD_KAFKA_RESP_ERR_NO_ERROR) return refused(described.err);
  if (described.partition_cnt != 1) {
    return fail(ErrorCode::kInvalid, "topic '" + std::string(described.topic) + "' has " +
                                         std::to_string(described.partition_cnt) +
                                         " partitions, and a log has one");
  }
  return described.partitions[0].replica_cnt;
}

}  // namespace ccbus::ordering::kafka
