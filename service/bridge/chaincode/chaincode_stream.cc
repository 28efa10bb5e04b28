#include "service/bridge/chaincode/chaincode_stream.h"

#include <string_view>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::bridge {
namespace {

// KEEPALIVE as the service sends it: the type of the message, and no other field
// (docs/wire.md, 3.3).
constexpr std::string_view kKeepalive = "\x08\x12";

}  // namespace

ChaincodeStream::ChaincodeStream(Rpc& rpc, std::string from, Parts parts)
    : rpc_(rpc), from_(std::move(from)), parts_(std::move(parts)) {}

ChaincodeStream::~ChaincodeStream() {
  if (!is_over_) leave();
}

void ChaincodeStream::leave() {
  if (dealer_) dealer_->send({});
}

void ChaincodeStream::on_message(Now now, std::string message) {
  if (is_over_) return;
  unconsumed_ += room_of(message.size());
  if (name_.empty()) {
    auto registers = registration(message);
    if (!registers) {
      return end(rpc_end(registers.error().code == ErrorCode::kDenied ? RpcCode::kPermissionDenied
                                                                      : RpcCode::kInvalidArgument,
                         registers.error().message),
                 registers.error().message);
    }
    message = std::move(*registers);
    dealer_ = parts_.service.open(now, *this);
  }
  dealer_->send(std::move(message));
  give_room();
}

Result<std::string> ChaincodeStream::registration(const std::string& message) {
  protos::ChaincodeMessage registers;
  protos::ChaincodeID id;
  if (!registers.ParseFromString(message) ||
      registers.type() != protos::ChaincodeMessage::REGISTER ||
      !id.ParseFromString(registers.payload()) || id.name().empty()) {
    return fail(ErrorCode::kInvalid,
                "the first message of a chaincode has to be a REGISTER with its name");
  }
  auto admitted = parts_.admit(id.name());
  if (!admitted) return unexpected(admitted.error());
  parts_.logger.info("chaincode.registers name={} as={} from={}", *admitted, id.name(), from_);
  name_ = *admitted;
  if (name_ == id.name()) return message;
  id.set_name(name_);
  registers.set_payload(id.SerializeAsString());
  return registers.SerializeAsString();
}

void ChaincodeStream::give_room() {
  if (dealer_->unsent_bytes() < kRpcWindow) {
    rpc_.consumed(std::exchange(unconsumed_, 0));
  } else if (!std::exchange(is_awaiting_sent_, true)) {
    dealer_->tell_when_sent();
  }
}

void ChaincodeStream::on_sent(Now) {
  is_awaiting_sent_ = false;
  if (!is_over_) give_room();
}

void ChaincodeStream::on_half_closed(Now) {
  if (is_over_) return;
  leave();
  end({}, "the chaincode has ended it");
}

void ChaincodeStream::on_gone(Now) {
  if (is_over_) return;
  leave();
  end(rpc_end(RpcCode::kCancelled, "the call is over"), "the chaincode has gone");
}

void ChaincodeStream::on_room(Now) {
  if (dealer_) dealer_->release();
}

void ChaincodeStream::on_frame(Now, std::string frame) {
  if (is_over_) return;
  if (frame.empty()) return end({}, "the service has ended it");
  // The shim for Node.js ends when it gets one, and HTTP/2 has its own: see kKeepalive of
  // RpcServer.
  if (frame == kKeepalive) return;
  rpc_.send(std::move(frame));
  if (rpc_.queued_bytes() >= kRpcWindow) dealer_->hold();
}

void ChaincodeStream::on_lost(Now, const std::string& why) {
  if (!is_over_) end(rpc_end(RpcCode::kUnavailable, why), why);
}

void ChaincodeStream::end(RpcEnd end, const std::string& why) {
  is_over_ = true;
  if (dealer_) dealer_->hold();
  parts_.logger.info("chaincode.ended name={} from={} reason={:?}", name_, from_, why);
  rpc_.finish(std::move(end));
}

}  // namespace ccbus::bridge
