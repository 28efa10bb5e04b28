#include "tests/bench/growth/transaction_stamp.h"

#include <stdexcept>
#include <utility>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/block/rwset.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::bench {
namespace {

constexpr const char* kNamespace = "basic";
constexpr std::size_t kRandomBytes = 50;
constexpr std::size_t kIdentityBytes = 1'600;  // Of the creator and the endorser: certificates.
constexpr std::size_t kSignatureBytes = 142;   // Of both.

// The finalizer of splitmix64, which maps no two numbers to the same one.
std::uint64_t scatter(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
  return number ^ (number >> 31);
}

std::string digits(std::uint64_t number, std::size_t count) {
  std::string text(count, '0');
  for (std::size_t i = count; i > 0 && number > 0; --i, number /= 10) {
    text[i - 1] = static_cast<char>('0' + number % 10);
  }
  return text;
}

std::string random_letters(std::uint64_t number, std::size_t count) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 10 == 0) bits = scatter(scatter(number) + i);
    text.push_back(kLetters[bits % kLetters.size()]);
    bits /= kLetters.size();
  }
  return text;
}

std::string nonce_of(std::uint64_t transaction) {
  return "nonce" + digits(transaction, 19);
}

std::string signatures_of(std::uint64_t transaction) {
  return random_letters(~transaction, kSignatureBytes);
}

void put(std::string& bytes, std::size_t at, std::string_view part) {
  bytes.replace(at, part.size(), part);
}

// Numbers that no transaction and no key of a run has.
constexpr std::uint64_t kOfTemplate = 999'999'999'999;
constexpr std::uint64_t kAbsentKeys = 1ull << 62;

}  // namespace

std::string key_of(std::uint64_t number) {
  const std::uint64_t scattered = scatter(number);
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((scattered >> shift) & 0xff));
  }
  return "asset" + to_hex(bytes);
}

std::string value_of(std::uint64_t number, Values values) {
  std::string value;
  if (values == Values::kDocuments) {
    value = R"({"owner":"o)" + digits(scatter(number) % 10'000, 5) + R"(","size":1)" +
            digits(scatter(~number) % 1'000'000, 6) + R"(,"text":")";
    value += random_letters(number, kValueBytes - value.size() - 2) + "\"}";
  } else {
    value = "of an asset: color=blue size=5 owner=Tomoko value=300 ";
    value.resize(kValueBytes - kRandomBytes, '.');
    value += random_letters(number, kRandomBytes);
  }
  return value;
}

TxId TransactionStamp::id_of(std::uint64_t transaction) const {
  return {to_hex(sha256({nonce_of(transaction), identity_}))};
}

TransactionStamp::TransactionStamp(Options options)
    : options_(std::move(options)), identity_(random_letters(kOfTemplate, kIdentityBytes)) {
  ledger::RwsetBuilder rwset;
  const std::uint64_t first = kOfTemplate * options_.writes;
  rwset.add_read(kNamespace, key_of(kAbsentKeys + kOfTemplate), std::nullopt);
  for (std::size_t i = 0; i < options_.writes; ++i) {
    rwset.add_write(kNamespace, key_of(first + i), value_of(first + i, options_.values));
  }
  test::TransactionParts parts(options_.channel, nonce_of(kOfTemplate), rwset.build());
  parts.signature_header.set_creator(identity_);
  parts.channel_header.set_tx_id(id_of(kOfTemplate).value);
  common::Envelope envelope;
  envelope.ParseFromString(parts.envelope().bytes);
  envelope.set_signature(signatures_of(kOfTemplate));
  template_ = envelope.SerializeAsString();
  channel_header_ = find(parts.channel_header.SerializeAsString());
  signature_header_ = find(parts.signature_header.SerializeAsString());
  nonce_ = find(nonce_of(kOfTemplate)).at;
  tx_id_ = find(id_of(kOfTemplate).value).at;
  proposal_hash_ = find(sha256({parts.channel_header.SerializeAsString(),
                                parts.signature_header.SerializeAsString(), "proposal"}))
                       .at;
  signatures_ = find(signatures_of(kOfTemplate)).at;
  read_key_ = find(key_of(kAbsentKeys + kOfTemplate)).at;
  for (std::size_t i = 0; i < options_.writes; ++i) {
    keys_.push_back(find(key_of(first + i)).at);
    values_.push_back(find(value_of(first + i, options_.values)).at);
  }
}

TransactionStamp::Span TransactionStamp::find(const std::string& part) const {
  const std::size_t at = template_.find(part);
  if (at == std::string::npos || template_.find(part, at + 1) != std::string::npos) {
    throw std::logic_error("a part of the template is not there once");
  }
  return {at, part.size()};
}

OrderedEnvelope TransactionStamp::envelope(std::uint64_t transaction) const {
  std::string bytes = template_;
  TxId id = id_of(transaction);
  put(bytes, nonce_, nonce_of(transaction));
  put(bytes, tx_id_, id.value);
  put(bytes, signatures_, signatures_of(transaction));
  put(bytes, read_key_, key_of(kAbsentKeys + transaction));
  for (std::size_t i = 0; i < options_.writes; ++i) {
    const std::uint64_t number = (transaction * options_.writes + i) % options_.keys;
    put(bytes, keys_[i], key_of(number));
    put(bytes, values_[i], value_of(number, options_.values));
  }
  const std::string_view all(bytes);
  put(bytes, proposal_hash_,
      sha256({all.substr(channel_header_.at, channel_header_.bytes),
              all.substr(signature_header_.at, signature_header_.bytes), "proposal"}));
  return {std::move(id), std::move(bytes), {}};
}

}  // namespace ccbus::bench
