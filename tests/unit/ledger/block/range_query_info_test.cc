#include "service/ledger/block/range_query_info.h"

#include <catch2/catch.hpp>

#include "service/base/sha256.h"

using namespace ccbus::ledger;

namespace {

std::string key(int number) {
  return "key" + std::to_string(number);
}

kvrwset::RangeQueryInfo info_of(int reads, std::uint32_t max_degree) {
  RangeReads range(max_degree);
  for (int i = 0; i < reads; ++i) range.add(key(i), Version{1, static_cast<std::uint64_t>(i)});
  kvrwset::RangeQueryInfo info;
  range.summarize(info);
  return info;
}

// The hash of reads [first, end), by the definition.
std::string leaf(int first, int end) {
  kvrwset::QueryReads reads;
  for (int i = first; i < end; ++i) {
    kvrwset::KVRead& read = *reads.add_kv_reads();
    read.set_key(key(i));
    read.mutable_version()->set_block_num(1);
    read.mutable_version()->set_tx_num(static_cast<std::uint64_t>(i));
  }
  return ccbus::sha256({reads.SerializeAsString()});
}

std::string four_leaves(int first) {
  return ccbus::sha256({leaf(first, first + 4), leaf(first + 4, first + 8),
                        leaf(first + 8, first + 12), leaf(first + 12, first + 16)});
}

std::vector<std::string> hashes(const kvrwset::RangeQueryInfo& info) {
  const auto& all = info.reads_merkle_hashes().max_level_hashes();
  return {all.begin(), all.end()};
}

}  // namespace

TEST_CASE("few reads stay as they are", "[ledger][row-141]") {
  CHECK(info_of(0, 3).reads_info_case() == kvrwset::RangeQueryInfo::READS_INFO_NOT_SET);
  CHECK(info_of(3, 3).raw_reads().kv_reads_size() == 3);
  CHECK(info_of(50, kRangeReadsMaxDegree).raw_reads().kv_reads_size() == 50);
  CHECK(info_of(51, kRangeReadsMaxDegree).reads_merkle_hashes().max_level_hashes_size() == 1);
}

TEST_CASE("nine reads at degree three are three leaves", "[ledger][row-141]") {
  const auto info = info_of(9, 3);
  CHECK(info.reads_merkle_hashes().max_degree() == 3);
  CHECK(info.reads_merkle_hashes().max_level() == 1);
  CHECK(hashes(info) == std::vector{leaf(0, 4), leaf(4, 8), leaf(8, 9)});
}

TEST_CASE("twenty-five reads at degree three are two hashes of the second level",
          "[ledger][row-141]") {
  const auto info = info_of(25, 3);
  CHECK(info.reads_merkle_hashes().max_level() == 2);
  CHECK(hashes(info) ==
        std::vector{four_leaves(0), ccbus::sha256({leaf(16, 20), leaf(20, 24), leaf(24, 25)})});
}

TEST_CASE("a hash that is left over goes up as it is", "[ledger][row-141]") {
  const auto info = info_of(65, 3);
  CHECK(info.reads_merkle_hashes().max_level() == 3);
  const std::string third_level =
      ccbus::sha256({four_leaves(0), four_leaves(16), four_leaves(32), four_leaves(48)});
  CHECK(hashes(info) == std::vector{third_level, leaf(64, 65)});
}

TEST_CASE("a summary may be taken between reads", "[ledger]") {
  RangeReads range(3);
  kvrwset::RangeQueryInfo early;
  for (int i = 0; i < 65; ++i) {
    range.add(key(i), Version{1, static_cast<std::uint64_t>(i)});
    if (i == 20) range.summarize(early);
  }
  kvrwset::RangeQueryInfo late;
  range.summarize(late);
  CHECK(early.SerializeAsString() == info_of(21, 3).SerializeAsString());
  CHECK(late.SerializeAsString() == info_of(65, 3).SerializeAsString());
}
