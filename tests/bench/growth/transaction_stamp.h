#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "service/base/ids.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::bench {

// What every key of a growing ledger holds. Both have a fixed length; the key is a scattered
// number, so that new keys lie anywhere between the old ones, and half of the value cannot be
// compressed.
[[nodiscard]] std::string key_of(std::uint64_t number);
inline constexpr std::size_t kValueBytes = 100;
enum class Values { kText, kDocuments };  // Documents are JSON, with "owner" and "size".
[[nodiscard]] std::string value_of(std::uint64_t number, Values values);

// Makes valid endorser transactions at the cost of three hashes and a copy: one that was encoded
// before is the template, and what differs has a fixed length and is written over it. An envelope
// is as long as one of the service's development identity.
//
// Transaction `t` reads a key that does not exist and writes the keys from `t * writes` on, of
// which number `keys` is number 0 again.
class TransactionStamp {
 public:
  struct Options {
    ChannelId channel;
    std::size_t writes = 1;
    std::uint64_t keys = 0;
    Values values = Values::kText;
  };

  explicit TransactionStamp(Options options);

  [[nodiscard]] OrderedEnvelope envelope(std::uint64_t transaction) const;

  [[nodiscard]] TxId id_of(std::uint64_t transaction) const;

 private:
  struct Span {
    std::size_t at;
    std::size_t bytes;
  };
  // Where `part` stands; it occurs once.
  [[nodiscard]] Span find(const std::string& part) const;

  // Set once, then read only.
  const Options options_;
  const std::string identity_;  // What the certificates of creator and endorser take.
  std::string template_;
  Span channel_header_;
  Span signature_header_;
  std::size_t nonce_;
  std::size_t tx_id_;
  std::size_t proposal_hash_;
  std::size_t signatures_;
  std::size_t read_key_;
  std::vector<std::size_t> keys_;    // Of the writes.
  std::vector<std::size_t> values_;  // As the keys.
};

}  // namespace ccbus::bench
