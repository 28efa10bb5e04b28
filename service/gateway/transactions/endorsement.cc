#include "service/gateway/transactions/endorsement.h"

#include <algorithm>
#include <utility>

#include "service/base/assert.h"
#include "service/gateway/transactions/channel_update.h"
#include "service/ledger/state/definition.h"

namespace ccbus::gateway {
namespace {

// Removes the elements for which `is_unwanted(element)` is true.
template <class Element, class Predicate>
void erase_if(google::protobuf::RepeatedPtrField<Element>& elements, Predicate is_unwanted) {
  elements.erase(std::remove_if(elements.begin(), elements.end(), is_unwanted), elements.end());
}

std::string encode_private_data(rwset::TxPvtReadWriteSet data,
                                const std::vector<std::string>& played) {
  for (rwset::NsPvtReadWriteSet& ns : *data.mutable_ns_pvt_rwset()) {
    erase_if(*ns.mutable_collection_pvt_rwset(), [&](const auto& collection) {
      return std::ranges::all_of(played, [&](const std::string& msp_id) {
        return ledger::is_implicit_collection_of_another(collection.collection_name(), msp_id);
      });
    });
  }
  erase_if(*data.mutable_ns_pvt_rwset(),
           [](const auto& ns) { return ns.collection_pvt_rwset().empty(); });
  return data.ns_pvt_rwset_size() == 0 ? std::string() : data.SerializeAsString();
}

// The version that the chaincode is defined with; empty without a definition.
std::string version_of(ledger::TxSimulator& simulator, const std::string& chaincode) {
  const auto definition = simulator.definition(chaincode);
  return definition && *definition != nullptr ? (*definition)->version() : std::string();
}

}  // namespace

Endorsement make_endorsement(Endorsed endorsed, const std::vector<std::string>& played,
                             bool is_to_be_sealed) {
  chaincode::ExecutionResult& result = endorsed.result;
  std::string version;
  if (is_to_be_sealed) version = version_of(*result.simulator, endorsed.proposal.chaincode_name);
  auto results = result.simulator->results();
  CCBUS_ASSERT(results.has_value());  // The results are taken only here, and only once.
  result.simulator->done();
  Endorsement made;
  made.envelope = transaction_envelope(
      endorsed.proposal, {results->public_data, result.response, result.event, version});
  made.private_data = encode_private_data(std::move(results->private_data), played);
  made.changes_channel = changes_channel(endorsed.proposal);
  made.creator = std::move(endorsed.proposal.creator);
  made.key = std::move(endorsed.proposal.key);
  made.response = std::move(result.response);
  made.event = std::move(result.event);
  return made;
}

}  // namespace ccbus::gateway
