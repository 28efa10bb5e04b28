#include "service/gateway/admin/definition_answers.h"

#include <string>
#include <utility>

#include "service/gateway/admin/ledger_pages.h"
#include "service/ledger/query/index_states.h"
#include "service/ledger/state/definition.h"

namespace ccbus::gateway {
namespace {

ccbus::IndexState message_of(ledger::IndexState state) {
  switch (state) {
    case ledger::IndexState::kBeingBuilt: return ccbus::BEING_BUILT;
    case ledger::IndexState::kComplete: return ccbus::COMPLETE;
    case ledger::IndexState::kUnsupported: return ccbus::UNSUPPORTED;
  }
  return ccbus::BEING_BUILT;
}

Result<void> add(const ledger::StateView& view, ccbus::ChaincodeDefinition definition,
                 ccbus::Definitions& page) {
  const auto states = ledger::index_states(view, definition);
  if (!states) return unexpected(states.error());
  ccbus::DefinedChaincode& chaincode = *page.add_chaincodes();
  *chaincode.mutable_definition() = std::move(definition);
  for (const ledger::IndexState state : *states) chaincode.add_index_states(message_of(state));
  return {};
}

}  // namespace

Result<ccbus::Definitions> answer_definitions(const ledger::ChannelLedger& ledger,
                                              const ccbus::GetDefinitions& query,
                                              std::uint32_t page_max) {
  const auto view = ledger.snapshot();
  ccbus::Definitions page;
  if (!query.name().empty()) {
    auto definition = ledger::find_definition(*view, query.name());
    if (!definition) return unexpected(definition.error());
    if (!*definition) {
      return fail(
          ErrorCode::kNotFound,
          "chaincode '" + query.name() + "' is not defined on channel " + ledger.channel().value);
    }
    if (auto added = add(*view, std::move(**definition), page); !added) {
      return unexpected(added.error());
    }
    return page;
  }
  auto cursor = view->range(ledger::kLifecycleNamespace, query.bookmark(), "");
  if (!cursor) return unexpected(cursor.error());
  const auto count_max = static_cast<int>(page_size(query.page_size(), page_max));
  std::size_t bytes = 0;
  for (;;) {
    auto entry = (*cursor)->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) return page;
    const std::string name((*entry)->key);
    if (page.chaincodes_size() == count_max || bytes > kPageBytes) {
      page.set_bookmark(name);
      return page;
    }
    bytes += (*entry)->value.size();
    auto definition = ledger::decode_definition(name, (*entry)->value);
    if (!definition) return unexpected(definition.error());
    if (auto added = add(*view, std::move(*definition), page); !added) {
      return unexpected(added.error());
    }
  }
}

}  // namespace ccbus::gateway
