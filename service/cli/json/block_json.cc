#include "service/cli/json/block_json.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_event.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/hex.h"
#include "service/base/printable.h"
#include "service/cli/json/json_values.h"
#include "service/cli/json/rwset_json.h"
#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

std::string code_name(int code) {
  const std::string& name =
      protos::TxValidationCode_Name(static_cast<protos::TxValidationCode>(code));
  return name.empty() ? std::to_string(code) : name;
}

// Returns the validation code of a transaction; NOT_VALIDATED if the block has none for it.
int code_of(const common::Block& block, int place) {
  const int index = common::TRANSACTIONS_FILTER;
  if (block.metadata().metadata_size() <= index) return protos::NOT_VALIDATED;
  const std::string& codes = block.metadata().metadata(index);
  const auto at = static_cast<std::size_t>(place);
  return at < codes.size() ? int{static_cast<unsigned char>(codes[at])}
                           : int{protos::NOT_VALIDATED};
}

ordered_json args_json(const std::string& proposal_payload) {
  protos::ChaincodeProposalPayload payload;
  protos::ChaincodeInvocationSpec spec;
  if (!payload.ParseFromString(proposal_payload) || !spec.ParseFromString(payload.input())) {
    return nullptr;
  }
  ordered_json args = ordered_json::array();
  for (const std::string& arg : spec.chaincode_spec().input().args()) {
    args.push_back(text_or_null(arg));
  }
  return args;
}

void add_header(const common::Header& header, ordered_json& transaction) {
  common::ChannelHeader channel;
  if (channel.ParseFromString(header.channel_header())) {
    transaction["tx_id"] = channel.tx_id();
    transaction["timestamp"] = format_timestamp(channel.timestamp());
  }
  common::SignatureHeader signature;
  msp::SerializedIdentity creator;
  if (signature.ParseFromString(header.signature_header()) &&
      creator.ParseFromString(signature.creator())) {
    transaction["creator_msp_id"] = creator.mspid();
  }
}

void add_action(const protos::ChaincodeActionPayload& payload, ordered_json& transaction) {
  transaction["args"] = args_json(payload.chaincode_proposal_payload());
  protos::ProposalResponsePayload response;
  protos::ChaincodeAction action;
  if (!response.ParseFromString(payload.action().proposal_response_payload()) ||
      !action.ParseFromString(response.extension())) {
    return;
  }
  transaction["chaincode"] = action.chaincode_id().name();
  transaction["status"] = action.response().status();
  transaction["message"] = action.response().message();
  protos::ChaincodeEvent event;
  if (!action.events().empty() && event.ParseFromString(action.events())) {
    transaction["event"] = {{"name", event.event_name()}};
    add_bytes(transaction["event"], "payload", event.payload());
  }
  transaction["namespaces"] = rwset_json(action.results());
}

}  // namespace

ordered_json transaction_json(const common::Envelope& envelope, int code) {
  ordered_json transaction{{"tx_id", nullptr},     {"validation_code", code_name(code)},
                           {"timestamp", nullptr}, {"creator_msp_id", nullptr},
                           {"chaincode", nullptr}, {"args", nullptr},
                           {"status", nullptr},    {"message", nullptr},
                           {"event", nullptr},     {"namespaces", nullptr}};
  common::Payload payload;
  if (!payload.ParseFromString(envelope.payload()) || !payload.has_header()) return transaction;
  add_header(payload.header(), transaction);
  protos::Transaction actions;
  protos::ChaincodeActionPayload action;
  if (actions.ParseFromString(payload.data()) && actions.actions_size() == 1 &&
      action.ParseFromString(actions.actions(0).payload())) {
    add_action(action, transaction);
  }
  return transaction;
}

ordered_json block_json(const common::Block& block) {
  ordered_json transactions = ordered_json::array();
  for (int i = 0; i < block.data().data_size(); ++i) {
    common::Envelope envelope;
    envelope.ParseFromString(block.data().data(i));  // If that fails, it has no payload.
    transactions.push_back(transaction_json(envelope, code_of(block, i)));
  }
  return {{"number", block.header().number()},
          {"previous_hash", to_hex(block.header().previous_hash())},
          {"data_hash", to_hex(block.header().data_hash())},
          {"transactions", std::move(transactions)}};
}

std::string format_block(const common::Block& block) {
  const ordered_json json = block_json(block);
  const std::string& previous = block.header().previous_hash();
  const std::string text = "block " + std::to_string(block.header().number()) +
                           "\n  previous hash  " + (previous.empty() ? "-" : to_hex(previous)) +
                           "\n  data hash      " + to_hex(block.header().data_hash()) + "\n\n";
  std::vector<Row> rows{{"TX", "TRANSACTION", "VALIDATION", "CHAINCODE", "FUNCTION", "TIME"}};
  const auto shown = [](const ordered_json& value) {
    return value.is_string() ? printable(value.get<std::string>()) : std::string("-");
  };
  for (const ordered_json& transaction : json.at("transactions")) {
    const ordered_json& args = transaction.at("args");
    const bool has_function = args.is_array() && !args.empty();
    rows.push_back({std::to_string(rows.size() - 1), shown(transaction.at("tx_id")),
                    shown(transaction.at("validation_code")), shown(transaction.at("chaincode")),
                    has_function ? shown(args.at(0)) : "-", shown(transaction.at("timestamp"))});
  }
  return text + format_table(rows);
}

}  // namespace ccbus::cli
