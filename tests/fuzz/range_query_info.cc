// A summary of a range's reads depends on the reads alone, not on when it was asked for, and what a
// recorder says can stand in a read-write set.

#include <cstdint>
#include <string>

#include "service/base/assert.h"
#include "service/ledger/block/range_query_info.h"
#include "service/ledger/block/rwset.h"
#include "tests/fuzz/input.h"

namespace ledger = ccbus::ledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ccbus::fuzz::Input input(data, size);
  const auto degree = static_cast<std::uint32_t>(2 + input.below(8));
  ledger::RangeReads asked_often(degree);
  ledger::RangeReads asked_once(degree);
  ledger::RwsetBuilder builder;
  const std::string start = input.ascii();
  const std::string end = input.ascii();
  const auto recorder = builder.add_range("basic", start, end);
  std::ptrdiff_t bytes = 0;
  while (!input.empty()) {
    const std::string key = input.ascii();
    const ledger::Version version{input.byte(), input.byte()};
    bytes += asked_often.add(key, version);
    asked_once.add(key, version);
    recorder->add(key, version);
    kvrwset::RangeQueryInfo info;
    asked_often.summarize(info);
    CCBUS_ASSERT(bytes >= 0);
  }
  kvrwset::RangeQueryInfo often;
  kvrwset::RangeQueryInfo once;
  asked_often.summarize(often);
  asked_once.summarize(once);
  CCBUS_ASSERT(often.SerializeAsString() == once.SerializeAsString());
  CCBUS_ASSERT(ledger::parse_rwset(builder.build()).has_value());
  return 0;
}
