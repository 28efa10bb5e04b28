#include "tests/simulation/engine/hostile_chaincode.h"

#include <utility>

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;
using Message = protos::ChaincodeMessage;

}  // namespace

HostileChaincode::HostileChaincode(Stage stage, Network& network, std::string chaincode,
                                   const Vocabulary& words)
    : Actor(stage, network, std::move(chaincode)), words_(words) {
  wake_in(std::chrono::microseconds(stage_.chance.between(1, 5'000)));
}

void HostileChaincode::on_link_lost() {
  sent_.clear();
  wake_in(std::chrono::microseconds(stage_.chance.between(10, 10'000)));
}

void HostileChaincode::on_frame(const std::string& frame) {
  if (stage_.chance.in_thousand(200)) {
    read_not_before(stage_.now.steady + std::chrono::milliseconds(stage_.chance.below(100)));
  }
  Message message;
  if (frame.empty() || !message.ParseFromString(frame)) {
    if (stage_.chance.in_thousand(500)) {
      disconnect();
      on_link_lost();
    }
    return;
  }
  if (message.type() == Message::TRANSACTION) {
    sent_.push_back({{message.channel_id()}, {message.txid()}});
  }
  if (stage_.chance.in_thousand(700)) misbehave();
}

void HostileChaincode::on_wake() {
  if (is_calm() || left_ == 0) return;
  if (!is_linked()) {
    connect();
    register_somehow();
  } else {
    misbehave();
  }
  wake_in(std::chrono::microseconds(stage_.chance.between(10, 4'000)));
}

void HostileChaincode::register_somehow() {
  Message message;
  message.set_type(Message::REGISTER);
  protos::ChaincodeID id;
  switch (stage_.chance.below(8)) {
    case 0: id.set_name(""); break;
    case 1: id.set_name("a/b/c:1"); break;
    case 2: id.set_name(std::string(300, 'n')); break;
    case 3: return send(stage_.chance.bytes(20));
    default: id.set_name(name()); break;
  }
  message.set_payload(id.SerializeAsString());
  send(message.SerializeAsString());
  if (stage_.chance.in_thousand(150)) send(message.SerializeAsString());
}

Message HostileChaincode::message_of_transaction(Message::Type type) {
  Message message;
  message.set_type(type);
  const bool is_known = !sent_.empty() && stage_.chance.in_thousand(800);
  const TxKey key = is_known ? stage_.chance.one_of(sent_)
                             : TxKey{{stage_.chance.one_of(words_.channels)}, {"unknown"}};
  message.set_channel_id(key.channel.value);
  message.set_txid(key.tx.value);
  return message;
}

void HostileChaincode::request(Message& message) {
  const std::string& key = stage_.chance.one_of(words_.keys);
  switch (stage_.chance.below(7)) {
    case 0: {
      protos::PutState put;
      put.set_key(key);
      put.set_value("hostile." + message.txid().substr(0, 16) + std::to_string(written_++));
      message.set_type(Message::PUT_STATE);
      message.set_payload(put.SerializeAsString());
      break;
    }
    case 1: {
      protos::PutState put;
      put.set_key(key);
      put.set_value(std::string(stage_.chance.between(10'000, 40'000), 'h') + message.txid() +
                    std::to_string(written_++));
      message.set_type(Message::PUT_STATE);
      message.set_payload(put.SerializeAsString());
      break;
    }
    case 2: {
      protos::GetStateByRange range;
      message.set_type(Message::GET_STATE_BY_RANGE);
      message.set_payload(range.SerializeAsString());
      break;
    }
    case 3: {
      protos::QueryStateNext next;
      next.set_id(std::to_string(stage_.chance.below(4)));
      message.set_type(Message::QUERY_STATE_NEXT);
      message.set_payload(next.SerializeAsString());
      break;
    }
    case 4: {
      protos::GetHistoryForKey history;
      history.set_key(key);
      message.set_type(Message::GET_HISTORY_FOR_KEY);
      message.set_payload(history.SerializeAsString());
      break;
    }
    case 5: {
      protos::ChaincodeSpec spec;
      spec.mutable_chaincode_id()->set_name(
          stage_.chance.in_thousand(500) ? name() : stage_.chance.one_of(words_.chaincodes));
      spec.mutable_input()->add_args("run");
      spec.mutable_input()->add_args("hostile");
      spec.mutable_input()->add_args("get:" + key);
      message.set_type(Message::INVOKE_CHAINCODE);
      message.set_payload(spec.SerializeAsString());
      break;
    }
    default: {
      protos::GetState get;
      get.set_key(key);
      message.set_type(Message::GET_STATE);
      message.set_payload(get.SerializeAsString());
    }
  }
}

void HostileChaincode::complete(Message& message) {
  protos::Response response;
  response.set_status(stage_.chance.in_thousand(800) ? 200 : 500);
  response.set_payload("hostile");
  message.set_type(Message::COMPLETED);
  message.set_payload(response.SerializeAsString());
  if (stage_.chance.in_thousand(300)) {
    message.mutable_chaincode_event()->set_event_name("hostile" + std::to_string(written_++));
  }
}

void HostileChaincode::misbehave() {
  if (left_ == 0 || !is_linked()) return;
  --left_;
  Message message = message_of_transaction(Message::UNDEFINED);
  const std::size_t what = stage_.chance.below(100);
  if (what < 30) {
    request(message);
  } else if (what < 52) {  // It completes without waiting for its answer.
    request(message);
    send(message.SerializeAsString());
    complete(message);
  } else if (what < 70) {
    complete(message);
  } else if (what < 76) {
    message.set_type(Message::ERROR);
    message.set_payload(stage_.chance.bytes(10));
  } else if (what < 80) {
    message.set_type(static_cast<Message::Type>(stage_.chance.below(30)));
    message.set_payload(stage_.chance.bytes(stage_.chance.below(20)));
  } else if (what < 83) {
    return send(stage_.chance.bytes(stage_.chance.between(1, 50)));
  } else if (what < 85) {
    return send("");
  } else if (what < 87) {
    return send(std::string(stage_.chance.between(48u << 10, 60u << 10), '\n'));
  } else if (what < 88) {
    return send_frames(stage_.chance.between(2, 5));
  } else if (what < 91) {
    return register_somehow();
  } else if (what < 93) {
    message.set_type(Message::COMPLETED);
    message.set_payload(stage_.chance.bytes(5));
  } else if (what < 96) {
    disconnect();
    return on_link_lost();
  } else {
    message.set_type(Message::KEEPALIVE);
  }
  send(message.SerializeAsString());
  if (stage_.chance.in_thousand(100)) send(message.SerializeAsString());  // Once more.
}

}  // namespace ccbus::simulation
