#include "service/ordering/kafka/client.h"

#include <array>
#include <cstdint>

namespace ccbus::ordering::kafka {
namespace {

Result<void> set(rd_kafka_conf_t* configuration, const std::string& name,
                 const std::string& value) {
  std::array<char, kErrorBytes> why{};
  if (rd_kafka_conf_set(configuration, name.c_str(), value.c_str(), why.data(), why.size()) ==
      RD_KAFKA_CONF_OK) {
    return {};
  }
  return fail(ErrorCode::kInvalid, why.data());
}

}  // namespace

Result<void> check_property(const std::string& name, const std::string& value) {
  const Configuration configuration(rd_kafka_conf_new());
  return set(configuration.get(), name, value);
}

Result<Client> make_client(rd_kafka_type_t type, const Properties& properties) {
  Configuration configuration(rd_kafka_conf_new());
  for (const auto& [name, value] : properties) {
    if (auto done = set(configuration.get(), name, value); !done) return unexpected(done.error());
  }
  rd_kafka_conf_set_events(configuration.get(),
                           RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG);
  std::array<char, kErrorBytes> why{};
  Client client(rd_kafka_new(type, configuration.get(), why.data(), why.size()));
  if (client == nullptr) return fail(ErrorCode::kInvalid, why.data());
  static_cast<void>(configuration.release());  // The client has it now.
  rd_kafka_set_log_queue(client.get(), nullptr);
  return client;
}

void notify(rd_kafka_queue_t* queue, int event_descriptor) {
  constexpr std::uint64_t kOne = 1;
  rd_kafka_queue_io_event_enable(queue, event_descriptor, &kOne, sizeof kOne);
}

std::string describe(rd_kafka_resp_err_t error) {
  return std::string(rd_kafka_err2str(error)) + " (" + rd_kafka_err2name(error) + ")";
}

}  // namespace ccbus::ordering::kafka
