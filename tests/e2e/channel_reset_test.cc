// Resetting channels, and a stop in the middle of a reset.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/notebook.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Json = nlohmann::json;

// A chaincode whose transaction reports that it has begun, and ends when the test says so.
class Held final : public shim::Chaincode {
 public:
  shim::Response invoke(shim::Stub& stub) override {
    stub.put_state("old", "v");
    begun.set_value();
    go_on.get_future().wait();
    return shim::success();
  }

  std::promise<void> begun;
  std::promise<void> go_on;
};

struct Desk : Notebook {
  explicit Desk(const std::vector<std::string>& settings = {}) : Notebook(settings) {
    wait_until_served(client);
  }

  Output ledger(std::vector<std::string> arguments, const std::string& channel = "mychannel") {
    arguments.insert(arguments.begin(), "ledger");
    arguments.insert(arguments.end(), {"-C", channel, "--json"});
    return run_ccbus(service.client_endpoint(), std::move(arguments));
  }
  Json ledger_json(std::vector<std::string> arguments, const std::string& channel = "mychannel") {
    return Json::parse(ledger(std::move(arguments), channel).text);
  }
  Output create(const std::string& channel) {
    return run_ccbus(service.client_endpoint(), {"channel", "create", "-C", channel});
  }
  void restart() {
    service.kill_now();
    service.start_again();
    wait_until_served(client);
  }
  fs::path at(const std::string& name) const { return directory.path() / name; }
};

TEST_CASE("a channel is reset while a transaction runs, of which nothing comes into the new one",
          "[e2e][issue-3]") {
  Desk desk;
  REQUIRE(desk.client.submit(note({"put", "before", "v"}), 10s).error.ok());
  Held held;
  shim::Options options;
  options.peer_address = desk.service.chaincode_endpoint();
  options.chaincode_id = "held";
  options.log = [](std::string_view) {};
  shim::Shim shim(options, held);
  shim.start();
  client::Invocation invocation = note({"f"});
  invocation.chaincode_name = "held";
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  std::uint64_t running = 0;
  auto begun = held.begun.get_future();
  while (begun.wait_for(0s) != std::future_status::ready) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    const auto sent = desk.client.send_submit(invocation);
    REQUIRE(sent.ok());
    running = sent.correlation_id;
    const auto refused = desk.client.receive(200ms);  // Not registered yet.
    if (!refused) break;
  }
  begun.wait();

  REQUIRE(desk.ledger({"reset", "--yes"}).status == 0);
  // It asks for the height that it has seen: nobody has told it yet.
  REQUIRE(desk.client.submit(note({"put", "after", "v"}), 10s).error.ok());
  held.go_on.set_value();
  const auto late = desk.client.receive(10s);
  REQUIRE(late.has_value());
  CHECK(late->correlation_id == running);
  CHECK(late->error.code == UNAVAILABLE);
  CHECK(late->error.message == "the channel was reset");

  CHECK(desk.ledger({"get", "old", "-n", "held"}).status == 1);
  CHECK(desk.ledger({"get", "before", "-n", "notes"}).status == 1);
  desk.restart();
  CHECK(desk.ledger_json({"info"})["height"] == 1);
  CHECK(desk.ledger_json({"verify"})["differences_count"] == 0);
  REQUIRE(desk.ledger({"reset", "--yes"}).status == 0);
  CHECK(desk.ledger_json({"info"})["height"] == 0);
}

TEST_CASE("what was endorsed before a reset is not ordered after it", "[e2e]") {
  Desk desk;
  const auto endorsed = desk.client.endorse(note({"put", "k", "v"}), 10s);
  REQUIRE(endorsed.error.ok());
  REQUIRE(desk.ledger({"reset", "--yes"}).status == 0);
  const auto submitted =
      desk.client.submit_prepared(endorsed.response.endorse().prepared_transaction(), 10s);
  CHECK(submitted.error.code == NOT_FOUND);
  CHECK(desk.ledger_json({"info"})["height"] == 0);
}

TEST_CASE("a channel's name may end like a file that is not complete", "[e2e]") {
  Desk desk;
  const TemporaryDirectory backup;
  const std::string snapshot = (backup.path() / "s").string();
  for (const char* channel : {"a", "a.partial"}) {
    REQUIRE(desk.create(channel).status == 0);
    REQUIRE(desk.client.submit(note({"put", "k", "v"}, channel), 10s).error.ok());
  }
  REQUIRE(desk.ledger({"snapshot", snapshot}, "a").status == 0);
  REQUIRE(desk.ledger({"reset", "--yes"}, "a").status == 0);
  REQUIRE(desk.ledger({"restore", snapshot}, "a").status == 0);
  desk.restart();
  CHECK(desk.ledger_json({"info"}, "a")["height"] == 1);
  CHECK(desk.ledger_json({"info"}, "a.partial")["height"] == 1);
}

TEST_CASE("what a stop cut short is gone after the next start, and in nobody's way", "[e2e]") {
  Desk desk;
  REQUIRE(desk.client.submit(note({"put", "k", "v"}), 10s).error.ok());
  for (const char* left : {"verification/mychannel", "channels/mychannel~1~partial"}) {
    fs::create_directories(desk.at(left));
    std::ofstream(desk.at(left) / "file") << "half";
  }
  desk.restart();
  CHECK_FALSE(fs::exists(desk.at("verification")));
  CHECK_FALSE(fs::exists(desk.at("channels/mychannel~1~partial")));
  CHECK(desk.ledger_json({"verify"})["differences_count"] == 0);
}

TEST_CASE("a channel that is refused leaves nothing that the next start would find", "[e2e]") {
  Desk desk({"limits.channels=1"});
  const TemporaryDirectory backup;
  const std::string snapshot = (backup.path() / "s").string();
  REQUIRE(desk.ledger({"snapshot", snapshot}).status == 0);
  fs::remove(fs::path(snapshot) / "snapshot.json");
  std::ofstream(fs::path(snapshot) / "snapshot.json")
      << R"({"format":"ccbus-snapshot-1","channel":"other","height":0,"last_block_hash":""})";
  CHECK(desk.ledger_json({"restore", snapshot}, "other")["code"] == "RESOURCE_EXHAUSTED");
  CHECK_FALSE(fs::exists(desk.at("channels/other")));
  // A snapshot of another channel is refused, and the channel to be reset is unchanged.
  CHECK(desk.ledger_json({"restore", snapshot})["code"] == "INVALID_ARGUMENT");
  REQUIRE(desk.client.submit(note({"put", "k", "v"}), 10s).error.ok());
  desk.restart();
  CHECK(desk.ledger_json({"info"})["height"] == 1);
}

}  // namespace
}  // namespace ccbus::test
