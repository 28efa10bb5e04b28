#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "service/ordering/log_feed.h"
#include "tests/support/simulated_log.h"

using namespace ccbus;
using namespace ccbus::ordering;
using test::SimulatedLog;
using test::SimulatedTopic;
using Kind = BatchSource::Next::Kind;

namespace {

std::string sixteen(std::string text) {
  text.resize(16);
  return text;
}

// A process that is a replica of the topic's log.
struct Process {
  Process(SimulatedTopic& topic, const std::string& replica, const std::string& nonce)
      : log(topic, {{{"ch"}, ""}}),
        queue({}, log, EnvelopeQueue::PrivateData::kRefused),
        feed({}, log, queue, {}, LogFeed::Member{replica, sixteen(nonce), {"tcp://here:7051"}}) {}

  // What the committer is given last, until there is nothing more.
  BatchSource::Next turn() {
    BatchSource::Next last = feed.next(BatchSource::kNoWait);
    for (int i = 0; i < 10; ++i) {
      if (last.kind == Kind::kBatch) ++blocks;
      if (last.kind == Kind::kHalted || last.kind == Kind::kEnded) return last;
      last = feed.next(BatchSource::kNoWait);
    }
    return last;
  }

  bool submit(const std::string& tx) { return queue.broadcast({TxId{tx}, "e"}).has_value(); }

  SimulatedLog log;
  EnvelopeQueue queue;
  LogFeed feed;
  int blocks = 0;
};

}  // namespace

TEST_CASE("of two processes that are called the same, the first one goes no further",
          "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process first(topic, "a", "first");
  first.turn();
  REQUIRE(first.submit("t1"));
  first.turn();
  CHECK(first.blocks == 1);
  Process second(topic, "a", "second");
  second.turn();
  const auto halted = first.turn();
  REQUIRE(halted.kind == Kind::kHalted);
  CHECK(halted.why.message ==
        "another process has joined the log as replica 'a' at position 5: give one of the two "
        "another ordering.replica, and start it again");
  const auto refused = first.queue.broadcast({TxId{"t2"}, "e"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK(refused.error().message.starts_with("the channel goes no further: another process"));
  CHECK(first.turn().kind == Kind::kNothingYet);  // Said once.
  first.feed.stop();
  CHECK(first.turn().kind == Kind::kEnded);
  REQUIRE(second.submit("t3"));
  second.turn();
  CHECK(second.blocks == 2);
}

TEST_CASE("a bundle in a replica's name that it did not append stops it", "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process process(topic, "a", "nonce");
  process.turn();
  const LogIdentity log{{"ch"}, process.log.generation()};
  const Entry forged{{"a", 2, 1}, Bundle{{{TxId{"t"}, "envelope"}, {TxId{"u"}, "envelope"}}}};
  SECTION("while it has none under way") {}
  SECTION("in place of one that it has") {
    REQUIRE(process.submit("own"));
  }
  REQUIRE(topic.append(encode_entry(forged, log)));
  const auto halted = process.turn();
  REQUIRE(halted.kind == Kind::kHalted);
  CHECK(halted.why.message ==
        "the log has a bundle of replica 'a' that this process, which is that replica, did not "
        "append: somebody else writes in its name");
}

// It reads to the end before it knows which epoch its name has.
TEST_CASE("a process whose name had other processes before joins once it has read all",
          "[ordering][issue-18]") {
  SimulatedTopic topic;
  for (const char* nonce : {"one", "two", "three"}) {
    Process process(topic, "a", nonce);
    process.turn();
    REQUIRE(process.submit(nonce));
    process.turn();
  }
  Process last(topic, "a", "last");
  last.turn();
  REQUIRE(last.submit("t"));
  last.turn();
  CHECK(last.blocks == 4);
  CHECK(last.feed.passed_over().fenced == 3);  // The first Join of each but the first one.
}

TEST_CASE("of two processes that find a log empty, one begins it", "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process a(topic, "a", "of a");
  Process b(topic, "b", "of b");
  a.turn();
  b.turn();
  a.turn();
  REQUIRE(a.submit("t1"));
  REQUIRE(b.submit("t2"));
  a.turn();
  b.turn();
  a.turn();
  CHECK(a.blocks == 2);
  CHECK(b.blocks == 2);
  CHECK(a.log.generation() == sixteen("of a"));
  CHECK(b.log.generation() == a.log.generation());
}

TEST_CASE("a log that is out of reach refuses, and its end is not waited for without end",
          "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process process(topic, "a", "nonce");
  process.turn();
  REQUIRE(process.submit("t1"));
  topic.cut(true);
  process.turn();
  const auto refused = process.queue.broadcast({TxId{"t2"}, "e"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "the log of the channel cannot be reached: the simulated topic is cut off");
  SECTION("it comes back") {
    topic.cut(false);
    process.turn();
    CHECK(process.blocks == 1);
    CHECK(process.submit("t2"));
  }
  SECTION("the process ends") {
    process.feed.stop();
    CHECK(process.turn().kind == Kind::kNothingYet);
    CHECK(process.feed.next(BatchSource::kForever).kind == Kind::kEnded);
    CHECK(process.queue.waiting() == 1);
  }
}

TEST_CASE("what a stopped process has taken is applied before it ends", "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process process(topic, "a", "nonce");
  process.turn();
  for (int i = 0; i < 1'200; ++i) REQUIRE(process.submit(std::to_string(i)));
  process.feed.stop();
  CHECK(process.turn().kind == Kind::kEnded);
  CHECK(process.blocks == 3);
}

TEST_CASE("private data are not put where others read them", "[ordering][issue-18]") {
  SimulatedTopic topic;
  Process process(topic, "a", "nonce");
  process.turn();
  const auto refused = process.queue.broadcast({TxId{"t"}, "e", "private"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kPrecondition);
}
