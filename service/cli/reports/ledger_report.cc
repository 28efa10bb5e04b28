#include "service/cli/reports/ledger_report.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "ccbus/shim/composite_key.h"
#include "ccbus/shim/error.h"
#include "service/base/hex.h"
#include "service/base/printable.h"
#include "service/cli/json/base64.h"
#include "service/cli/json/block_json.h"
#include "service/cli/json/json_values.h"

namespace ccbus::cli {
namespace {

std::string text(const kvrwset::Version& version) {
  return "(" + std::to_string(version.block_num()) + "," + std::to_string(version.tx_num()) + ")";
}

// Returns a value as text; if it is not UTF-8, only its size.
std::string value_text(const std::string& bytes) {
  return text_or_null(bytes).is_null() ? "<" + std::to_string(bytes.size()) + " bytes>" : bytes;
}

// The same within a line, whose end and columns stay where they are.
std::string value_in_line(const std::string& bytes) {
  return printable(value_text(bytes));
}

// Adds `name`_base64 if the text cannot be typed or read as it is.
void add_text(ordered_json& object, const std::string& name, const std::string& text) {
  object[name] = text_or_null(text);
  if (printable_prefix(text) != text.size()) object[name + "_base64"] = encode_base64(text);
}

void add_key(ordered_json& object, const std::string& key) {
  add_text(object, "key", key);
  if (!key.starts_with('\0')) return;
  try {
    const shim::CompositeKey parts = shim::split_composite_key(key);
    object["composite"] = ordered_json::array({parts.object_type});
    for (const std::string& one : parts.attributes) object["composite"].push_back(one);
  } catch (const shim::Error&) {
    // A simple key that begins with U+0000.
  }
}

ordered_json entry_json(const LedgerEntry& entry) {
  ordered_json object = ordered_json::object();
  add_key(object, entry.key());
  object["version"] = version_json(entry.version());
  add_bytes(object, "value", entry.value());
  object["metadata"] = ordered_json::object();
  for (const auto& one : entry.metadata()) add_bytes(object["metadata"], one.name(), one.value());
  return object;
}

std::string format_entry(const LedgerEntry& entry) {
  return printable(entry.key()) + "  " + text(entry.version()) + "  " +
         value_in_line(entry.value()) + "\n";
}

ordered_json transaction_report(const LedgerTransaction& found) {
  ordered_json object{{"block", found.block_number()}, {"tx", found.tx_number()}};
  object.update(transaction_json(found.transaction().transactionenvelope(),
                                 found.transaction().validationcode()));
  return object;
}

ordered_json modification_json(const queryresult::KeyModification& change) {
  ordered_json object{{"tx_id", change.tx_id()},
                      {"timestamp", format_timestamp(change.timestamp())},
                      {"is_delete", change.is_delete()}};
  add_bytes(object, "value", change.value());
  return object;
}

std::string format_modification(const queryresult::KeyModification& change) {
  return format_timestamp(change.timestamp()) + "  " + change.tx_id() + "  " +
         (change.is_delete() ? "deleted" : value_in_line(change.value())) + "\n";
}

std::string format_verification(const Verification& found) {
  std::string text = std::to_string(found.blocks()) + " blocks, " +
                     std::to_string(found.transactions()) + " transactions, " +
                     std::to_string(found.keys()) + " keys, " +
                     std::to_string(found.private_values()) + " private values: ";
  if (found.differences_count() == 0) return text + "all as the blocks say\n";
  text += std::to_string(found.differences_count()) + " differences\n";
  for (const std::string& one : found.differences()) text += "  " + one + "\n";
  return text;
}

// The option to type for the next page, quoted for a shell.
std::string bookmark_option(const std::string& bookmark) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,:/=+@%";
  if (bookmark.find_first_not_of(kPlain) == std::string::npos) return "--bookmark " + bookmark;
  const bool is_typed = printable_prefix(bookmark) == bookmark.size() &&
                        bookmark.find('\'') == std::string::npos && bookmark.front() != '-';
  return is_typed ? "--bookmark '" + bookmark + "'"
                  : "--bookmark-base64 " + encode_base64(bookmark);
}

std::string format_bookmark(const std::string& bookmark) {
  if (bookmark.empty()) return {};
  return "-- more: " + bookmark_option(bookmark) + "\n";
}

void add_verification(const Verification& found, ordered_json& report) {
  report["ok"] = found.differences_count() == 0;
  report["blocks"] = found.blocks();
  report["transactions"] = found.transactions();
  report["keys"] = found.keys();
  report["private_values"] = found.private_values();
  report["last_block_hash"] = to_hex(found.last_block_hash());
  report["differences_count"] = found.differences_count();
  report["differences"] = ordered_json::array();
  for (const std::string& one : found.differences()) report["differences"].push_back(one);
}

void add_answer(const LedgerResponse& response, ordered_json& report) {
  switch (response.answer_case()) {
    case LedgerResponse::kChainInfo:
      report["height"] = response.chain_info().height();
      report["current_block_hash"] = to_hex(response.chain_info().current_block_hash());
      report["previous_block_hash"] = to_hex(response.chain_info().previous_block_hash());
      return;
    case LedgerResponse::kBlock: report.update(block_json(response.block())); return;
    case LedgerResponse::kTransaction:
      report.update(transaction_report(response.transaction()));
      return;
    case LedgerResponse::kKey: report.update(entry_json(response.key())); return;
    case LedgerResponse::kRange:
      report["entries"] = ordered_json::array();
      for (const auto& entry : response.range().entries())
        report["entries"].push_back(entry_json(entry));
      add_text(report, "bookmark", response.range().bookmark());
      return;
    case LedgerResponse::kHistory:
      report["modifications"] = ordered_json::array();
      for (const auto& change : response.history().modifications())
        report["modifications"].push_back(modification_json(change));
      add_text(report, "bookmark", response.history().bookmark());
      return;
    case LedgerResponse::kVerification: return add_verification(response.verification(), report);
    case LedgerResponse::kSnapshot:
      report["directory"] = response.snapshot().directory();
      report["height"] = response.snapshot().height();
      report["last_block_hash"] = to_hex(response.snapshot().last_block_hash());
      return;
    case LedgerResponse::kConfig:       // channel_config_report.h
    case LedgerResponse::kDefinitions:  // definition_report.h
    case LedgerResponse::kProgress:
    case LedgerResponse::ANSWER_NOT_SET: return;
  }
}

}  // namespace

std::string format_ledger(const LedgerResponse& response) {
  std::string text;
  switch (response.answer_case()) {
    case LedgerResponse::kChainInfo:
      return "channel " + response.channel_id() + "\n  height         " +
             std::to_string(response.chain_info().height()) + "\n  last block     " +
             to_hex(response.chain_info().current_block_hash()) + "\n  block before   " +
             to_hex(response.chain_info().previous_block_hash()) + "\n";
    case LedgerResponse::kBlock: return format_block(response.block());
    case LedgerResponse::kTransaction:
      return transaction_report(response.transaction()).dump(2) + "\n";
    case LedgerResponse::kKey: return value_text(response.key().value()) + "\n";
    case LedgerResponse::kRange:
      for (const auto& entry : response.range().entries()) text += format_entry(entry);
      return text + format_bookmark(response.range().bookmark());
    case LedgerResponse::kHistory:
      for (const auto& change : response.history().modifications())
        text += format_modification(change);
      return text + format_bookmark(response.history().bookmark());
    case LedgerResponse::kVerification: return format_verification(response.verification());
    case LedgerResponse::kSnapshot:
      return "channel " + response.channel_id() + " at height " +
             std::to_string(response.snapshot().height()) + " is in " +
             response.snapshot().directory() + "\n";
    case LedgerResponse::kConfig:
    case LedgerResponse::kDefinitions:
    case LedgerResponse::kProgress:
    case LedgerResponse::ANSWER_NOT_SET: break;
  }
  return text;
}

std::string ledger_json(const client::Reply& reply) {
  ordered_json report = outcome_json(reply);
  report["channel_id"] = reply.response.ledger().channel_id();
  add_answer(reply.response.ledger(), report);
  return report.dump();
}

}  // namespace ccbus::cli
