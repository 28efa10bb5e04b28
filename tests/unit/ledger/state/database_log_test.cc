#include "service/ledger/state/database_log.h"

#include <spdlog/sinks/ostream_sink.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>

#include "service/ledger/state/store.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

// A logger whose lines can be read.
struct ReadableLog {
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> lines = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_st>(text));
  ccbus::Logger logger{lines};

  ReadableLog() { lines->set_pattern("%l %v"); }
};

}  // namespace

TEST_CASE("warnings and errors of RocksDB are in the service's log, without control characters",
          "[ledger][issue-13]") {
  ReadableLog log;
  const auto database = std::make_shared<DatabaseLog>(&log.logger, "/ledger");
  const std::shared_ptr<rocksdb::Logger> info_log = database;
  rocksdb::Warn(info_log, "stalled for %d ms\n", 7);
  rocksdb::Error(info_log, "key a\nerror forged line");
  rocksdb::Info(info_log, "chatter");
  rocksdb::Header(info_log, "options");
  CHECK(log.text.str() ==
        "warning rocksdb.warning directory=\"/ledger\" message=\"stalled for 7 ms\"\n"
        "error rocksdb.error directory=\"/ledger\" message=\"key a\\nerror forged line\"\n");
}

TEST_CASE("a message of RocksDB is cut at 1,000 bytes", "[ledger][issue-13]") {
  ReadableLog log;
  const std::shared_ptr<rocksdb::Logger> info_log =
      std::make_shared<DatabaseLog>(&log.logger, "/ledger");
  rocksdb::Error(info_log, "%s", std::string(5000, 'x').c_str());
  CHECK_THAT(log.text.str(), Catch::EndsWith("\"" + std::string(1000, 'x') + "\"\n"));
}

TEST_CASE("RocksDB keeps no log file of its own on the ledger's disk", "[ledger][issue-13]") {
  const test::TemporaryDirectory directory;
  const auto store = Store::open({directory.path() / "ledger"});
  REQUIRE(store);
  CHECK(std::filesystem::exists(directory.path() / "ledger" / "CURRENT"));
  CHECK_FALSE(std::filesystem::exists(directory.path() / "ledger" / "LOG"));
}
