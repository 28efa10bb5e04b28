#include "service/load/run/workload_chaincode.h"

#include <utility>
#include <variant>
#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/assert.h"

namespace ccbus::load {
namespace {

using Message = protos::ChaincodeMessage;

constexpr int kOk = 200;
constexpr int kError = 500;

protos::GetState get_state(const std::string& key) {
  protos::GetState request;
  request.set_key(key);
  return request;
}

protos::PutState put_state(const std::string& key, const std::string& value) {
  protos::PutState request;
  request.set_key(key);
  request.set_value(value);
  return request;
}

protos::GetStateByRange range_of(const RunTask& task) {
  protos::GetStateByRange request;
  request.set_startkey(task.range_begin);
  request.set_endkey(task.range_end);
  return request;
}

protos::QueryStateNext next_page(const std::string& iterator) {
  protos::QueryStateNext request;
  request.set_id(iterator);
  return request;
}

protos::WriteBatchState write_batch(const LoadTask& task) {
  protos::WriteBatchState batch;
  for (const std::string& key : task.keys) {
    protos::WriteRecord* record = batch.add_rec();
    record->set_type(protos::WriteRecord::PUT_STATE);
    record->set_key(key);
    record->set_value(task.payload);
  }
  return batch;
}

}  // namespace

void WorkloadChaincode::send_register() {
  protos::ChaincodeID id;
  id.set_name(name_);
  out_.Clear();
  out_.set_type(Message::REGISTER);
  out_.set_payload(id.SerializeAsString());
  state_ = State::kRegistering;
  outbox_.send(out_);
}

void WorkloadChaincode::leave_and_return() {
  CCBUS_ASSERT(is_idle());
  state_ = State::kLeaving;
  outbox_.send_end();
}

WorkloadChaincode::Reception WorkloadChaincode::on_frame(SteadyTime now,
                                                         std::span<const std::byte> frame,
                                                         OutcomeTally& round_trips) {
  if (frame.empty()) return on_empty();
  if (!in_.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return Reception::kNothing;
  switch (in_.type()) {
    case Message::READY:
      if (state_ != State::kRegistering) return Reception::kNothing;
      state_ = State::kReady;
      return Reception::kReady;
    case Message::TRANSACTION:
    case Message::INIT: begin(now, in_, round_trips); return Reception::kNothing;
    case Message::RESPONSE: on_answer(now, in_, round_trips); return Reception::kNothing;
    case Message::ERROR:
      if (state_ == State::kRegistering) {
        refusal_ = in_.payload();
      } else {
        on_answer(now, in_, round_trips);
      }
      return Reception::kNothing;
    case Message::KEEPALIVE: outbox_.send(in_); return Reception::kNothing;
    default: return Reception::kNothing;
  }
}

WorkloadChaincode::Reception WorkloadChaincode::on_empty() {
  if (state_ == State::kLeaving) {
    send_register();
    return Reception::kNothing;
  }
  const bool is_refused = state_ == State::kRegistering;
  state_ = State::kEnded;
  return is_refused ? Reception::kRefused : Reception::kEnded;
}

void WorkloadChaincode::begin(SteadyTime now, const Message& message, OutcomeTally& round_trips) {
  if (state_ != State::kReady) return;  // It belongs to a stream that this side has ended.
  protos::ChaincodeInput input;
  const bool is_read = input.ParseFromString(message.payload());
  auto task = is_read ? parse_arguments({input.args().begin(), input.args().end()})
                      : fail(ErrorCode::kInvalid, "the input cannot be decoded");
  if (!task) {
    complete(message.txid(), message.channel_id(), kError, task.error().message, "");
    return;
  }
  Running running;
  running.channel = message.channel_id();
  running.task = std::move(*task);
  if (const auto* hold = std::get_if<HoldTask>(&running.task)) running.until = now + hold->time;
  const auto at = running_.insert_or_assign(message.txid(), std::move(running)).first;
  advance(now, at->first, at->second, round_trips);
}

void WorkloadChaincode::on_answer(SteadyTime now, const Message& message,
                                  OutcomeTally& round_trips) {
  const auto at = running_.find(message.txid());
  if (at == running_.end()) return;  // The transaction has already ended.
  Running& running = at->second;
  if (running.step == Running::Step::kThink) return;  // No request is open.
  const bool is_error = message.type() == Message::ERROR;
  round_trips.ended(running.asked, now, is_error ? Outcome::kFailed : Outcome::kSucceeded,
                    is_error ? "ERROR" : "");
  if (is_error) {
    complete(at->first, running.channel, kError, message.payload(), "");
    running_.erase(at);
    return;
  }
  take_answer(running, message);
  advance(now, at->first, running, round_trips);
}

void WorkloadChaincode::on_wake(SteadyTime now, const std::string& tx_id,
                                OutcomeTally& round_trips) {
  const auto at = running_.find(tx_id);
  if (at != running_.end()) advance(now, at->first, at->second, round_trips);
}

void WorkloadChaincode::advance(SteadyTime now, const std::string& tx_id, Running& running,
                                OutcomeTally& round_trips) {
  const Next next =
      std::visit([&](const auto& one) { return ask(now, tx_id, running, one); }, running.task);
  if (next == Next::kAnswer) return round_trips.sent(now);
  if (next == Next::kWake) return;
  complete(tx_id, running.channel, kOk, "", running.last_value);
  running_.erase(running_.find(tx_id));
}

void WorkloadChaincode::take_answer(Running& running, const Message& message) {
  ++running.done;
  if (!std::holds_alternative<RunTask>(running.task)) return;
  if (running.step == Running::Step::kGets) running.last_value = message.payload();
  if (running.step != Running::Step::kRange) return;
  protos::QueryResponse page;
  const bool has_more = page.ParseFromString(message.payload()) && page.has_more();
  running.iterator = has_more ? page.id() : "";
}

WorkloadChaincode::Next WorkloadChaincode::ask(SteadyTime now, const std::string& tx_id,
                                               Running& running, const RunTask& task) {
  using Step = Running::Step;
  running.asked = now;
  if (running.step == Step::kGets) {
    if (running.done < task.gets) {
      request(tx_id, running, Message::GET_STATE, get_state(task.keys[running.done]));
      return Next::kAnswer;
    }
    running.step = Step::kRange;
    running.done = 0;
  }
  if (running.step == Step::kRange) {
    if (running.done == 0 && !task.range_begin.empty()) {
      request(tx_id, running, Message::GET_STATE_BY_RANGE, range_of(task));
      return Next::kAnswer;
    }
    if (!running.iterator.empty()) {
      request(tx_id, running, Message::QUERY_STATE_NEXT, next_page(running.iterator));
      return Next::kAnswer;
    }
    running.step = Step::kThink;
    running.done = 0;
    if (task.think.count() != 0) {
      outbox_.wake_at(now + task.think, tx_id);
      return Next::kWake;
    }
  }
  running.step = Step::kPuts;
  if (running.done == task.puts) return Next::kEnd;
  request(tx_id, running, Message::PUT_STATE, put_state(task.keys[running.done], task.payload));
  return Next::kAnswer;
}

WorkloadChaincode::Next WorkloadChaincode::ask(SteadyTime now, const std::string& tx_id,
                                               Running& running, const HoldTask& task) {
  if (now >= running.until) return Next::kEnd;
  running.asked = now;
  request(tx_id, running, Message::GET_STATE,
          get_state(task.keys[running.done % task.keys.size()]));
  return Next::kAnswer;
}

WorkloadChaincode::Next WorkloadChaincode::ask(SteadyTime now, const std::string& tx_id,
                                               Running& running, const LoadTask& task) {
  if (running.done != 0) return Next::kEnd;
  running.asked = now;
  request(tx_id, running, Message::WRITE_BATCH_STATE, write_batch(task));
  return Next::kAnswer;
}

void WorkloadChaincode::request(const std::string& tx_id, const Running& running,
                                Message::Type type, const google::protobuf::MessageLite& payload) {
  out_.Clear();
  out_.set_type(type);
  out_.set_txid(tx_id);
  out_.set_channel_id(running.channel);
  payload.SerializeToString(out_.mutable_payload());
  outbox_.send(out_);
}

void WorkloadChaincode::complete(const std::string& tx_id, const std::string& channel, int status,
                                 const std::string& message, const std::string& payload) {
  protos::Response response;
  response.set_status(status);
  response.set_message(message);
  response.set_payload(payload);
  out_.Clear();
  out_.set_type(Message::COMPLETED);
  out_.set_txid(tx_id);
  out_.set_channel_id(channel);
  response.SerializeToString(out_.mutable_payload());
  outbox_.send(out_);
}

}  // namespace ccbus::load
