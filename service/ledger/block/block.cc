#include "service/ledger/block/block.h"

#include <utility>

#include "service/base/assert.h"
#include "service/base/fixed_int.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"

namespace ccbus::ledger {
namespace {

constexpr char kDerInteger = 0x02;
constexpr char kDerOctetString = 0x04;
constexpr char kDerSequence = 0x30;

// Big-endian without leading zeros.
std::string minimal(std::uint64_t value) {
  std::string bytes;
  append_fixed(bytes, value);
  const std::size_t first = bytes.find_first_not_of('\0');
  return first == std::string::npos ? std::string(1, '\0') : bytes.substr(first);
}

std::string der(char tag, std::string_view content) {
  std::string out(1, tag);
  if (content.size() < 0x80) {
    out.push_back(static_cast<char>(content.size()));
  } else {
    const std::string length = minimal(content.size());
    out.push_back(static_cast<char>(0x80 | length.size()));
    out.append(length);
  }
  return out.append(content);
}

std::string der_integer(std::uint64_t value) {
  std::string bytes = minimal(value);
  // The highest bit is the sign.
  if ((static_cast<unsigned char>(bytes.front()) & 0x80) != 0) bytes.insert(0, 1, '\0');
  return der(kDerInteger, bytes);
}

}  // namespace

std::string header_hash(const common::BlockHeader& header) {
  const std::string fields = der_integer(header.number()) +
                             der(kDerOctetString, header.previous_hash()) +
                             der(kDerOctetString, header.data_hash());
  return sha256({der(kDerSequence, fields)});
}

std::string data_hash(const common::BlockData& data) {
  Sha256 hash;
  for (const std::string& envelope : data.data()) hash.update(envelope);
  return hash.finish();
}

common::Block make_block(std::uint64_t number, std::string_view previous_hash,
                         std::vector<OrderedEnvelope>&& envelopes,
                         const std::vector<protos::TxValidationCode>& codes) {
  CCBUS_ASSERT(envelopes.size() == codes.size());
  common::Block block;
  for (OrderedEnvelope& envelope : envelopes) {
    block.mutable_data()->add_data(std::move(envelope.bytes));
  }
  block.mutable_header()->set_number(number);
  block.mutable_header()->set_previous_hash(previous_hash.data(), previous_hash.size());
  block.mutable_header()->set_data_hash(data_hash(block.data()));
  for (int i = 0; i < common::BlockMetadataIndex_ARRAYSIZE; ++i) {
    block.mutable_metadata()->add_metadata();
  }
  std::string& filter = *block.mutable_metadata()->mutable_metadata(common::TRANSACTIONS_FILTER);
  for (const protos::TxValidationCode code : codes) filter.push_back(static_cast<char>(code));
  return block;
}

std::vector<std::string> block_faults(const common::Block& block, std::uint64_t number) {
  std::vector<std::string> faults;
  if (block.header().number() != number) {
    faults.push_back("its header has the number " + std::to_string(block.header().number()));
  }
  const std::string data = data_hash(block.data());
  if (data != block.header().data_hash()) {
    faults.push_back("its data hash is " + to_hex(data) + ", its header says " +
                     to_hex(block.header().data_hash()));
  }
  const int index = common::TRANSACTIONS_FILTER;
  const bool has_filter = block.metadata().metadata_size() > index;
  const std::size_t codes = has_filter ? block.metadata().metadata(index).size() : 0;
  const auto envelopes = static_cast<std::size_t>(block.data().data_size());
  if (codes != envelopes) {
    faults.push_back("it has " + std::to_string(envelopes) + " transactions and " +
                     std::to_string(codes) + " validation codes");
  }
  return faults;
}

std::optional<std::string> link_fault(const common::Block& block, std::string_view previous_hash) {
  if (block.header().previous_hash() == previous_hash) return std::nullopt;
  return "its previous hash is " + to_hex(block.header().previous_hash()) +
         ", the hash of the block before is " + to_hex(previous_hash);
}

protos::TxValidationCode validation_code(const common::Block& block, std::size_t tx_num) {
  const common::BlockMetadata& metadata = block.metadata();
  if (metadata.metadata_size() <= common::TRANSACTIONS_FILTER) return protos::NOT_VALIDATED;
  const std::string& filter = metadata.metadata(common::TRANSACTIONS_FILTER);
  if (tx_num >= filter.size()) return protos::NOT_VALIDATED;
  return static_cast<protos::TxValidationCode>(static_cast<unsigned char>(filter[tx_num]));
}

}  // namespace ccbus::ledger
