// Long answers are begun on the bus thread and finished by a worker.
#include <catch2/catch.hpp>
#include <string>

#include "fabric/ledger/kv_query_result.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

constexpr int kKeys = 300;
constexpr int kAtOnce = 100;  // Within the budget of the bus thread.

std::string numbered(int i) {
  const std::string digits = std::to_string(1'000 + i);
  return "key" + digits;
}

struct Slow {
  explicit Slow(std::size_t value_bytes = 10) {
    for (int i = 0; i < kKeys; ++i) rig.write("basic", numbered(i), std::string(value_bytes, 'v'));
    shim.emplace(rig.ready_shim("basic"));
    call = &rig.invoke("basic", "tx1");
  }

  // Whether the answer has come without a worker.
  bool is_at_once(const ChaincodeMessage& request) {
    const std::size_t before = shim->received().size();
    shim->sends(request);
    const bool answered = shim->received().size() > before;
    CHECK(rig.workers().waiting.size() == (answered ? 0 : 1));
    return answered;
  }

  std::string read_write_set() {
    shim->sends(completed("tx1"));
    REQUIRE(call->outcomes() == std::vector{chaincode::Outcome::kCompleted});
    return call->results.front().simulator->results()->public_data.SerializeAsString();
  }

  ChaincodeRig rig;
  std::optional<FakeShim> shim;
  Call* call = nullptr;
};

ChaincodeMessage get_multiple(int count) {
  protos::GetStateMultiple get;
  for (int i = 0; i < count; ++i)
    get.add_keys(i % 3 == 0 ? "absent" + std::to_string(i) : numbered(i));
  return message(ChaincodeMessage::GET_STATE_MULTIPLE, "tx1", get.SerializeAsString());
}

}  // namespace

TEST_CASE("a read of many keys is finished by a worker, and records the same reads",
          "[chaincode]") {
  Slow slow;
  REQUIRE_FALSE(slow.is_at_once(get_multiple(kKeys)));
  slow.rig.run_jobs();
  protos::GetStateMultipleResult result;
  REQUIRE(slow.shim->last().type() == ChaincodeMessage::RESPONSE);
  REQUIRE(result.ParseFromString(slow.shim->last().payload()));
  REQUIRE(result.values_size() == kKeys);

  Slow one_by_one;
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = i % 3 == 0 ? "absent" + std::to_string(i) : numbered(i);
    one_by_one.shim->sends(get_state("tx1", key));
    CHECK(one_by_one.shim->last().payload() == result.values(i));
  }
  CHECK(slow.read_write_set() == one_by_one.read_write_set());
}

TEST_CASE("a read of few keys, a batch and a small page are answered at once", "[chaincode]") {
  Slow slow;
  CHECK(slow.is_at_once(get_multiple(kAtOnce)));
  CHECK(slow.is_at_once(get_range("tx1", "", "")));
  CHECK(slow.is_at_once(get_range("tx1", "", "", kAtOnce)));
}

TEST_CASE("a long page of a range is finished by a worker, and records the same reads",
          "[chaincode]") {
  Slow slow;
  REQUIRE_FALSE(slow.is_at_once(get_range("tx1", "", "", kKeys - 1)));
  slow.rig.run_jobs();
  protos::QueryResponse page;
  REQUIRE(page.ParseFromString(slow.shim->last().payload()));
  REQUIRE(page.results_size() == kKeys - 1);
  for (int i = 0; i < kKeys - 1; ++i) {
    queryresult::KV kv;
    REQUIRE(kv.ParseFromString(page.results(i).resultbytes()));
    CHECK(kv.key() == numbered(i));
  }
  protos::QueryResponseMetadata metadata;
  REQUIRE(metadata.ParseFromString(page.metadata()));
  CHECK(metadata.fetched_records_count() == kKeys - 1);
  CHECK(metadata.bookmark() == numbered(kKeys - 1));

  // The same rows, read in batches up to the last one of the page.
  Slow batches;
  batches.shim->sends(get_range("tx1", "", numbered(kKeys - 1)));
  protos::QueryResponse batch;
  REQUIRE(batch.ParseFromString(batches.shim->last().payload()));
  while (batch.has_more()) {
    batches.shim->sends(query_next("tx1", batch.id()));
    REQUIRE(batch.ParseFromString(batches.shim->last().payload()));
  }
  const auto summary_of = [](Slow& one) {
    rwset::TxReadWriteSet set;
    kvrwset::KVRWSet reads;
    REQUIRE(set.ParseFromString(one.read_write_set()));
    REQUIRE(reads.ParseFromString(set.ns_rwset(0).rwset()));
    REQUIRE(reads.range_queries_info_size() == 1);
    return reads.range_queries_info(0).reads_merkle_hashes().SerializeAsString();
  };
  CHECK(summary_of(slow) == summary_of(batches));
}

TEST_CASE("batches of large values are finished by a worker, in order and each once",
          "[chaincode]") {
  Slow slow(20'000);
  REQUIRE_FALSE(slow.is_at_once(get_range("tx1", "", "")));
  protos::QueryResponse batch;
  for (int next = 0;;) {
    slow.rig.run_jobs();
    REQUIRE(batch.ParseFromString(slow.shim->last().payload()));
    for (const auto& result : batch.results()) {
      queryresult::KV kv;
      REQUIRE(kv.ParseFromString(result.resultbytes()));
      CHECK(kv.key() == numbered(next++));
    }
    if (!batch.has_more()) {
      CHECK(next == kKeys);
      break;
    }
    slow.shim->sends(query_next("tx1", batch.id()));
  }
}

TEST_CASE("a transaction may end while a worker makes its answer", "[chaincode]") {
  Slow slow;
  const auto request = GENERATE(get_multiple(kKeys), get_range("tx1", "", "", kKeys));
  REQUIRE_FALSE(slow.is_at_once(request));
  slow.rig.advance(std::chrono::hours(1));
  REQUIRE(slow.call->outcomes() == std::vector{chaincode::Outcome::kDeadline});
  slow.call->results.clear();  // And with it the simulator.
  const std::size_t before = slow.shim->received().size();
  slow.rig.run_jobs();
  CHECK(slow.shim->received().size() == before);
}

TEST_CASE("a long answer for which no worker has room is refused", "[chaincode]") {
  Slow slow;
  slow.rig.workers().full = true;
  slow.shim->sends(get_range("tx1", "", "", kKeys));
  CHECK(slow.shim->last().payload() ==
        "GET_STATE_BY_RANGE failed: transaction ID: tx1: too many queries are waiting for a worker "
        "(limits.backgroundJobs)");
  slow.shim->sends(get_state("tx1", numbered(0)));
  CHECK(slow.shim->last().type() == ChaincodeMessage::RESPONSE);
}

}  // namespace ccbus::test
