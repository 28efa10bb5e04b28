// Any text gives an error, the start, or a bookmark whose text reads as the same bookmark; and
// every bookmark of ours can be read.

#include <cstdint>
#include <string>
#include <string_view>

#include "service/base/assert.h"
#include "service/ledger/query/mango/bookmark.h"
#include "tests/fuzz/input.h"

using ccbus::ledger::mango::Bookmark;

namespace {

void check_round_trip(const Bookmark& bookmark) {
  const auto again = Bookmark::parse(bookmark.text());
  CCBUS_ASSERT(again.has_value() && again->has_value());
  CCBUS_ASSERT((*again)->index_id == bookmark.index_id);
  CCBUS_ASSERT((*again)->sort_key == bookmark.sort_key);
  CCBUS_ASSERT((*again)->key == bookmark.key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = Bookmark::parse(text); parsed && *parsed) check_round_trip(**parsed);

  ccbus::fuzz::Input input(data, size);
  Bookmark made;
  made.index_id = input.text();
  made.sort_key = input.text();
  made.key = input.rest();
  check_round_trip(made);
  return 0;
}
