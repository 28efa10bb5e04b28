#include "ccbus/client/events.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/notebook.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

// Reads events on a thread of its own, and repeatedly starts again from its checkpoint.
class Reader {
 public:
  Reader(std::string endpoint, std::filesystem::path checkpoint, unsigned seed)
      : endpoint_(std::move(endpoint)),
        checkpoint_(std::move(checkpoint)),
        random_(seed),
        thread_([this] { run(); }) {}

  // Ends when there has been no event for a while. Call it when no more transactions are submitted.
  std::vector<std::string> finish() {
    finishing_ = true;
    thread_.join();
    return seen_;
  }

  [[nodiscard]] int starts() const { return starts_; }

 private:
  void run() {
    while (!read_some()) {
    }
  }

  // Returns true at the end.
  bool read_some() {
    ++starts_;
    client::Client client({.endpoint = endpoint_});
    const client::FileCheckpointer file(checkpoint_);
    client::ChaincodeEvents events(client, "mychannel", "notes",
                                   file.load().value_or(client::Checkpoint{}));
    for (std::size_t wanted = 1 + random_() % 20; wanted > 0; --wanted) {
      const bool was_finishing = finishing_;
      const auto event = events.next(1'500ms);
      if (!event) return was_finishing && events.error().ok();
      seen_.push_back(event->event.payload());
      file.store(*events.checkpoint());
    }
    return false;
  }

  const std::string endpoint_;
  const std::filesystem::path checkpoint_;
  std::mt19937 random_;
  std::vector<std::string> seen_;
  int starts_ = 0;
  std::atomic<bool> finishing_ = false;
  std::thread thread_;
};

// Submits several transactions without waiting for each; returns those that were acknowledged.
// Kills the service in the middle.
std::set<std::string> submit_some(Notebook& notebook, int round, int count) {
  client::Client& client = notebook.client;
  std::map<std::uint64_t, std::string> sent;
  for (int i = 0; i < count; ++i) {
    const std::string key = std::to_string(round) + "-" + std::to_string(i);
    const auto one = client.send_submit(note({"put", key, "v"}));
    REQUIRE(one.ok());
    sent[one.correlation_id] = key;
  }
  std::set<std::string> acknowledged;
  for (int i = 0; i < count; ++i) {
    const auto reply = client.receive(20s);
    REQUIRE(reply.has_value());
    if (reply->error.ok()) acknowledged.insert(sent.at(reply->correlation_id));
    if (i == count / 2) notebook.service.kill_now();
  }
  return acknowledged;
}

TEST_CASE("no event is lost and none comes twice, while service and reader restart",
          "[e2e][issue-3]") {
  Notebook notebook;
  const TemporaryDirectory own;
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  wait_until_served(notebook.client);
  Reader reader(notebook.service.client_endpoint(), own.path() / "checkpoint", seed);
  std::set<std::string> acknowledged;
  constexpr int kRounds = 6;
  for (int round = 0; round < kRounds; ++round) {
    acknowledged.merge(submit_some(notebook, round, 50));
    notebook.service.start_again();
    wait_until_served(notebook.client);
  }
  const std::vector<std::string> seen = reader.finish();
  const std::set<std::string> once(seen.begin(), seen.end());
  CHECK(once.size() == seen.size());
  CHECK(std::includes(once.begin(), once.end(), acknowledged.begin(), acknowledged.end()));
  CHECK(acknowledged.size() >= kRounds * 25);
  CHECK(reader.starts() > 5);
}

TEST_CASE("a checkpoint comes back as it was stored, and what is none is refused", "[e2e]") {
  const TemporaryDirectory own;
  const client::FileCheckpointer file(own.path() / "checkpoint");
  CHECK_FALSE(file.load().has_value());
  file.store({7, "4f9c"});
  CHECK(file.load() == client::Checkpoint{7, "4f9c"});
  file.store({8});
  CHECK(file.load() == client::Checkpoint{8});
  for (const char* text : {"-1", "", "7x", "nonsense"}) {
    std::ofstream(own.path() / "checkpoint") << text;
    CHECK_THROWS_AS(file.load(), std::runtime_error);
  }
}

TEST_CASE("a reader without a checkpoint sees what is committed after its first look", "[e2e]") {
  Notebook notebook;
  wait_until_served(notebook.client);
  REQUIRE(notebook.client.submit(note({"put", "old", "v"}), 10s).error.ok());
  client::Client other({.endpoint = notebook.service.client_endpoint()});
  client::ChaincodeEvents events(other, "mychannel", "notes");
  CHECK_FALSE(events.next(10ms).has_value());
  CHECK(events.error().ok());
  REQUIRE(notebook.client.submit(note({"put", "new", "v"}), 10s).error.ok());
  const auto event = events.next(10s);
  REQUIRE(event.has_value());
  CHECK(event->block_number == 1);
  CHECK(event->event.payload() == "new");
  client::ChaincodeEvents nowhere(other, "nowhere", "notes");
  CHECK_FALSE(nowhere.next(10s).has_value());
  CHECK(nowhere.error().code == NOT_FOUND);
}

TEST_CASE("a reader that is refused asks again, and not as fast as it can", "[e2e]") {
  Notebook notebook({"limits.gatewayWaiting=1"});
  wait_until_served(notebook.client);
  client::Client other({.endpoint = notebook.service.client_endpoint()});
  ClientRequest waiting;
  waiting.mutable_commit_status()->set_channel_id("mychannel");
  waiting.mutable_commit_status()->set_transaction_id("nobody's");
  waiting.mutable_commit_status()->set_wait_ms(2'000);
  REQUIRE(other.send(waiting).ok());
  REQUIRE(other.status(10s).error.ok());  // Asked after the other one, which waits by now.
  client::ChaincodeEvents events(notebook.client, "mychannel", "notes", client::Checkpoint{});
  CHECK_FALSE(events.next(500ms).has_value());
  CHECK(events.error().code == RESOURCE_EXHAUSTED);
  REQUIRE(other.receive(10s).has_value());
  const auto status = notebook.client.status(10s);
  REQUIRE(status.error.ok());
  CHECK(status.response.service_status().counters().at("gateway_requests_refused") < 10);
}

TEST_CASE("after an unknown outcome the transaction's status tells it, also after a crash",
          "[e2e][issue-3]") {
  Notebook notebook;
  client::Client& client = notebook.client;
  for (int round = 0; round < 4; ++round) {
    wait_until_served(client);
    const std::string key = "key" + std::to_string(round);
    const auto endorsed = client.endorse(note({"put", key, "v"}), 10s);
    REQUIRE(endorsed.error.ok());
    const std::string tx = endorsed.response.endorse().transaction_id();
    ClientRequest submit;
    *submit.mutable_submit()->mutable_prepared_transaction() =
        endorsed.response.endorse().prepared_transaction();
    REQUIRE(client.send(submit).ok());
    if (round % 2 == 1) REQUIRE(client.receive(10s)->error.ok());
    notebook.service.kill_now();
    notebook.service.start_again();
    wait_until_served(client);

    const auto status = client.commit_status("mychannel", tx, 200ms);
    const bool is_there = status.error.ok();
    CHECK((is_there || status.error.code == DEADLINE_EXCEEDED));
    if (round % 2 == 1) CHECK(is_there);
    const auto value = client.evaluate(note({"get", key}), 10s);
    CHECK((value.response.evaluate().result().payload() == "v") == is_there);
    while (client.receive(0ms)) {
    }
  }
}

TEST_CASE("eight clients that count on one key lose no count, with retries", "[e2e][issue-3]") {
  Notebook notebook;
  wait_until_served(notebook.client);
  constexpr int kClients = 8;
  constexpr int kCounts = 25;
  std::atomic<int> counted = 0;
  std::atomic<std::uint32_t> retried = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      client::Client client({.endpoint = notebook.service.client_endpoint()});
      for (int j = 0; j < kCounts; ++j) {
        const auto reply = client.submit(note({"count", "hot"}), 30s, {.retries = 100});
        if (reply.error.ok()) ++counted;
        retried += reply.response.submit().retries();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(counted == kClients * kCounts);
  CHECK(retried > 0);
  const auto total = notebook.client.evaluate(note({"get", "hot"}), 10s);
  CHECK(total.response.evaluate().result().payload() == std::to_string(counted));
}

}  // namespace
}  // namespace ccbus::test
