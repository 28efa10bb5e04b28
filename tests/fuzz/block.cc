// A block may hold any bytes as envelopes and metadata, and anything may come as private data: each
// envelope is described, a fault has a text, and only collections of the transaction are supplied.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/base/sha256.h"
#include "service/ledger/block/block.h"
#include "service/ledger/block/block_contents.h"
#include "service/ledger/block/private_data.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/message_filler.h"

namespace ledger = ccbus::ledger;
using ccbus::fuzz::Input;

namespace {

constexpr std::array<std::string_view, 4> kWords = {"", "basic", "c1", "k"};

void describe(const common::Block& block) {
  const auto contents = ledger::block_contents(block);
  CCBUS_ASSERT(contents.size() == static_cast<std::size_t>(block.data().data_size()));
  for (std::size_t at = 0; at < contents.size(); ++at) {
    CCBUS_ASSERT(contents[at].code == ledger::validation_code(block, at));
  }
  for (const std::string& fault : ledger::block_faults(block, 3)) CCBUS_ASSERT(!fault.empty());
  const auto link = ledger::link_fault(block, "a hash");
  CCBUS_ASSERT(link.has_value() == (block.header().previous_hash() != "a hash"));
  CCBUS_ASSERT(ledger::header_hash(block.header()).size() == 32);
  CCBUS_ASSERT(ledger::data_hash(block.data()).size() == 32);
}

// The transaction wrote the collections c1 and c2 of "basic", c1 with these bytes.
void supply(std::string_view first_writes, std::string_view private_data) {
  ledger::NamespaceRwset ns;
  ns.ns = "basic";
  ns.collections.push_back({"c1", {}, ccbus::sha256({first_writes})});
  ns.collections.push_back({"c2", {}, std::string(32, '2')});
  ledger::TxRwset rwset;
  rwset.push_back(std::move(ns));
  const auto supplied = ledger::match_private_data(rwset, private_data);
  CCBUS_ASSERT(supplied.collections.size() <= 1);
  for (const auto& collection : supplied.collections) CCBUS_ASSERT(collection.name == "c1");
}

void supply(Input& input) {
  const ccbus::fuzz::MessageFiller filler(kWords);
  kvrwset::KVRWSet writes;
  filler.fill(writes, input);
  const std::string encoded = writes.SerializeAsString();
  rwset::TxPvtReadWriteSet set;
  filler.fill(set, input);
  for (auto& ns : *set.mutable_ns_pvt_rwset()) {
    for (auto& collection : *ns.mutable_collection_pvt_rwset()) {
      if (input.below(2) == 0) collection.set_rwset(encoded);
    }
  }
  supply(encoded, set.SerializeAsString());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  Input input(data, size);
  switch (input.below(3)) {
    case 0: {
      const std::string_view bytes = input.rest();
      common::Block block;
      if (block.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) describe(block);
      break;
    }
    case 1: {
      const std::string_view first_writes = input.text();
      supply(first_writes, input.rest());
      break;
    }
    default: supply(input);
  }
  return 0;
}
