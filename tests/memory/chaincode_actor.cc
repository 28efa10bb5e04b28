#include "tests/memory/chaincode_actor.h"

#include <span>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "tests/memory/failing_memory.h"

namespace ccbus::test {
namespace {

ChaincodeMessage history_of(const std::string& tx, const std::string& key) {
  protos::GetHistoryForKey payload;
  payload.set_key(key);
  return message(ChaincodeMessage::GET_HISTORY_FOR_KEY, tx, payload.SerializeAsString());
}

ChaincodeMessage call_of(const std::string& tx, const std::string& chaincode) {
  protos::ChaincodeSpec spec;
  spec.mutable_chaincode_id()->set_name(chaincode);
  spec.mutable_input()->add_args("read");
  return message(ChaincodeMessage::INVOKE_CHAINCODE, tx, spec.SerializeAsString());
}

// The requests of a script.
std::deque<ChaincodeMessage> script_of(const std::string& name, const std::string& tx) {
  if (name == "write") {
    return {get_state(tx, "a"), put_state(tx, "b", "value of " + tx), get_range(tx, "", ""),
            del_state(tx, "c")};
  }
  if (name == "pages") return {get_range(tx, "", "", 2), get_range(tx, "b", "", 2)};
  if (name == "call") return {get_state(tx, "a"), call_of(tx, "other"), put_state(tx, "d", "v")};
  if (name == "lost call") return {call_of(tx, "nobody"), get_state(tx, "a")};
  if (name == "history") return {history_of(tx, "a"), get_state(tx, "a")};
  return {get_state(tx, "a"), get_range(tx, "", "")};
}

}  // namespace

void ChaincodeActor::connect() {
  if (peer_ != PeerId{}) vanish();
  peer_ = PeerId{1'000 + ++last_peer_};
  seen_ = 0;
  scripts_.clear();
  send(register_as(name_));
}

void ChaincodeActor::vanish() {
  const Armed armed;
  rig_.engine().on_peer_gone(rig_.now(), std::exchange(peer_, PeerId{}));
}

bool ChaincodeActor::act() {
  if (peer_ == PeerId{}) return false;
  if (rig_.outbox().ends[peer_] > 0) {
    connect();
    return true;
  }
  const auto& sent = rig_.outbox().sent[peer_];
  if (seen_ == sent.size()) return false;
  while (seen_ < rig_.outbox().sent[peer_].size()) {
    handle(ChaincodeMessage(rig_.outbox().sent[peer_][seen_++]));
  }
  return true;
}

void ChaincodeActor::handle(const ChaincodeMessage& message) {
  switch (message.type()) {
    case ChaincodeMessage::INIT:
    case ChaincodeMessage::TRANSACTION: return start(message);
    case ChaincodeMessage::RESPONSE:
    case ChaincodeMessage::ERROR: return go_on(message);
    default: return;
  }
}

void ChaincodeActor::start(const ChaincodeMessage& message) {
  protos::ChaincodeInput input;
  input.ParseFromString(message.payload());
  const std::string script = input.args_size() > 0 ? input.args(0) : "";
  if (script == "silent") return;
  if (script == "fails") return finish(message.txid(), 500);
  scripts_[message.txid()] = script_of(script, message.txid());
  go_on(message);
}

void ChaincodeActor::go_on(const ChaincodeMessage& answer) {
  const std::string tx = answer.txid();
  const auto at = scripts_.find(tx);
  if (at == scripts_.end()) return;
  if (answer.type() == ChaincodeMessage::ERROR) return finish(tx, 500);
  if (at->second.empty()) return finish(tx, 200);
  const ChaincodeMessage next = std::move(at->second.front());
  at->second.pop_front();
  send(next);
}

void ChaincodeActor::finish(const std::string& tx, int status) {
  scripts_.erase(tx);
  ChaincodeMessage last = completed(tx, status, "a result of some length");
  last.mutable_chaincode_event()->set_event_name("an event of some length");
  send(last);
}

void ChaincodeActor::send(const ChaincodeMessage& message) {
  const std::string bytes = message.SerializeAsString();
  const Armed armed;
  rig_.engine().on_message(rig_.now(), peer_, std::as_bytes(std::span(bytes)));
}

}  // namespace ccbus::test
