#include "tests/simulation/engine/script.h"

#include <algorithm>

namespace ccbus::simulation {
namespace {

using Message = protos::ChaincodeMessage;

std::string random_operation(Chance& chance, const Vocabulary& words, bool may_call) {
  const std::string& key = chance.one_of(words.keys);
  const std::string& other = chance.one_of(words.keys);
  switch (chance.below(may_call ? 16 : 12)) {
    case 0:
    case 1: return "get:" + key;
    case 2:
    case 3: return "put:" + key;
    case 4: return "del:" + key;
    case 5: return "range:" + std::min(key, other) + ":" + std::max(key, other);
    case 6: return "multi:" + key + ":" + other;
    case 7: return "batch:" + key + ":" + other;
    case 8: return chance.in_thousand(500) ? "history:" + key : "query";
    case 9: return "range:" + key + ":";
    case 10: return chance.in_thousand(500) ? "big:" + key : "put:" + key;
    case 11: return chance.in_thousand(300) ? "page:" + key : "event:" + key;
    case 12: return "private_get:" + key;
    case 13: return "private_put:" + key;
    default: {
      std::string inner = random_operation(chance, words, false);
      if (chance.in_thousand(500)) inner += ";" + random_operation(chance, words, false);
      std::replace(inner.begin(), inner.end(), ':', ',');
      const std::string channel =
          chance.in_thousand(250) ? chance.one_of(words.channels) : std::string("-");
      return "call:" + chance.one_of(words.chaincodes) + ":" + channel + ":" + inner;
    }
  }
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::vector<std::string> random_script(Chance& chance, const Vocabulary& words,
                                       const std::string& token) {
  std::vector<std::string> arguments = {"run", token};
  for (std::size_t left = chance.between(0, 5); left > 0; --left) {
    arguments.push_back(random_operation(chance, words, true));
  }
  return arguments;
}

ScriptRun::ScriptRun(TxKey key, std::string chaincode, std::vector<std::string> arguments)
    : key_(std::move(key)), chaincode_(std::move(chaincode)), arguments_(std::move(arguments)) {}

Message ScriptRun::next(const Message* answer) {
  if (answer != nullptr && answer->type() == Message::ERROR) {
    return completed(500, answer->payload().substr(0, 200));
  }
  if (arguments_.size() < 2) return completed(400, "no token");
  if (answer != nullptr && !query_.empty()) {
    protos::QueryResponse response;
    const bool has_more = response.ParseFromString(answer->payload()) && response.has_more();
    query_ = has_more ? response.id() : "";
    if (has_more) {
      protos::QueryStateNext more;
      more.set_id(query_);
      return message(Message::QUERY_STATE_NEXT, more);
    }
  }
  while (at_ < arguments_.size()) {
    const std::vector<std::string> words = split(arguments_[at_++], ':');
    if (words.front() == "event") {
      event_ = words.back();
      continue;
    }
    return request(words);
  }
  return completed(200, arguments_[1]);
}

Message ScriptRun::request(const std::vector<std::string>& words) {
  const std::string& what = words.front();
  const std::string key = words.size() > 1 ? words[1] : "";
  if (what == "get" || what == "private_get") {
    protos::GetState get;
    get.set_key(key);
    if (what == "private_get") get.set_collection("secret");
    return message(Message::GET_STATE, get);
  }
  if (what == "put" || what == "big" || what == "private_put") {
    protos::PutState put;
    put.set_key(key);
    put.set_value(value(what == "big" ? 6'000 : 0));
    if (what == "private_put") put.set_collection("secret");
    return message(Message::PUT_STATE, put);
  }
  if (what == "del") {
    protos::DelState del;
    del.set_key(key);
    return message(Message::DEL_STATE, del);
  }
  if (what == "multi") {
    protos::GetStateMultiple get;
    for (std::size_t i = 1; i < words.size(); ++i) get.add_keys(words[i]);
    return message(Message::GET_STATE_MULTIPLE, get);
  }
  if (what == "batch") {
    protos::WriteBatchState batch;
    for (std::size_t i = 1; i < words.size(); ++i) {
      protos::WriteRecord& record = *batch.add_rec();
      record.set_type(protos::WriteRecord::PUT_STATE);
      record.set_key(words[i]);
      record.set_value(value(0));
    }
    return message(Message::WRITE_BATCH_STATE, batch);
  }
  if (what == "history") {
    protos::GetHistoryForKey history;
    history.set_key(key);
    query_ = "?";
    return message(Message::GET_HISTORY_FOR_KEY, history);
  }
  if (what == "query") {
    protos::GetQueryResult query;
    query.set_query(R"({"selector":{"v":{"$gt":"0"}}})");
    query_ = "?";
    return message(Message::GET_QUERY_RESULT, query);
  }
  if (what == "call") return call(words);
  protos::GetStateByRange range;
  range.set_startkey(key);
  if (words.size() > 2) range.set_endkey(words[2]);
  if (what == "page") {
    protos::QueryMetadata page;
    page.set_pagesize(3);
    range.set_metadata(page.SerializeAsString());
  } else {
    query_ = "?";
  }
  return message(Message::GET_STATE_BY_RANGE, range);
}

Message ScriptRun::call(const std::vector<std::string>& words) const {
  protos::ChaincodeSpec spec;
  const bool is_here = words.size() < 4 || words[2] == "-";
  spec.mutable_chaincode_id()->set_name(is_here ? words[1] : words[1] + "/" + words[2]);
  spec.mutable_input()->add_args("run");
  spec.mutable_input()->add_args(arguments_[1]);
  for (std::string operation : split(words.back(), ';')) {
    std::replace(operation.begin(), operation.end(), ',', ':');
    spec.mutable_input()->add_args(operation);
  }
  return message(Message::INVOKE_CHAINCODE, spec);
}

Message ScriptRun::completed(int status, const std::string& text) const {
  protos::Response response;
  response.set_status(status);
  (status == 200 ? *response.mutable_payload() : *response.mutable_message()) = text;
  Message done = message(Message::COMPLETED, response);
  if (!event_.empty() && status == 200) {
    done.mutable_chaincode_event()->set_event_name(event_ + "." + arguments_[1]);
  }
  return done;
}

Message ScriptRun::message(Message::Type type, const google::protobuf::Message& payload) const {
  Message made;
  made.set_type(type);
  made.set_channel_id(key_.channel.value);
  made.set_txid(key_.tx.value);
  made.set_payload(payload.SerializeAsString());
  return made;
}

// No two values are the same: the model can tell where one came from.
std::string ScriptRun::value(std::size_t padding) {
  return R"({"v":")" + key_.tx.value.substr(0, 16) + "." + chaincode_ + "." + std::to_string(at_) +
         "." + std::to_string(written_++) + R"(","p":")" + std::string(padding, 'x') + R"("})";
}

}  // namespace ccbus::simulation
