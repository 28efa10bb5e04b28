#include "tests/simulation/engine/shim_observer.h"

#include <utility>

#include "fabric/ledger/kv_query_result.pb.h"

namespace ccbus::simulation {
namespace {

using Message = protos::ChaincodeMessage;

TxKey key_of(const Message& message) {
  return {{message.channel_id()}, {message.txid()}};
}

bool is_request(Message::Type type) {
  switch (type) {
    case Message::GET_STATE:
    case Message::PUT_STATE:
    case Message::DEL_STATE:
    case Message::INVOKE_CHAINCODE:
    case Message::GET_STATE_BY_RANGE:
    case Message::GET_QUERY_RESULT:
    case Message::QUERY_STATE_NEXT:
    case Message::QUERY_STATE_CLOSE:
    case Message::GET_HISTORY_FOR_KEY:
    case Message::GET_STATE_METADATA:
    case Message::PUT_STATE_METADATA:
    case Message::GET_PRIVATE_DATA_HASH:
    case Message::PURGE_PRIVATE_DATA:
    case Message::WRITE_BATCH_STATE:
    case Message::GET_STATE_MULTIPLE: return true;
    default: return false;
  }
}

}  // namespace

void ShimObserver::received(PeerId id, std::string_view frame) {
  Message message;
  if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return;
  Peer& peer = peers_[id];
  const TxKey key = key_of(message);
  if (message.type() == Message::REGISTER) {
    protos::ChaincodeID chaincode;
    if (chaincode.ParseFromString(message.payload())) {
      peer.asked = chaincode.name().substr(0, chaincode.name().find_first_of(":/"));
    }
  } else if (is_request(message.type())) {
    peer.open.emplace(key, std::move(message));  // A second one is dropped by the service.
  } else if (message.type() == Message::COMPLETED && !peer.name.empty()) {
    Footprint& footprint = model_.footprint(key);
    if (footprint.runner == id && !footprint.has_ended) {
      footprint.has_ended = true;
      footprint.is_completed = !peer.open.contains(key);  // Otherwise too early.
      if (message.has_chaincode_event()) {
        footprint.event = std::move(*message.mutable_chaincode_event());
        footprint.event->set_chaincode_id(peer.name);
        footprint.event->set_tx_id(key.tx.value);
      }
    }
  }
}

void ShimObserver::sent(PeerId id, const Message& message) {
  Peer& peer = peers_[id];
  const TxKey key = key_of(message);
  if (message.type() == Message::REGISTERED) peer.name = peer.asked;
  if (message.type() == Message::TRANSACTION || message.type() == Message::INIT) {
    Footprint& footprint = model_.footprint(key);
    ++transactions_;
    peer.open.erase(key);  // Asked for before it had a transaction, and not answered.
    // A chaincode that is called twice in one transaction has new queries, with the same ids.
    std::erase_if(peer.ranges, [&key](const auto& range) { return range.first.first == key; });
    if (footprint.runner == PeerId{0}) footprint.runner = id;
    return;
  }
  if (message.type() != Message::RESPONSE && message.type() != Message::ERROR) return;
  auto node = peer.open.extract(key);
  if (node.empty()) {
    if (message.type() == Message::RESPONSE) {
      findings_.add("chaincode " + std::to_string(id.value) +
                    " got a RESPONSE without having asked for anything in transaction " +
                    message.txid().substr(0, 8));
    }
    return;
  }
  answered(peer, key, node.mapped(), message);
}

void ShimObserver::answered(Peer& peer, const TxKey& key, const Message& request,
                            const Message& answer) {
  const bool is_response = answer.type() == Message::RESPONSE;
  switch (request.type()) {
    case Message::PUT_STATE:
    case Message::DEL_STATE:
    case Message::PURGE_PRIVATE_DATA:
    case Message::WRITE_BATCH_STATE: wrote(peer, key, request, is_response); break;
    case Message::GET_STATE:
      if (is_response) read_one(peer, key, request.payload(), answer.payload());
      break;
    case Message::GET_STATE_MULTIPLE:
      if (is_response) read_many(peer, key, request.payload(), answer.payload());
      break;
    case Message::GET_STATE_BY_RANGE:
    case Message::QUERY_STATE_NEXT:
      if (is_response) read_range(peer, key, request, answer.payload());
      break;
    default: break;
  }
}

void ShimObserver::read_one(Peer& peer, const TxKey& key, const std::string& payload,
                            const std::string& value) {
  protos::GetState get;
  if (!get.ParseFromString(payload)) return;
  StateKey read{peer.name, get.collection(), get.key()};
  model_.told(key.channel, read, value);
  model_.footprint(key).reads.emplace_back(std::move(read), value);
}

void ShimObserver::read_many(Peer& peer, const TxKey& key, const std::string& payload,
                             const std::string& answer) {
  protos::GetStateMultiple get;
  protos::GetStateMultipleResult result;
  if (!get.ParseFromString(payload) || !result.ParseFromString(answer)) return;
  if (get.keys_size() != result.values_size()) {
    return findings_.add("GET_STATE_MULTIPLE of " + std::to_string(get.keys_size()) +
                         " keys was answered with " + std::to_string(result.values_size()));
  }
  for (int i = 0; i < get.keys_size(); ++i) {
    StateKey read{peer.name, get.collection(), get.keys(i)};
    model_.told(key.channel, read, result.values(i));
    model_.footprint(key).reads.emplace_back(std::move(read), result.values(i));
  }
}

// Only ranges of public state without pages are validated.
void ShimObserver::read_range(Peer& peer, const TxKey& key, const Message& request,
                              const std::string& answer) {
  protos::QueryResponse response;
  if (!response.ParseFromString(answer)) return;
  Footprint& footprint = model_.footprint(key);
  std::pair<TxKey, std::string> name{key, ""};
  std::size_t range = 0;
  if (request.type() == Message::GET_STATE_BY_RANGE) {
    protos::GetStateByRange get;
    if (!get.ParseFromString(request.payload())) return;
    if (!get.collection().empty() || !get.metadata().empty()) return;
    range = footprint.ranges.size();
    footprint.ranges.push_back({peer.name, get.startkey(), get.endkey(), {}, false});
    name.second = response.id();
    peer.ranges[name] = range;
  } else {
    protos::QueryStateNext next;
    if (!next.ParseFromString(request.payload())) return;
    name.second = next.id();
    const auto at = peer.ranges.find(name);
    if (at == peer.ranges.end()) return;
    range = at->second;
  }
  Footprint::Range& read = footprint.ranges[range];
  for (const auto& bytes : response.results()) {
    queryresult::KV kv;
    if (!kv.ParseFromString(bytes.resultbytes())) continue;
    model_.told(key.channel, {peer.name, "", kv.key()}, kv.value());
    read.found.emplace_back(kv.key(), kv.value());
  }
  if (!response.has_more()) read.is_exhausted = true;
}

void ShimObserver::wrote(Peer& peer, const TxKey& key, const Message& request, bool is_certain) {
  if (request.type() == Message::PUT_STATE) {
    protos::PutState put;
    if (!put.ParseFromString(request.payload())) return;
    write(key, {peer.name, put.collection(), put.key()}, put.value(), is_certain);
  } else if (request.type() == Message::WRITE_BATCH_STATE) {
    protos::WriteBatchState batch;
    if (!batch.ParseFromString(request.payload())) return;
    for (const protos::WriteRecord& record : batch.rec()) {
      const bool is_put = record.type() == protos::WriteRecord::PUT_STATE;
      write(key, {peer.name, record.collection(), record.key()}, is_put ? record.value() : "",
            is_certain);
    }
  } else {
    protos::DelState del;  // PURGE_PRIVATE_DATA has the same fields.
    if (!del.ParseFromString(request.payload())) return;
    write(key, {peer.name, del.collection(), del.key()}, "", is_certain);
  }
}

void ShimObserver::write(const TxKey& key, StateKey written, const std::string& value,
                         bool is_certain) {
  Footprint& footprint = model_.footprint(key);
  if (is_certain) {
    footprint.writes[std::move(written)] = value;
  } else {
    footprint.uncertain.insert(std::move(written));
  }
}

}  // namespace ccbus::simulation
