#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "ccbus/client/client.h"
#include "tests/support/notebook.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

client::Invocation put(const std::string& key) {
  return note({"put", key, "v"});
}

client::Invocation get(const std::string& key) {
  return note({"get", key});
}

int rounds() {
  const char* wanted = std::getenv("CCBUS_CRASH_ROUNDS");
  return wanted == nullptr ? 25 : std::atoi(wanted);
}

// Submits until the service dies; returns the keys whose writes were acknowledged.
class Stream {
 public:
  Stream(client::Client& client, int round) : client_(client), round_(round) {}

  // Keeps `in_flight` submits open until one fails because the connection is lost. Kills the
  // service once `kill_after` writes were acknowledged.
  std::set<std::string> run(ServiceProcess& service, std::size_t in_flight,
                            std::size_t kill_after) {
    std::set<std::string> acknowledged;
    bool alive = true;
    std::size_t replies = 0;
    while (alive || replies < sent_.size()) {
      while (alive && sent_.size() - replies < in_flight) submit_next();
      const auto reply = client_.receive(10s);
      REQUIRE(reply.has_value());
      ++replies;
      if (reply->error.ok()) {
        acknowledged.insert(sent_.at(reply->correlation_id));
      } else if (reply->error.origin == client::Origin::kConnection) {
        alive = false;
      }
      if (alive && acknowledged.size() == kill_after) {
        service.kill_now();
        alive = false;
      }
    }
    return acknowledged;
  }

 private:
  void submit_next() {
    const std::string key = "r" + std::to_string(round_) + "-" + std::to_string(sent_.size());
    const auto sent = client_.send_submit(put(key));
    REQUIRE(sent.ok());
    sent_[sent.correlation_id] = key;
  }

  client::Client& client_;
  const int round_;
  std::map<std::uint64_t, std::string> sent_;
};

TEST_CASE("kill -9 under a stream of submits loses no acknowledged transaction, again and again",
          "[e2e]") {
  Notebook notebook;
  client::Client& client = notebook.client;
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::set<std::string> acknowledged;
  for (int round = 0; round < rounds(); ++round) {
    wait_until_served(client);
    const std::size_t kill_after = 1 + random() % 200;
    acknowledged.merge(Stream(client, round).run(notebook.service, 32, kill_after));
    notebook.service.start_again();
  }
  wait_until_served(client);
  std::size_t lost = 0;
  for (const std::string& key : acknowledged) {
    const auto reply = client.evaluate(get(key), 10s);
    REQUIRE(reply.error.ok());
    if (reply.response.evaluate().result().payload() != "v") ++lost;
  }
  CHECK(acknowledged.size() >= static_cast<std::size_t>(rounds()));
  CHECK(lost == 0);
}

TEST_CASE("a restarted service is found again by its chaincode, and the next invoke works",
          "[e2e]") {
  Notebook notebook;
  client::Client& client = notebook.client;
  wait_until_served(client);
  REQUIRE(client.submit(put("before"), 10s).error.ok());

  CHECK(notebook.service.stop() == 0);
  notebook.service.start_again();
  wait_until_served(client);
  CHECK(client.evaluate(get("before"), 10s).response.evaluate().result().payload() == "v");
  const auto after = client.submit(put("after"), 10s);
  REQUIRE(after.error.ok());
  CHECK(after.response.submit().block_number() == 1);
}

}  // namespace
}  // namespace ccbus::test
