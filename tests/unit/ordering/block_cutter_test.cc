#include "service/ordering/block_cutter.h"

#include <catch2/catch.hpp>

using namespace ccbus;
using namespace ccbus::ordering;

namespace {

OrderedEnvelope message(std::size_t bytes) {
  return {TxId{"tx"}, std::string(bytes, 'm')};
}

BlockCutter cutter(std::size_t transactions_max, std::size_t bytes_preferred) {
  Limits limits;
  limits.block_transactions_max = transactions_max;
  limits.block_bytes_preferred = bytes_preferred;
  return BlockCutter(limits);
}

std::vector<std::size_t> sizes(const std::vector<Batch>& batches) {
  std::vector<std::size_t> out;
  for (const Batch& batch : batches) out.push_back(batch.size());
  return out;
}

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the message that reaches the count closes the block", "[ordering][row-153]") {
  BlockCutter blocks = cutter(2, 1000);
  CHECK(blocks.add(message(40)).empty());
  CHECK(blocks.has_pending());
  CHECK(sizes(blocks.add(message(40))) == Sizes{2});
  CHECK_FALSE(blocks.has_pending());
}

TEST_CASE("a message above the preferred size stands alone", "[ordering][row-154]") {
  BlockCutter blocks = cutter(3, 30);
  CHECK(sizes(blocks.add(message(40))) == Sizes{1});
  CHECK_FALSE(blocks.has_pending());
}

TEST_CASE("a message that does not fit any more starts the next block", "[ordering][row-154]") {
  BlockCutter blocks = cutter(3, 50);
  CHECK(blocks.add(message(40)).empty());
  CHECK(sizes(blocks.add(message(40))) == Sizes{1});
  CHECK(blocks.has_pending());
  CHECK(blocks.cut().size() == 1);
}

TEST_CASE("private data count for the size of a block", "[ordering]") {
  BlockCutter blocks = cutter(3, 50);
  CHECK(blocks.add(message(20)).empty());
  OrderedEnvelope with_private = message(10);
  with_private.private_data = std::string(21, 'p');
  CHECK(sizes(blocks.add(std::move(with_private))) == Sizes{1});
  CHECK(blocks.has_pending());
}

TEST_CASE("one message can close two blocks", "[ordering][row-155]") {
  BlockCutter blocks = cutter(3, 50);
  CHECK(blocks.add(message(10)).empty());
  CHECK(sizes(blocks.add(message(1000))) == Sizes{1, 1});
  CHECK_FALSE(blocks.has_pending());
}

TEST_CASE("a cut with nothing pending gives nothing", "[ordering][row-156]") {
  BlockCutter blocks = cutter(3, 50);
  CHECK(blocks.cut().empty());
  REQUIRE(blocks.add(message(10)).empty());
  CHECK(blocks.cut().size() == 1);
  CHECK(blocks.cut().empty());
}

TEST_CASE("a block may have exactly the preferred size", "[ordering]") {
  BlockCutter blocks = cutter(10, 80);
  CHECK(blocks.add(message(40)).empty());
  CHECK(blocks.add(message(40)).empty());
  CHECK(sizes(blocks.add(message(1))) == Sizes{2});
}
