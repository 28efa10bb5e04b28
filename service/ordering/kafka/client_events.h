#pragma once

#include <string>
#include <utility>

#include "service/base/log.h"
#include "service/ordering/kafka/client.h"

namespace ccbus::ordering::kafka {

// What the events of a client's main queue tell. One thread.
class ClientEvents {
 public:
  // The logger outlives it.
  ClientEvents(rd_kafka_t* client, Logger& logger)
      : client_(client), queue_(rd_kafka_queue_get_main(client)), logger_(logger) {}

  [[nodiscard]] rd_kafka_queue_t* queue() const { return queue_.get(); }

  // Handles log lines and errors, and returns the next event of another kind; null if the queue is
  // empty.
  [[nodiscard]] Event next();

  // Why no broker can be used, if that was learnt since the last call; otherwise empty.
  [[nodiscard]] std::string take_fault() { return std::exchange(fault_, {}); }

  // The client cannot go on, and must be replaced.
  [[nodiscard]] bool is_fatal() const { return is_fatal_; }

 private:
  void on_error(const rd_kafka_event_t& event);
  void on_log(rd_kafka_event_t& event);

  rd_kafka_t* client_;
  Queue queue_;
  Logger& logger_;
  std::string fault_;
  std::string last_error_;  // Of one broker.
  bool is_fatal_ = false;
};

}  // namespace ccbus::ordering::kafka
