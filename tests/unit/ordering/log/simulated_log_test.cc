#include "tests/support/simulated_log.h"

#include <catch2/catch.hpp>
#include <string>
#include <variant>

using namespace ccbus;
using namespace ccbus::ordering;
using test::SimulatedLog;
using test::SimulatedTopic;

namespace {

const LogIdentity kIdentity{{"ch"}, "sixteen bytes!!!"};

Entry bundle(std::uint64_t sequence) {
  return {{"a", 1, sequence}, Bundle{{{TxId{"t"}, "envelope"}}}};
}

std::string error_of(SimulatedLog& log) {
  const auto read = log.read(SteadyTime::min());
  return read ? (read->has_value() ? "a record" : "nothing") : read.error().message;
}

// A topic of three records, and a log that has read them.
struct Rig {
  Rig() : log(topic, {kIdentity}) {
    for (std::uint64_t i = 1; i <= 3; ++i) log.append(bundle(i));
    for (int i = 0; i < 3; ++i) last = std::move(**log.read(SteadyTime::min()));
    log.let_go(3);
  }
  SimulatedLog restarted() { return {topic, {kIdentity, last.position, last.hash}}; }

  SimulatedTopic topic;
  SimulatedLog log;
  Log::Record last;
};

}  // namespace

// The halt rule. What may never happen to a log is told by name, and nothing more is read or
// appended.
TEST_CASE("a log that has lost its end, or was made anew, is read no further",
          "[ordering][issue-18]") {
  Rig rig;
  SECTION("its end, and others have filled it again") {
    rig.topic.lose_tail(1);
    rig.log.append(bundle(4));
    auto restarted = rig.restarted();
    CHECK_FALSE(restarted.has_room());
    CHECK(error_of(restarted).starts_with(
        "the log has lost entries, or was made anew: position 3, which is applied here, holds "
        "another entry."));
  }
  SECTION("its end, and nobody appends: nothing is appended from here either") {
    rig.topic.lose_tail(1);
    auto restarted = rig.restarted();
    restarted.append(bundle(4));
    CHECK(error_of(restarted) == "nothing");
    CHECK_FALSE(restarted.has_room());
    CHECK(rig.topic.end() == LogPosition{2});
  }
  SECTION("all of it") {
    rig.topic.make_anew();
    SimulatedLog other(rig.topic, {{{"ch"}, "another, sixteen"}});
    for (std::uint64_t i = 1; i <= 5; ++i) other.append(bundle(i));
    CHECK(error_of(rig.log).starts_with("an entry of the log is of generation "));
    auto restarted = rig.restarted();
    CHECK(error_of(restarted).starts_with("the log has lost entries, or was made anew"));
  }
  SECTION("what was trimmed too early") {
    REQUIRE(rig.log.trim({3}));
    SimulatedLog late(rig.topic, {kIdentity, {1}, "hash"});
    CHECK(error_of(late) == "the log begins at position 3, and position 1 is to be read");
    CHECK(error_of(late) == error_of(late));
    auto restarted = rig.restarted();
    CHECK(error_of(restarted) == "nothing");  // It needs position 3 only.
  }
}

TEST_CASE("a connection that comes back is not trusted before the last record was read again",
          "[ordering][issue-18]") {
  Rig rig;
  rig.topic.cut(true);
  rig.log.append(bundle(4));
  CHECK(error_of(rig.log) == "nothing");
  CHECK(rig.log.health().fault == "the simulated topic is cut off");
  SECTION("it is the same log") {
    rig.topic.cut(false);
    CHECK(error_of(rig.log) == "a record");
    CHECK(rig.log.health().fault.empty());
    CHECK(rig.log.health().appended_again > 0);
  }
  SECTION("it is another one") {
    rig.topic.lose_tail(2);
    rig.topic.cut(false);
    REQUIRE(rig.topic.append(encode_entry(bundle(7), kIdentity)));
    REQUIRE(rig.topic.append(encode_entry(bundle(8), kIdentity)));
    CHECK(error_of(rig.log).starts_with("the log has lost entries, or was made anew: position 3"));
    CHECK_FALSE(rig.log.has_room());
  }
}

TEST_CASE("bytes of somebody else are records, too, and entries that are not known here halt",
          "[ordering][issue-18]") {
  SimulatedTopic topic;
  SimulatedLog log(topic, {kIdentity});
  REQUIRE(topic.append("hello"));
  const auto foreign = log.read(SteadyTime::min());
  REQUIRE(foreign);
  REQUIRE(*foreign);
  CHECK(std::holds_alternative<ForeignBytes>((*foreign)->content));
  REQUIRE(topic.append("ccbuslog\x08\x02"));
  CHECK(
      error_of(log).starts_with("an entry of the log has format 2, and the newest that is known"));
}
