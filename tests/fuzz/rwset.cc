// The first byte chooses. Either any read-write set is refused or decoded with all its namespaces;
// or what a simulation collects is decoded again.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/ledger/block/rwset.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/message_filler.h"

namespace ledger = ccbus::ledger;
using ccbus::fuzz::Input;

namespace {

constexpr std::array<std::string_view, 6> kWords = {
    "", "basic", "_lifecycle", "c1", "k", "01234567890123456789012345678901"};

void decode(const rwset::TxReadWriteSet& set) {
  const auto parsed = ledger::parse_rwset(set);
  if (!parsed) return;
  CCBUS_ASSERT(parsed->size() == static_cast<std::size_t>(set.ns_rwset_size()));
  for (const auto& ns : *parsed) {
    for (const auto& write : ns.kv.writes()) static_cast<void>(ledger::is_delete(write));
    for (const auto& collection : ns.collections) {
      for (const auto& write : collection.hashed.hashed_writes()) {
        static_cast<void>(ledger::is_delete(write));
      }
    }
  }
}

// Inner layers are bytes to protobuf; they are filled with messages of their own.
void decode_filled(Input& input) {
  const ccbus::fuzz::MessageFiller filler(kWords);
  rwset::TxReadWriteSet set;
  for (int count = 0; count < 4 && !input.empty(); ++count) {
    auto& ns = *set.add_ns_rwset();
    ns.set_namespace_(filler.word(input));
    kvrwset::KVRWSet kv;
    filler.fill(kv, input);
    ns.set_rwset(kv.SerializeAsString());
    for (std::size_t left = input.below(3); left > 0; --left) {
      auto& collection = *ns.add_collection_hashed_rwset();
      collection.set_collection_name(filler.word(input));
      collection.set_pvt_rwset_hash(filler.word(input));
      kvrwset::HashedRWSet hashed;
      filler.fill(hashed, input);
      collection.set_hashed_rwset(hashed.SerializeAsString());
    }
  }
  decode(set);
}

void build(Input& input) {
  const ccbus::fuzz::MessageFiller filler(kWords);
  ledger::RwsetBuilder builder;
  std::vector<std::shared_ptr<ledger::RangeQueryRecorder>> ranges;
  std::ptrdiff_t bytes = 0;
  while (!input.empty()) {
    const std::size_t choice = input.below(9);
    const std::string ns = filler.word(input);
    const std::string key = filler.word(input);
    const ledger::Version version{input.byte(), input.byte()};
    switch (choice) {
      case 0: bytes += builder.add_read(ns, key, version); break;
      case 1: bytes += builder.add_read(ns, key, std::nullopt); break;
      case 2: bytes += builder.add_write(ns, key, std::string(input.text())); break;
      case 3:
        bytes += builder.add_metadata_write(ns, key, {{"m", std::string(input.text())}});
        break;
      case 4: ranges.push_back(builder.add_range(ns, key, filler.word(input))); break;
      case 5: {
        if (ranges.empty()) break;
        for (std::size_t left = input.byte(); left > 0; --left) {
          bytes += ranges.back()->add(key + std::to_string(left), version);
        }
        break;
      }
      case 6:
        if (!ranges.empty()) ranges.back()->exhausted();
        break;
      case 7: bytes += builder.collection(ns, key).add_write("k", std::string(input.text())); break;
      default: bytes += builder.collection(ns, key).add_read("k", version); break;
    }
    CCBUS_ASSERT(bytes >= 0);
  }
  const rwset::TxReadWriteSet set = builder.build();
  CCBUS_ASSERT(ledger::parse_rwset(set).has_value());
  CCBUS_ASSERT(builder.build().SerializeAsString() == set.SerializeAsString());
  static_cast<void>(builder.build_private());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  Input input(data, size);
  switch (input.below(3)) {
    case 0: {
      const std::string_view bytes = input.rest();
      rwset::TxReadWriteSet set;
      if (set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) decode(set);
      break;
    }
    case 1: decode_filled(input); break;
    default: build(input);
  }
  return 0;
}
