#include "service/cli/reports/event_report.h"

#include <nlohmann/json.hpp>

#include "service/base/printable.h"
#include "service/cli/json/json_values.h"

namespace ccbus::cli {

std::string format_event(const client::ChaincodeEvent& event) {
  const ordered_json payload = text_or_null(event.event.payload());
  return "block " + std::to_string(event.block_number) + "  " + event.event.tx_id() + "  " +
         event.event.chaincode_id() + "  " + printable(event.event.event_name()) + "  " +
         (payload.is_null() ? "<" + std::to_string(event.event.payload().size()) + " bytes>"
                            : printable(event.event.payload()));
}

std::string event_json(const client::ChaincodeEvent& event) {
  ordered_json line{{"block_number", event.block_number},
                    {"tx_id", event.event.tx_id()},
                    {"chaincode", event.event.chaincode_id()},
                    {"name", event.event.event_name()}};
  add_bytes(line, "payload", event.event.payload());
  return line.dump();
}

std::string format_filtered(const FilteredBlock& block) {
  std::string text = "block " + std::to_string(block.block_number()) + "  " +
                     std::to_string(block.transactions_size()) + " transactions";
  for (const auto& transaction : block.transactions()) {
    text += "\n  " + transaction.transaction_id() + "  " +
            protos::TxValidationCode_Name(transaction.validation_code()) + "  " +
            transaction.chaincode_name();
  }
  return text;
}

std::string filtered_json(const FilteredBlock& block) {
  ordered_json transactions = ordered_json::array();
  for (const auto& transaction : block.transactions()) {
    ordered_json one{
        {"tx_id", transaction.transaction_id()},
        {"chaincode", transaction.chaincode_name()},
        {"validation_code", protos::TxValidationCode_Name(transaction.validation_code())},
        {"event", nullptr}};
    if (transaction.has_event()) {
      one["event"] = {{"name", transaction.event().event_name()}};
      add_bytes(one["event"], "payload", transaction.event().payload());
    }
    transactions.push_back(std::move(one));
  }
  return ordered_json{{"channel_id", block.channel_id()},
                      {"number", block.block_number()},
                      {"transactions", std::move(transactions)}}
      .dump();
}

}  // namespace ccbus::cli
