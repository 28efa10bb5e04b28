#include "service/gateway/events/block_scan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ccbus::gateway {
namespace {

using ledger::BlockTransaction;

// Collects the events of valid transactions, of one chaincode or of all.
class ChaincodeEventScan final : public BlockScan {
 public:
  ChaincodeEventScan(std::uint64_t next, std::string after, std::string chaincode)
      : BlockScan(next), after_(std::move(after)), chaincode_(std::move(chaincode)) {}

  bool has_any() const override { return found_.blocks_size() > 0; }

  Result<void> add(ScannedBlock& block) override {
    const std::vector<BlockTransaction>& transactions = block.transactions();
    auto first = skip_to_start(transactions);
    if (!first) return unexpected(first.error());
    ccbus::ChaincodeEventsResponse::Block events;
    for (std::size_t i = *first; i < transactions.size(); ++i) {
      if (is_wanted(transactions[i])) *events.add_events() = *transactions[i].event;
    }
    if (events.events_size() > 0) {
      events.set_block_number(next());
      collected(events.ByteSizeLong());
      *found_.add_blocks() = std::move(events);
    }
    advance();
    return {};
  }

  void write(ccbus::ClientResponse& response) override {
    // If no block was read yet, the position that the client gave is returned.
    found_.mutable_next()->set_block_number(next());
    found_.mutable_next()->set_after_transaction_id(after_);
    *response.mutable_chaincode_events() = std::move(found_);
  }

 private:
  bool is_wanted(const BlockTransaction& transaction) const {
    return transaction.event && transaction.code == protos::VALID &&
           (chaincode_.empty() || transaction.event->chaincode_id() == chaincode_);
  }

  // Returns the index of the first transaction after the one that the client named, which has to be
  // in the first block; 0 if it named none.
  Result<std::size_t> skip_to_start(const std::vector<BlockTransaction>& transactions) {
    if (after_.empty()) return 0;
    const auto at = std::ranges::find(transactions, TxId{after_}, &BlockTransaction::tx_id);
    if (at == transactions.end()) {
      return fail(ErrorCode::kInvalid, "block " + std::to_string(next()) + " has no transaction " +
                                           after_ + " to go on after");
    }
    after_.clear();
    return static_cast<std::size_t>(at - transactions.begin()) + 1;
  }

  std::string after_;
  const std::string chaincode_;
  ccbus::ChaincodeEventsResponse found_;
};

class WholeBlockScan final : public BlockScan {
 public:
  explicit WholeBlockScan(std::uint64_t next) : BlockScan(next) {}

  bool has_any() const override { return found_.blocks_size() > 0; }

  Result<void> add(ScannedBlock& block) override {
    collected(block.block().ByteSizeLong());
    *found_.add_blocks() = block.block();
    advance();
    return {};
  }

  void write(ccbus::ClientResponse& response) override {
    found_.set_next_block_number(next());
    *response.mutable_block_events() = std::move(found_);
  }

 private:
  ccbus::BlockEventsResponse found_;
};

class FilteredBlockScan final : public BlockScan {
 public:
  FilteredBlockScan(std::uint64_t next, std::string channel)
      : BlockScan(next), channel_(std::move(channel)) {}

  bool has_any() const override { return found_.filtered_blocks_size() > 0; }

  Result<void> add(ScannedBlock& block) override {
    ccbus::FilteredBlock& filtered = *found_.add_filtered_blocks();
    filtered.set_channel_id(channel_);
    filtered.set_block_number(next());
    for (const BlockTransaction& transaction : block.transactions()) {
      ccbus::FilteredBlock::Transaction& entry = *filtered.add_transactions();
      entry.set_transaction_id(transaction.tx_id.value);
      entry.set_chaincode_name(transaction.chaincode_name);
      entry.set_validation_code(transaction.code);
      if (transaction.event) *entry.mutable_event() = *transaction.event;
    }
    collected(filtered.ByteSizeLong());
    advance();
    return {};
  }

  void write(ccbus::ClientResponse& response) override {
    found_.set_next_block_number(next());
    *response.mutable_block_events() = std::move(found_);
  }

 private:
  const std::string channel_;
  ccbus::BlockEventsResponse found_;
};

}  // namespace

const std::vector<BlockTransaction>& ScannedBlock::transactions() {
  if (!transactions_) transactions_ = ledger::block_contents(block_);
  return *transactions_;
}

std::unique_ptr<BlockScan> make_scan(const ccbus::ChaincodeEventsRequest& request,
                                     std::uint64_t height) {
  const std::uint64_t next = request.has_from() ? request.from().block_number() : height;
  return std::make_unique<ChaincodeEventScan>(next, request.from().after_transaction_id(),
                                              request.chaincode_name());
}

std::unique_ptr<BlockScan> make_scan(const ccbus::BlockEventsRequest& request,
                                     std::uint64_t height) {
  const bool has_start = request.from_case() != ccbus::BlockEventsRequest::FROM_NOT_SET;
  const std::uint64_t next = has_start ? request.block_number() : height;
  if (request.filtered()) return std::make_unique<FilteredBlockScan>(next, request.channel_id());
  return std::make_unique<WholeBlockScan>(next);
}

}  // namespace ccbus::gateway
