#include "service/wiring.h"

#include <cstdint>
#include <utility>

namespace ccbus {

zmq::message_t encode(const google::protobuf::MessageLite& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(static_cast<std::uint8_t*>(frame.data()));
  return frame;
}

void Dispatcher::on_event(Now now, std::unique_ptr<BusEvent> event) {
  if (auto* next = std::get_if<chaincode::NextState>(event.get())) {
    chaincodes_.on_next_state(now, std::move(*next));
  } else if (auto* block = std::get_if<ledger::BlockCommitted>(event.get())) {
    gateway_.on_block(now, *block);
  } else if (auto* job = std::get_if<std::unique_ptr<Job>>(event.get())) {
    (*job)->finish(now);
  } else if (!stop_) {
    stop_ = std::move(std::get<StopRequested>(*event));
  }
}

void Dispatcher::on_timer(Now now) {
  chaincodes_.on_timer(now);
  gateway_.on_timer(now);
}

std::optional<SteadyTime> Dispatcher::next_deadline() const {
  return earlier(chaincodes_.next_deadline(), gateway_.next_deadline());
}

}  // namespace ccbus
