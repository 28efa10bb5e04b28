#include "service/ledger/query/index_states.h"

#include <algorithm>
#include <string>

#include "service/ledger/query/mango/index_key.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {

Result<std::vector<IndexState>> index_states(const StateView& view,
                                             const ccbus::ChaincodeDefinition& definition) {
  std::vector<IndexState> states;
  for (const ccbus::IndexConfig& config : definition.indexes()) {
    const auto index = mango::Index::of(config);
    if (!index) {
      states.push_back(IndexState::kUnsupported);
      continue;
    }
    const std::string ns = config.collection().empty()
                               ? definition.name()
                               : private_namespace(definition.name(), config.collection());
    const auto complete = view.complete_indexes(ns);
    if (!complete) return unexpected(complete.error());
    const bool is_complete = std::ranges::find(*complete, index->id) != complete->end();
    states.push_back(is_complete ? IndexState::kComplete : IndexState::kBeingBuilt);
  }
  return states;
}

}  // namespace ccbus::ledger
