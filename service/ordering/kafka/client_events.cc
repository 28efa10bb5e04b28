#include "service/ordering/kafka/client_events.h"

namespace ccbus::ordering::kafka {
namespace {

constexpr int kSyslogError = 3;
constexpr int kSyslogWarning = 4;

}  // namespace

Event ClientEvents::next() {
  for (;;) {
    Event event(rd_kafka_queue_poll(queue_.get(), 0));
    if (event == nullptr) return event;
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_ERROR: on_error(*event); break;
      case RD_KAFKA_EVENT_LOG: on_log(*event); break;
      default: return event;
    }
  }
}

// An error of one broker is only remembered: as long as another broker answers, the log works.
void ClientEvents::on_error(const rd_kafka_event_t& event) {
  auto* const given = const_cast<rd_kafka_event_t*>(&event);  // The C interface has no const.
  const rd_kafka_resp_err_t error = rd_kafka_event_error(given);
  const std::string what = rd_kafka_event_error_string(given);
  logger_.warn("kafka.error client={} error={} what={:?}", rd_kafka_name(client_),
               rd_kafka_err2name(error), what);
  if (rd_kafka_event_error_is_fatal(given) != 0) is_fatal_ = true;
  switch (error) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__RESOLVE: last_error_ = what; break;
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
      fault_ = what + "; the last error: " + last_error_;
      break;
    default: fault_ = what + " (" + rd_kafka_err2name(error) + ")";
  }
}

void ClientEvents::on_log(rd_kafka_event_t& event) {
  const char* facility = nullptr;
  const char* text = nullptr;
  int level = 0;
  if (rd_kafka_event_log(&event, &facility, &text, &level) != 0) return;
  if (level <= kSyslogError) {
    logger_.warn("kafka.log client={} facility={} text={:?}", rd_kafka_name(client_), facility,
                 text);
  } else if (level <= kSyslogWarning) {
    logger_.info("kafka.log client={} facility={} text={:?}", rd_kafka_name(client_), facility,
                 text);
  } else {
    logger_.debug("kafka.log client={} facility={} text={:?}", rd_kafka_name(client_), facility,
                  text);
  }
}

}  // namespace ccbus::ordering::kafka
