#include "service/ordering/log/log_state.h"

#include <catch2/catch.hpp>

using namespace ccbus;
using namespace ccbus::ordering;

TEST_CASE("what the ledger keeps of the log is read as it was written", "[ordering][issue-18]") {
  const LogState state{"generation", "hash", {{"a", {1, 2, "na"}}, {"b", {3, 0, "nb"}}}};
  const auto read = decode_log_state(encode_log_state(state));
  REQUIRE(read);
  CHECK(read->generation == state.generation);
  CHECK(read->entry_hash == state.entry_hash);
  CHECK(read->rows == state.rows);
  CHECK(encode_log_state({}).empty());
  CHECK(decode_log_state("")->rows.empty());
  const auto damaged = decode_log_state("\x0a\x7f");
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == ErrorCode::kCorrupt);
}
