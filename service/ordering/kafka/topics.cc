#include "service/ordering/kafka/topics.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "service/ordering/kafka/client.h"

namespace ccbus::ordering::kafka {
namespace {

constexpr std::chrono::milliseconds kRequestTime{30'000};
constexpr int kWantedCopies = 3;

using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, Destroyer<rd_kafka_NewTopic_destroy>>;
using DeleteTopic =
    std::unique_ptr<rd_kafka_DeleteTopic_t, Destroyer<rd_kafka_DeleteTopic_destroy>>;
using DeleteRecords =
    std::unique_ptr<rd_kafka_DeleteRecords_t, Destroyer<rd_kafka_DeleteRecords_destroy>>;
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                   Destroyer<rd_kafka_topic_partition_list_destroy>>;

int milliseconds() {
  return static_cast<int>(kRequestTime.count());
}

Result<void> result_of(rd_kafka_resp_err_t error, const char* text) {
  const std::string what = text == nullptr ? describe(error) : describe(error) + ": " + text;
  switch (error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: return {};
    case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return fail(ErrorCode::kExists, what);
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: return fail(ErrorCode::kNotFound, what);
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return fail(ErrorCode::kDenied, what);
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return fail(ErrorCode::kUnavailable, what);
    default: return fail(ErrorCode::kPrecondition, what);
  }
}

// A client for one request, and where the answer comes.
class Admin {
 public:
  static Result<Admin> open(const Settings& settings) {
    auto client = make_client(RD_KAFKA_PRODUCER, producer_properties(settings));
    if (!client) return unexpected(client.error());
    return Admin(std::move(*client));
  }

  [[nodiscard]] rd_kafka_t* client() const { return client_.get(); }
  [[nodiscard]] rd_kafka_queue_t* answers() const { return answers_.get(); }

  [[nodiscard]] AdminOptions options(rd_kafka_admin_op_t operation) const {
    AdminOptions options(rd_kafka_AdminOptions_new(client_.get(), operation));
    std::array<char, kErrorBytes> why{};
    rd_kafka_AdminOptions_set_request_timeout(options.get(), milliseconds(), why.data(),
                                              why.size());
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), milliseconds(), why.data(),
                                                why.size());
    return options;
  }

  // Errors: of the request as a whole.
  [[nodiscard]] Result<Event> answer() const {
    Event event(rd_kafka_queue_poll(answers_.get(), 2 * milliseconds()));
    if (event == nullptr) return fail(ErrorCode::kUnavailable, "no broker has answered");
    if (auto done =
            result_of(rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()));
        !done) {
      return unexpected(done.error());
    }
    return event;
  }

  [[nodiscard]] Result<int> brokers() const {
    const struct rd_kafka_metadata* found = nullptr;
    const auto error = rd_kafka_metadata(client_.get(), 0, nullptr, &found, milliseconds());
    if (auto done = result_of(error, nullptr); !done) return unexpected(done.error());
    return Metadata(found)->broker_cnt;
  }

 private:
  explicit Admin(Client client)
      : client_(std::move(client)), answers_(rd_kafka_queue_new(client_.get())) {}

  Client client_;
  Queue answers_;
};

Result<void> result_of(const rd_kafka_topic_result_t* const* topics) {
  return result_of(rd_kafka_topic_result_error(topics[0]),
                   rd_kafka_topic_result_error_string(topics[0]));
}

}  // namespace

Result<void> make_topic(const Settings& settings) {
  auto admin = Admin::open(settings);
  if (!admin) return unexpected(admin.error());
  const auto brokers = admin->brokers();
  if (!brokers) return unexpected(brokers.error());
  const int copies = std::min(kWantedCopies, *brokers);
  if (copies < kWantedCopies && !settings.allow_unsafe) {
    return fail(ErrorCode::kPrecondition,
                "there are " + std::to_string(*brokers) + " brokers, and a log needs " +
                    std::to_string(kWantedCopies) +
                    " copies. Add brokers, or go on all the same with ordering.kafka.allowUnsafe");
  }
  std::array<char, kErrorBytes> why{};
  const NewTopic topic(
      rd_kafka_NewTopic_new(settings.topic.c_str(), 1, copies, why.data(), why.size()));
  if (topic == nullptr) return fail(ErrorCode::kInvalid, why.data());
  for (const auto& [name, value] : topic_properties(settings, copies)) {
    rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str());
  }
  const AdminOptions options = admin->options(RD_KAFKA_ADMIN_OP_CREATETOPICS);
  rd_kafka_NewTopic_t* asked = topic.get();
  rd_kafka_CreateTopics(admin->client(), &asked, 1, options.get(), admin->answers());
  const auto answer = admin->answer();
  if (!answer) return unexpected(answer.error());
  std::size_t count = 0;
  return result_of(rd_kafka_CreateTopics_result_topics(
      rd_kafka_event_CreateTopics_result(answer->get()), &count));
}

Result<void> delete_topic(const Settings& settings) {
  auto admin = Admin::open(settings);
  if (!admin) return unexpected(admin.error());
  const DeleteTopic topic(rd_kafka_DeleteTopic_new(settings.topic.c_str()));
  const AdminOptions options = admin->options(RD_KAFKA_ADMIN_OP_DELETETOPICS);
  rd_kafka_DeleteTopic_t* asked = topic.get();
  rd_kafka_DeleteTopics(admin->client(), &asked, 1, options.get(), admin->answers());
  const auto answer = admin->answer();
  if (!answer) return unexpected(answer.error());
  std::size_t count = 0;
  return result_of(rd_kafka_DeleteTopics_result_topics(
      rd_kafka_event_DeleteTopics_result(answer->get()), &count));
}

Result<void> trim_topic(const Settings& settings, LogPosition first) {
  auto admin = Admin::open(settings);
  if (!admin) return unexpected(admin.error());
  const Partitions before(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(before.get(), settings.topic.c_str(), 0)->offset =
      static_cast<std::int64_t>(first.value) - 1;
  const DeleteRecords records(rd_kafka_DeleteRecords_new(before.get()));
  const AdminOptions options = admin->options(RD_KAFKA_ADMIN_OP_DELETERECORDS);
  rd_kafka_DeleteRecords_t* asked = records.get();
  rd_kafka_DeleteRecords(admin->client(), &asked, 1, options.get(), admin->answers());
  const auto answer = admin->answer();
  if (!answer) return unexpected(answer.error());
  const auto* const done =
      rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(answer->get()));
  return result_of(done->elems[0].err, nullptr);
}

}  // namespace ccbus::ordering::kafka
