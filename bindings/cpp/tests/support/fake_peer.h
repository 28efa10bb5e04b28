#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "ccbus/shim/error.h"
#include "ccbus/shim/peer.h"
#include "fabric/ledger/kv_query_result.pb.h"

namespace ccbus::testing {

// A peer that answers from a map, with batches of Fabric's size, and records its requests. Unlike
// with a ledger, a transaction sees its own writes.
class FakePeer final : public shim::Peer {
 public:
  std::map<std::string, std::string> state;
  std::vector<protos::ChaincodeMessage::Type> asked;
  protos::GetStateByRange last_range;

  std::string ask(protos::ChaincodeMessage::Type type,
                  const google::protobuf::MessageLite& request) override {
    asked.push_back(type);
    const std::string payload = request.SerializeAsString();
    switch (type) {
      case protos::ChaincodeMessage::GET_STATE_BY_RANGE: return range(payload);
      case protos::ChaincodeMessage::QUERY_STATE_NEXT: return batch().SerializeAsString();
      case protos::ChaincodeMessage::QUERY_STATE_CLOSE:
        return protos::QueryResponse().SerializeAsString();
      case protos::ChaincodeMessage::GET_STATE: return get(payload);
      case protos::ChaincodeMessage::PUT_STATE: put(payload); return {};
      case protos::ChaincodeMessage::DEL_STATE: del(payload); return {};
      default: throw shim::Error("the fake peer does not know this request");
    }
  }

  [[nodiscard]] long times_asked(protos::ChaincodeMessage::Type type) const {
    return std::count(asked.begin(), asked.end(), type);
  }

 private:
  static constexpr int kBatch = 100;

  [[nodiscard]] std::string get(const std::string& payload) const {
    protos::GetState request;
    request.ParseFromString(payload);
    const auto found = state.find(request.key());
    return found == state.end() ? std::string() : found->second;
  }

  void put(const std::string& payload) {
    protos::PutState request;
    request.ParseFromString(payload);
    state[request.key()] = request.value();
  }

  void del(const std::string& payload) {
    protos::DelState request;
    request.ParseFromString(payload);
    state.erase(request.key());
  }

  std::string range(const std::string& payload) {
    last_range.ParseFromString(payload);
    position_ = state.lower_bound(last_range.startkey());
    end_ = last_range.endkey().empty() ? state.end() : state.lower_bound(last_range.endkey());
    protos::QueryMetadata page;
    page.ParseFromString(last_range.metadata());
    if (page.pagesize() == 0) return batch().SerializeAsString();
    if (!page.bookmark().empty()) position_ = state.lower_bound(page.bookmark());
    return this->page(page.pagesize()).SerializeAsString();
  }

  protos::QueryResponse results(int count_max) {
    protos::QueryResponse response;
    response.set_id("query-1");
    for (; position_ != end_ && response.results_size() < count_max; ++position_) {
      queryresult::KV result;
      result.set_key(position_->first);
      result.set_value(position_->second);
      response.add_results()->set_resultbytes(result.SerializeAsString());
    }
    return response;
  }

  protos::QueryResponse batch() {
    protos::QueryResponse response = results(kBatch);
    response.set_has_more(position_ != end_);
    return response;
  }

  protos::QueryResponse page(int size) {
    protos::QueryResponse response = results(size);
    protos::QueryResponseMetadata metadata;
    metadata.set_fetched_records_count(response.results_size());
    if (position_ != end_) metadata.set_bookmark(position_->first);
    response.set_metadata(metadata.SerializeAsString());
    return response;
  }

  std::map<std::string, std::string>::const_iterator position_;
  std::map<std::string, std::string>::const_iterator end_;
};

}  // namespace ccbus::testing
