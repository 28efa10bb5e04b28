#include "service/gateway/admin/qscc.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "ccbus/ledger.pb.h"
#include "fabric/common/ledger.pb.h"
#include "service/base/hex.h"
#include "service/gateway/admin/ledger_answers.h"
#include "service/ledger/block/block.h"

namespace ccbus::gateway {
namespace {

using ledger::ChannelLedger;

constexpr const char* kGetChainInfo = "GetChainInfo";

protos::Response failure(std::string why) {
  protos::Response response;
  response.set_status(500);
  response.set_message(std::move(why));
  return response;
}

protos::Response success(const google::protobuf::MessageLite& found) {
  protos::Response response;
  response.set_status(200);
  found.SerializeToString(response.mutable_payload());
  return response;
}

Result<ccbus::LedgerResponse> look_up(const ChannelLedger& ledger,
                                      const ccbus::LedgerRequest& request) {
  return answer_ledger_request(ledger, request, 1);
}

// Why a look-up failed: Fabric's words if it found nothing.
std::string reason_of(const Error& error, std::string not_found) {
  return error.code == ErrorCode::kNotFound ? std::move(not_found) : error.message;
}

protos::Response chain_info(const ChannelLedger& ledger) {
  ccbus::LedgerRequest request;
  request.mutable_chain_info();
  const auto answer = look_up(ledger, request);
  if (!answer) return failure("Failed to get block info with error " + answer.error().message);
  common::BlockchainInfo info;
  info.set_height(answer->chain_info().height());
  info.set_currentblockhash(answer->chain_info().current_block_hash());
  info.set_previousblockhash(answer->chain_info().previous_block_hash());
  return success(info);
}

// The largest number there is stands for the newest block.
protos::Response block_by_number(const ChannelLedger& ledger, const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) {
    const bool is_large = fault == std::errc::result_out_of_range;
    return failure("Failed to parse block number with error strconv.ParseUint: parsing \"" + text +
                   "\": " + (is_large ? "value out of range" : "invalid syntax"));
  }
  const std::uint64_t height = ledger.height();
  if (number == std::numeric_limits<std::uint64_t>::max() && height > 0) number = height - 1;
  ccbus::LedgerRequest request;
  request.mutable_block_by_number()->set_number(number);
  const auto answer = look_up(ledger, request);
  if (answer) return success(answer->block());
  const std::string name = std::to_string(number);
  return failure("Failed to get block number " + name + ", error " +
                 reason_of(answer.error(), "no such block number [" + name + "] in index"));
}

// Each block has the hash of the one before it.
Result<common::Block> find_by_hash(const ChannelLedger& ledger, const std::string& hash) {
  std::uint64_t above = ledger.height();
  std::string hash_below = ledger.last_block_hash();
  std::size_t bytes = 0;
  for (int blocks = 0; above > 0; ++blocks) {
    if (blocks == kHashedBlocksMax || bytes > kHashedBytesMax) {
      return fail(ErrorCode::kExhausted, "none of the newest " + std::to_string(blocks) +
                                             " blocks has the hash [" + to_hex(hash) +
                                             "], and older ones are not looked through");
    }
    const bool is_wanted = hash_below == hash;
    auto block = ledger.block(above - 1);
    if (!block) return unexpected(block.error());
    if (!*block) break;
    if (is_wanted) return std::move(**block);
    bytes += (*block)->ByteSizeLong();
    hash_below = (*block)->header().previous_hash();
    --above;
  }
  return fail(ErrorCode::kNotFound, "no such block hash [" + to_hex(hash) + "] in index");
}

protos::Response block_by_hash(const ChannelLedger& ledger, const std::string& hash) {
  if (hash.empty()) return failure("Block hash must not be nil.");
  const auto block = find_by_hash(ledger, hash);
  if (block) return success(*block);
  return failure("Failed to get block hash " + hash + ", error " + block.error().message);
}

protos::Response block_by_tx_id(const ChannelLedger& ledger, const std::string& tx) {
  ccbus::LedgerRequest request;
  request.mutable_block_by_tx_id()->set_transaction_id(tx);
  const auto answer = look_up(ledger, request);
  if (answer) return success(answer->block());
  return failure("Failed to get block for txID " + tx + ", error " +
                 reason_of(answer.error(), "no such transaction ID [" + tx + "] in index"));
}

protos::Response transaction_by_id(const ChannelLedger& ledger, const std::string& tx) {
  if (tx.empty()) return failure("Transaction ID must not be nil.");
  ccbus::LedgerRequest request;
  request.mutable_transaction_by_id()->set_transaction_id(tx);
  const auto answer = look_up(ledger, request);
  if (answer) return success(answer->transaction().transaction());
  return failure("Failed to get transaction with id " + tx + ", error " +
                 reason_of(answer.error(), "no such transaction ID [" + tx + "] in index"));
}

}  // namespace

protos::Response answer_qscc(const ChannelLedger& ledger, const protos::ChaincodeInput& input,
                             const std::function<Result<void>()>& allowed) {
  const int count = input.args_size();
  if (count < 2) return failure("Incorrect number of arguments, " + std::to_string(count));
  const std::string& function = input.args(0);
  const std::string& channel = input.args(1);
  if (function != kGetChainInfo && count < 3) {
    return failure("missing 3rd argument for " + function);
  }
  // Another channel than that of the proposal: neither its key nor its signature counts there.
  if (channel != ledger.channel().value) return failure("Invalid chain ID, " + channel);
  if (const auto may = allowed(); !may) {
    return failure("access denied for [" + function + "][" + channel + "]: [" +
                   may.error().message + "]");
  }
  if (function == kGetChainInfo) return chain_info(ledger);
  if (function == "GetBlockByNumber") return block_by_number(ledger, input.args(2));
  if (function == "GetBlockByHash") return block_by_hash(ledger, input.args(2));
  if (function == "GetBlockByTxID") return block_by_tx_id(ledger, input.args(2));
  if (function == "GetTransactionByID") return transaction_by_id(ledger, input.args(2));
  return failure("Requested function " + function + " not found.");
}

}  // namespace ccbus::gateway
