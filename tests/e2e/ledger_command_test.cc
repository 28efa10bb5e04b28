// ccbus ledger, channel and events, as a user runs them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "ccbus/shim/composite_key.h"
#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/notebook.h"
#include "tests/support/process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

struct Desk : Notebook {
  Desk() { wait_until_served(client); }

  std::string submit(std::vector<std::string> args, const std::string& channel = "mychannel") {
    const auto reply = client.submit(note(std::move(args), channel), 20s);
    REQUIRE(reply.error.ok());
    return reply.response.submit().transaction_id();
  }

  Output ccbus(std::vector<std::string> arguments) const {
    return run_ccbus(service.client_endpoint(), std::move(arguments));
  }
  Output ledger(std::vector<std::string> arguments, const std::string& channel = "mychannel") {
    arguments.insert(arguments.begin(), "ledger");
    arguments.insert(arguments.end(), {"-C", channel});
    return ccbus(std::move(arguments));
  }
  Json ledger_json(std::vector<std::string> arguments, const std::string& channel = "mychannel") {
    arguments.push_back("--json");
    return Json::parse(ledger(std::move(arguments), channel).text);
  }
};

TEST_CASE("blocks, transactions, keys and histories are shown", "[e2e][issue-3]") {
  Desk desk;
  desk.submit({"put", "k", "first"});
  const std::string tx = desk.submit({"put", "k", "second"});
  CHECK_THAT(desk.ledger({"info"}).text, Contains("height         2"));
  CHECK_THAT(desk.ledger({"block", "1"}).text, Contains(tx + "  VALID"));
  const Json shown = desk.ledger_json({"tx", tx});
  CHECK(shown["block"] == 1);
  CHECK(shown["args"] == Json{"put", "k", "second"});
  CHECK(shown["namespaces"][0]["writes"][0]["value"] == "second");
  CHECK(desk.ledger({"get", "k", "-n", "notes"}).text == "second\n");
  CHECK(desk.ledger_json({"range", "-n", "notes"})["entries"].size() == 1);
  CHECK(desk.ledger_json({"history", "k", "-n", "notes"})["modifications"][1]["value"] == "first");
  CHECK(desk.ccbus({"commit-status", tx, "-C", "mychannel"}).text == tx + ": block 1, VALID\n");

  CHECK(desk.ledger({"block", "7"}).status == 1);
  CHECK(desk.ledger({"get", "nothing", "-n", "notes"}).status == 1);
  CHECK(desk.ledger({"info"}, "nowhere").status == 1);
  CHECK(desk.ledger({"history"}).status == 2);
  CHECK(desk.ledger({"block", "99999999999999999999"}).status == 2);
  CHECK(desk.ledger({"block", "--", "-1"}).status == 2);
  CHECK(desk.ledger({"snapshot", ""}).status == 2);
  CHECK(desk.ledger({"restore", ""}).status == 2);
}

TEST_CASE("composite keys are typed by their parts, and their pages follow each other",
          "[e2e][row-209][row-210]") {
  Desk desk;
  const std::vector<std::string> names = {"a1", "a2", "a3"};
  for (const std::string& name : names) {
    const std::vector<std::string> attributes = {"blue", name};
    desk.submit({"put", shim::create_composite_key("color~name", attributes), "of " + name});
  }
  desk.submit({"put", "a1", "simple"});
  CHECK(desk.ledger({"get", "-n", "notes", "--composite", "color~name", "blue", "a2"}).text ==
        "of a2\n");
  CHECK_THAT(
      desk.ledger({"history", "-n", "notes", "--composite", "color~name", "blue", "a2"}).text,
      Contains("of a2"));

  const Output first = desk.ledger(
      {"range", "-n", "notes", "--composite", "color~name", "blue", "--page-size", "2"});
  CHECK_THAT(first.text, Contains("\\x00color~name\\x00blue\\x00a1\\x00") && Contains("of a2"));
  CHECK(first.text.find('\0') == std::string::npos);
  const std::string option = "--bookmark-base64 ";
  const auto at = first.text.find(option);
  REQUIRE(at != std::string::npos);
  const std::string bookmark =
      first.text.substr(at + option.size(), first.text.find('\n', at) - at - option.size());
  const Json second = desk.ledger_json({"range", "-n", "notes", "--composite", "color~name", "blue",
                                        "--page-size", "2", "--bookmark-base64", bookmark});
  REQUIRE(second["entries"].size() == 1);
  CHECK(second["entries"][0]["composite"] == Json{"color~name", "blue", "a3"});
  CHECK(second["bookmark"] == "");

  CHECK(desk.ledger({"get", "-n", "notes"}).status == 2);
  CHECK(desk.ledger({"get", "a1", "-n", "notes", "--composite", "color~name"}).status == 2);
  CHECK(desk.ledger({"range", "-n", "notes", "--bookmark-base64", "?"}).status == 2);
}

TEST_CASE("thousands of keys on several channels: verified, kept, thrown away and brought back",
          "[e2e][issue-3]") {
  Desk desk;
  const TemporaryDirectory backup;
  const std::string snapshot = (backup.path() / "second").string();
  REQUIRE(desk.ccbus({"channel", "create", "-C", "second"}).status == 0);
  REQUIRE(desk.ccbus({"channel", "create", "-C", "third"}).status == 0);
  CHECK(desk.ccbus({"channel", "create", "-C", "second"}).status == 1);
  for (const char* channel : {"mychannel", "second", "third"}) {
    for (const char* prefix : {"a", "b", "c"}) desk.submit({"fill", prefix, "1000"}, channel);
  }
  CHECK(desk.client.evaluate(note({"get", "b999"}, "third"), 10s)
            .response.evaluate()
            .result()
            .payload() == "filled");
  const Json verified = desk.ledger_json({"verify"}, "second");
  CHECK(verified["ok"] == true);
  CHECK(verified["keys"] == 3000);

  REQUIRE(desk.ledger({"snapshot", snapshot}, "second").status == 0);
  CHECK(desk.ledger({"snapshot", snapshot}, "second").status == 1);  // It exists already.
  desk.submit({"put", "later", "v"}, "second");
  CHECK(desk.ledger({"reset"}, "second").status == 2);
  CHECK_THAT(desk.ledger({"reset", "--yes"}, "second").text, Contains("at height 0"));
  CHECK(desk.ledger({"get", "b999", "-n", "notes"}, "second").status == 1);
  CHECK_THAT(desk.ledger({"restore", snapshot}, "second").text, Contains("at height 3"));
  CHECK(desk.ledger({"get", "b999", "-n", "notes"}, "second").text == "filled\n");
  CHECK(desk.ledger({"get", "later", "-n", "notes"}, "second").status == 1);
  desk.submit({"put", "after", "v"}, "second");
  CHECK(desk.ledger_json({"verify"}, "second")["differences_count"] == 0);

  CHECK(desk.service.stop() == 0);
  desk.service.start_again();
  wait_until_served(desk.client);
  CHECK(desk.ledger({"get", "after", "-n", "notes"}, "second").text == "v\n");
  CHECK_THAT(desk.ccbus({"channel", "list"}).text, Contains("third      3"));
}

TEST_CASE("events and blocks are printed from a block on, and a checkpoint goes on", "[e2e]") {
  Desk desk;
  const TemporaryDirectory own;
  const std::string checkpoint = (own.path() / "seen").string();
  for (const char* key : {"a", "b", "c"}) desk.submit({"put", key, "v"});
  const auto events = [&](const char* count) {
    return desk
        .ccbus({"events", "-C", "mychannel", "-n", "notes", "--start-block", "0", "--checkpoint",
                checkpoint, "--count", count, "--idle", "300ms"})
        .text;
  };
  const std::string first = events("2");
  CHECK_THAT(first, Contains("block 0  ") && Contains("  notes  put  a\n") && Contains("put  b\n"));
  CHECK_THAT(first, !Contains("put  c"));
  const std::string rest = events("9");
  CHECK_THAT(rest, Contains("put  c\n") && !Contains("put  b"));
  CHECK(events("9").empty());

  const auto blocks = desk.ccbus(
      {"events", "-C", "mychannel", "--blocks", "--start-block", "1", "--count", "2", "--json"});
  CHECK(blocks.status == 0);
  CHECK_THAT(blocks.text, Contains("\"number\":1") && Contains("\"number\":2"));
  CHECK(desk.ccbus({"events", "-C", "nowhere", "--idle", "1s"}).status == 1);
}

TEST_CASE("what could not be printed is in no checkpoint", "[e2e]") {
  Desk desk;
  const TemporaryDirectory own;
  desk.submit({"put", "a", "v"});
  Process process({"/bin/sh", "-c",
                   R"(exec "$0" events -C mychannel --start-block 0 --count 1 --checkpoint "$1")"
                   R"( --address "$2" > /dev/full)",
                   test::built_program("ccbus"), (own.path() / "seen").string(),
                   desk.service.client_endpoint()});
  CHECK(process.wait(10s) == 2);
  CHECK(std::filesystem::is_empty(own.path()));
}

TEST_CASE("a transaction goes through endorse and submit, once", "[e2e]") {
  Desk desk;
  const TemporaryDirectory own;
  const std::string file = (own.path() / "tx.pb").string();
  const std::string input = R"({"Args":["put","k","v"]})";
  REQUIRE(
      desk.ccbus({"endorse", "-C", "mychannel", "-n", "notes", "-c", input, "-o", file}).status ==
      0);
  CHECK(desk.ledger_json({"info"})["height"] == 0);
  const auto submitted = desk.ccbus({"submit", file, "--json"});
  CHECK(Json::parse(submitted.text)["validation_code"] == "VALID");
  CHECK(desk.ccbus({"submit", file}).status == 1);
  CHECK(desk.ccbus({"submit", "/no/such/file"}).status == 2);

  const auto ordered =
      desk.ccbus({"invoke", "-C", "mychannel", "-n", "notes", "-c", input, "--no-wait", "--json"});
  const std::string tx = Json::parse(ordered.text)["transaction_id"];
  CHECK(desk.ccbus({"commit-status", tx, "-C", "mychannel"}).status == 0);
}

}  // namespace
}  // namespace ccbus::test
