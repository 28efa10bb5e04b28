#include "service/gateway/events/block_scan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "service/gateway/events/private_data_of_block.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

using ledger::BlockTransaction;

// Collects the events of valid transactions, of one chaincode or of all.
class ChaincodeEventScan final : public BlockScan {
 public:
  ChaincodeEventScan(std::uint64_t next, std::string after, std::string chaincode)
      : BlockScan(next, std::nullopt), after_(std::move(after)), chaincode_(std::move(chaincode)) {}

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

// Whether an identity, whose signature was checked before, is a Reader.
Result<void> check_reader(const std::string& identity, const ledger::ChannelTrust* trust,
                          const std::string& channel) {
  std::string reason = "the channel has no configuration";
  if (trust != nullptr) {
    auto decision =
        trust->policies().evaluate_at(ledger::kReadersPolicyPath, {identity}, trust->identities());
    if (decision.is_satisfied) return {};
    reason = std::move(decision.reason);
  }
  return fail(ErrorCode::kDenied,
              "the signer is no Reader of channel [" + channel + "] any more: [" + reason + "]");
}

// Collects blocks. What is collected of each, add_block() says.
class AnyBlockScan : public BlockScan {
 public:
  AnyBlockScan(std::uint64_t next, std::optional<std::uint64_t> last, std::string signer)
      : BlockScan(next, last), signer_(std::move(signer)) {}

  Result<void> add(ScannedBlock& block) override {
    if (auto allowed = check_signer(block.ledger()); !allowed) return allowed;
    if (auto added = add_block(block, found_); !added) return added;
    advance();
    return {};
  }

  bool has_any() const override { return found_.blocks_size() + found_.filtered_blocks_size() > 0; }

  void write(ccbus::ClientResponse& response) override {
    found_.set_next_block_number(next());
    found_.set_done(is_done());
    if (last()) found_.set_last_block_number(*last());
    *response.mutable_block_events() = std::move(found_);
  }

 protected:
  [[nodiscard]] const std::string& signer() const { return signer_; }

 private:
  // A configuration that has come since the request was checked may have taken the right away; the
  // block that has it is not delivered any more, as in Fabric.
  Result<void> check_signer(const ledger::ChannelLedger& ledger) {
    if (signer_.empty()) return {};
    auto trust = ledger.trust();
    if (trust == trust_) return {};
    if (auto allowed = check_reader(signer_, trust.get(), ledger.channel().value); !allowed) {
      return allowed;
    }
    trust_ = std::move(trust);
    return {};
  }

  // Adds nothing if it fails.
  virtual Result<void> add_block(ScannedBlock& block, ccbus::BlockEventsResponse& found) = 0;

  const std::string signer_;                           // Empty: nobody has signed the request.
  std::shared_ptr<const ledger::ChannelTrust> trust_;  // By which the signer may read.
  ccbus::BlockEventsResponse found_;
};

class WholeBlockScan final : public AnyBlockScan {
 public:
  using AnyBlockScan::AnyBlockScan;

 private:
  Result<void> add_block(ScannedBlock& block, ccbus::BlockEventsResponse& found) override {
    collected(block.block().ByteSizeLong());
    *found.add_blocks() = block.block();
    return {};
  }
};

// Blocks with the private data that their signer may read.
class PrivateBlockScan final : public AnyBlockScan {
 public:
  using AnyBlockScan::AnyBlockScan;

 private:
  Result<void> add_block(ScannedBlock& block, ccbus::BlockEventsResponse& found) override {
    auto data = private_data_for(signer(), block.block(), block.ledger());
    if (!data) return unexpected(data.error());
    collected(block.block().ByteSizeLong() + data->ByteSizeLong());
    *found.add_blocks() = block.block();
    *found.add_private_data() = std::move(*data);
    return {};
  }
};

class FilteredBlockScan final : public AnyBlockScan {
 public:
  FilteredBlockScan(std::uint64_t next, std::optional<std::uint64_t> last, std::string signer,
                    std::string channel)
      : AnyBlockScan(next, last, std::move(signer)), channel_(std::move(channel)) {}

 private:
  Result<void> add_block(ScannedBlock& block, ccbus::BlockEventsResponse& found) override {
    ccbus::FilteredBlock& filtered = *found.add_filtered_blocks();
    filtered.set_channel_id(channel_);
    filtered.set_block_number(next());
    for (const BlockTransaction& transaction : block.transactions()) {
      ccbus::FilteredBlock::Transaction& entry = *filtered.add_transactions();
      entry.set_transaction_id(transaction.tx_id.value);
      entry.set_chaincode_name(transaction.chaincode_name);
      entry.set_validation_code(transaction.code);
      // Of what cannot be read, the type is the field's default.
      entry.set_type(static_cast<common::HeaderType>(std::max(transaction.type, 0)));
      if (!transaction.event) continue;
      *entry.mutable_event() = *transaction.event;
      if (!signer().empty()) entry.mutable_event()->clear_payload();  // As Fabric does.
    }
    collected(filtered.ByteSizeLong());
    return {};
  }

  const std::string channel_;
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

std::unique_ptr<BlockScan> make_scan(const ccbus::BlockEventsRequest& request, std::uint64_t height,
                                     const std::string& signer) {
  using Request = ccbus::BlockEventsRequest;
  const bool has_start = request.from_case() != Request::FROM_NOT_SET;
  const std::uint64_t next = has_start ? request.block_number() : height;
  std::optional<std::uint64_t> last;
  if (request.until_case() != Request::UNTIL_NOT_SET) last = request.last_block_number();
  if (request.content() == Request::WITH_PRIVATE_DATA) {
    return std::make_unique<PrivateBlockScan>(next, last, signer);
  }
  if (request.filtered() || request.content() == Request::FILTERED) {
    return std::make_unique<FilteredBlockScan>(next, last, signer, request.channel_id());
  }
  return std::make_unique<WholeBlockScan>(next, last, signer);
}

}  // namespace ccbus::gateway
