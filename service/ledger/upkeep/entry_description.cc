#include "service/ledger/upkeep/entry_description.h"

#include <cstdint>
#include <optional>

#include "service/base/fixed_int.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/private_rows.h"
#include "service/ledger/state/derived_namespace.h"
#include "service/ledger/state/state_encoding.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kKeyBytesShown = 80;

// Names and keys may be any bytes; what is told is ASCII.
std::string escaped(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes.substr(0, kKeyBytesShown)) {
    const bool is_plain = byte >= ' ' && byte < 0x7f && byte != '\\' && byte != '\'';
    if (is_plain) {
      out += byte;
    } else {
      out += "\\x" + to_hex({&byte, 1});
    }
  }
  return out;
}

std::string quoted(std::string_view bytes) {
  return "'" + escaped(bytes) + (bytes.size() > kKeyBytesShown ? "'..." : "'");
}

std::string text(const TransactionRecord& record) {
  return to_string(Version{record.block_num, record.tx_num}) + " " + describe_code(record.code);
}

std::string text(const PrivateKey& key) {
  return escaped(key.ns) + "/" + escaped(key.collection) + ", key hash " + to_hex(key.key_hash);
}

std::string describe_state(std::string_view key) {
  std::string_view rest = key;
  const auto ns = take_sized(rest);
  if (!ns) return "state, entry " + quoted(key);
  const auto derived = split_derived(*ns);
  if (!derived) return "state of " + quoted(*ns) + ", key " + quoted(rest);
  return "hash in " + text(PrivateKey{std::string(derived->ns), std::string(derived->collection),
                                      std::string(rest)});
}

std::string describe_history(std::string_view key) {
  std::string_view rest = key;
  const auto ns = take_sized(rest);
  const auto of = ns ? take_sized(rest) : std::nullopt;
  if (!of || rest.size() != sizeof(std::uint64_t) + sizeof(std::uint32_t)) {
    return "history, entry " + quoted(key);
  }
  const Version version{~read_fixed<std::uint64_t>(rest),
                        ~read_fixed<std::uint32_t>(rest.substr(sizeof(std::uint64_t)))};
  return "history of " + quoted(*ns) + ", key " + quoted(*of) + ", change of " + to_string(version);
}

std::string describe_expiry(std::string_view key) {
  const auto expiry = decode_expiry_key(key);
  if (!expiry) return "expiry, entry " + quoted(key);
  return "expiry in " + text(expiry->key) + ", with block " + std::to_string(expiry->block_num);
}

std::string describe_private_row(std::string_view key) {
  const auto row = decode_private_write_key(key);
  if (!row) return "private write, entry " + quoted(key);
  return "private write in " + text(row->key) + ", of " + to_string(row->version);
}

std::string state_difference(std::string_view stored, std::string_view rebuilt) {
  const auto is = decode_state_value(stored);
  const auto should = decode_state_value(rebuilt);
  if (!is || !should) return "it cannot be decoded";
  if (is->version != should->version) {
    return "its version is " + to_string(is->version) + ", rebuilt " + to_string(should->version);
  }
  return is->value != should->value ? "its value differs" : "its metadata differ";
}

std::string transaction_difference(std::string_view stored, std::string_view rebuilt) {
  const auto is = decode_transaction_record(stored);
  const auto should = decode_transaction_record(rebuilt);
  if (!is || !should) return "its record cannot be decoded";
  return "it is recorded as " + text(*is) + ", rebuilt " + text(*should);
}

}  // namespace

std::string describe_family(Family family) {
  switch (family) {
    case Family::kMeta: return "ledger";
    case Family::kState: return "state";
    case Family::kBlocks: return "blocks";
    case Family::kTransactions: return "transactions";
    case Family::kHistory: return "history";
    case Family::kPrivateWrites: return "private writes";
    case Family::kExpiry: return "expiry";
    case Family::kIndexes: return "indexes";
  }
  return "?";
}

std::string describe_entry(Family family, std::string_view key) {
  switch (family) {
    case Family::kState: return describe_state(key);
    case Family::kTransactions: return "transaction " + quoted(key);
    case Family::kHistory: return describe_history(key);
    case Family::kExpiry: return describe_expiry(key);
    case Family::kPrivateWrites: return describe_private_row(key);
    case Family::kMeta:
    case Family::kBlocks:
    case Family::kIndexes: break;
  }
  return describe_family(family) + ", entry " + quoted(key);
}

std::string describe_difference(Family family, std::string_view stored, std::string_view rebuilt) {
  if (family == Family::kState) return state_difference(stored, rebuilt);
  if (family == Family::kTransactions) return transaction_difference(stored, rebuilt);
  return "it is not what the blocks make of it";
}

std::string describe_private_value(const PrivateKey& key) {
  return "private value in " + text(key);
}

std::string describe_code(protos::TxValidationCode code) {
  const std::string& name = protos::TxValidationCode_Name(code);
  return name.empty() ? "code " + std::to_string(code) : name;
}

}  // namespace ccbus::ledger
