#include "service/gateway/admin/ledger_answers.h"

#include <string>
#include <utility>

#include "service/gateway/admin/definition_answers.h"
#include "service/gateway/admin/ledger_pages.h"
#include "service/ledger/block/block.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::gateway {
namespace {

using ledger::ChannelLedger;

Result<common::Block> block_of(const ChannelLedger& ledger, std::uint64_t number) {
  auto block = ledger.block(number);
  if (!block) return unexpected(block.error());
  if (*block) return std::move(**block);
  return fail(ErrorCode::kNotFound, "channel " + ledger.channel().value + " has no block " +
                                        std::to_string(number) + ": its height is " +
                                        std::to_string(ledger.height()));
}

Result<ledger::TransactionRecord> record_of(const ChannelLedger& ledger, const std::string& tx) {
  auto record = ledger.transaction(TxId{tx});
  if (!record) return unexpected(record.error());
  if (*record) return **record;
  return fail(ErrorCode::kNotFound,
              "channel " + ledger.channel().value + " has no transaction " + tx);
}

Result<void> answer(const ChannelLedger& ledger, const ccbus::GetChainInfo&,
                    ccbus::LedgerResponse& response) {
  ccbus::ChainInfo& info = *response.mutable_chain_info();
  const std::uint64_t height = ledger.height();
  info.set_height(height);
  if (height == 0) return {};
  auto last = block_of(ledger, height - 1);
  if (!last) return unexpected(last.error());
  info.set_current_block_hash(ledger::header_hash(last->header()));
  info.set_previous_block_hash(last->header().previous_hash());
  return {};
}

Result<void> answer(const ChannelLedger& ledger, const ccbus::GetBlockByNumber& query,
                    ccbus::LedgerResponse& response) {
  auto block = block_of(ledger, query.number());
  if (!block) return unexpected(block.error());
  *response.mutable_block() = std::move(*block);
  return {};
}

// The position of a transaction, and its block.
struct Located {
  ledger::TransactionRecord record;
  common::Block block;
};

Result<Located> locate(const ChannelLedger& ledger, const std::string& tx) {
  auto record = record_of(ledger, tx);
  if (!record) return unexpected(record.error());
  auto block = block_of(ledger, record->block_num);
  if (!block) return unexpected(block.error());
  return Located{*record, std::move(*block)};
}

Result<void> answer(const ChannelLedger& ledger, const ccbus::GetBlockByTxID& query,
                    ccbus::LedgerResponse& response) {
  auto located = locate(ledger, query.transaction_id());
  if (!located) return unexpected(located.error());
  *response.mutable_block() = std::move(located->block);
  return {};
}

Result<void> answer(const ChannelLedger& ledger, const ccbus::GetTransactionByID& query,
                    ccbus::LedgerResponse& response) {
  const auto located = locate(ledger, query.transaction_id());
  if (!located) return unexpected(located.error());
  const auto& [record, block] = *located;
  ccbus::LedgerTransaction& found = *response.mutable_transaction();
  found.set_block_number(record.block_num);
  found.set_tx_number(record.tx_num);
  found.mutable_transaction()->set_validationcode(record.code);
  const auto place = static_cast<int>(record.tx_num);
  if (place >= block.data().data_size() ||
      !found.mutable_transaction()->mutable_transactionenvelope()->ParseFromString(
          block.data().data(place))) {
    return fail(ErrorCode::kCorrupt,
                "transaction " + query.transaction_id() + " is not where its record says: block " +
                    std::to_string(record.block_num) + ", place " + std::to_string(record.tx_num));
  }
  return {};
}

void write(std::string_view key, std::string_view value, std::string_view metadata,
           const ledger::Version& version, ccbus::LedgerEntry& entry) {
  entry.set_key(std::string(key));
  entry.set_value(std::string(value));
  entry.mutable_version()->set_block_num(version.block_num);
  entry.mutable_version()->set_tx_num(version.tx_num);
  if (metadata.empty()) return;
  kvrwset::KVMetadataWrite stored;
  stored.ParseFromArray(metadata.data(), static_cast<int>(metadata.size()));
  *entry.mutable_metadata() = std::move(*stored.mutable_entries());
}

// Refuses a '$', which would give access to private data.
Result<void> check_namespace(const std::string& ns) {
  if (!ns.empty() && ns.find('$') == std::string::npos) return {};
  return fail(ErrorCode::kInvalid, "'" + ns + "' is no chaincode's namespace");
}

Result<void> answer(const ChannelLedger& ledger, const ccbus::GetKey& query,
                    ccbus::LedgerResponse& response) {
  if (auto allowed = check_namespace(query.namespace_()); !allowed) return allowed;
  auto found = ledger.snapshot()->get(query.namespace_(), query.key());
  if (!found) return unexpected(found.error());
  if (!*found) {
    return fail(ErrorCode::kNotFound,
                "namespace " + query.namespace_() + " has no key '" + query.key() + "'");
  }
  write(query.key(), (*found)->value, (*found)->metadata, (*found)->version,
        *response.mutable_key());
  return {};
}

// The bookmark is the first key of the next page.
Result<void> answer(const ChannelLedger& ledger, const ccbus::GetKeyRange& query,
                    std::uint32_t page_max, ccbus::LedgerResponse& response) {
  if (auto allowed = check_namespace(query.namespace_()); !allowed) return allowed;
  const auto view = ledger.snapshot();
  const std::string& start = query.bookmark().empty() ? query.start() : query.bookmark();
  auto cursor = view->range(query.namespace_(), start, query.end());
  if (!cursor) return unexpected(cursor.error());
  ccbus::LedgerRange& page = *response.mutable_range();
  const auto count_max = static_cast<int>(page_size(query.page_size(), page_max));
  std::size_t bytes = 0;
  for (;;) {
    auto entry = (*cursor)->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) return {};
    if (page.entries_size() == count_max || bytes > kPageBytes) {
      page.set_bookmark(std::string((*entry)->key));
      return {};
    }
    bytes += (*entry)->key.size() + (*entry)->value.size();
    write((*entry)->key, (*entry)->value, (*entry)->metadata, (*entry)->version,
          *page.add_entries());
  }
}

// The bookmark is the last transaction of the page before, so that newer changes do not shift the
// pages.
Result<void> answer(const ChannelLedger& ledger, const ccbus::GetKeyHistory& query,
                    std::uint32_t page_max, ccbus::LedgerResponse& response) {
  if (auto allowed = check_namespace(query.namespace_()); !allowed) return allowed;
  const auto view = ledger.snapshot();
  auto cursor = view->history(query.namespace_(), query.key());
  if (!cursor) return unexpected(cursor.error());
  ccbus::LedgerHistory& page = *response.mutable_history();
  const auto count_max = static_cast<int>(page_size(query.page_size(), page_max));
  bool skipping = !query.bookmark().empty();
  std::size_t bytes = 0;
  for (;;) {
    auto entry = (*cursor)->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) break;
    queryresult::KeyModification change;
    if (!change.ParseFromString(**entry)) {
      return fail(ErrorCode::kCorrupt, "the history of key '" + query.key() + "' is damaged");
    }
    if (std::exchange(skipping, skipping && change.tx_id() != query.bookmark())) continue;
    if (page.modifications_size() == count_max || bytes > kPageBytes) {
      page.set_bookmark(page.modifications().rbegin()->tx_id());
      return {};
    }
    bytes += (*entry)->size();
    *page.add_modifications() = std::move(change);
  }
  if (!skipping) return {};
  return fail(ErrorCode::kInvalid, "the bookmark '" + query.bookmark() +
                                       "' is no transaction that changed key '" + query.key() +
                                       "'");
}

}  // namespace

Result<ccbus::LedgerResponse> answer_ledger_request(const ChannelLedger& ledger,
                                                    const ccbus::LedgerRequest& request,
                                                    std::uint32_t page_max) {
  using Request = ccbus::LedgerRequest;
  ccbus::LedgerResponse response;
  response.set_channel_id(ledger.channel().value);
  Result<void> answered = fail(ErrorCode::kInvalid, "the request asks the ledger for nothing");
  switch (request.query_case()) {
    case Request::kChainInfo: answered = answer(ledger, request.chain_info(), response); break;
    case Request::kBlockByNumber:
      answered = answer(ledger, request.block_by_number(), response);
      break;
    case Request::kBlockByTxId:
      answered = answer(ledger, request.block_by_tx_id(), response);
      break;
    case Request::kTransactionById:
      answered = answer(ledger, request.transaction_by_id(), response);
      break;
    case Request::kKey: answered = answer(ledger, request.key(), response); break;
    case Request::kRange: answered = answer(ledger, request.range(), page_max, response); break;
    case Request::kHistory: answered = answer(ledger, request.history(), page_max, response); break;
    case Request::kDefinitions: {
      auto page = answer_definitions(ledger, request.definitions(), page_max);
      if (!page) return unexpected(page.error());
      *response.mutable_definitions() = std::move(*page);
      return response;
    }
    case Request::kConfig: {
      const auto trust = ledger.trust();
      if (trust == nullptr) {
        return fail(ErrorCode::kNotFound,
                    "channel '" + request.channel_id() +
                        "' has no configuration: nobody's signature is checked on it");
      }
      *response.mutable_config() = trust->config();
      return response;
    }
    case Request::kVerify:
    case Request::kSnapshot:
    case Request::kProgress:
    case Request::QUERY_NOT_SET: break;
  }
  if (!answered) return unexpected(answered.error());
  return response;
}

}  // namespace ccbus::gateway
