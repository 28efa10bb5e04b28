#include "service/ordering/log/entry_rules.h"

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ccbus::ordering {
namespace {

using Verdict = EntryRules::Verdict;

struct Log {
  Verdict append(Entry entry) { return rules.judge(LogPosition{++last}, entry); }
  std::uint64_t join(const std::string& replica) {
    const auto row = rules.rows().find(replica);
    const std::uint64_t before = row == rules.rows().end() ? 0 : row->second.epoch;
    const Join join{std::to_string(last), {}, before};
    REQUIRE(append({{replica, 0, 0}, join}) == Verdict::kApply);
    return last;
  }
  Verdict bundle(const std::string& replica, std::uint64_t epoch, std::uint64_t sequence) {
    return append({{replica, epoch, sequence}, Bundle{}});
  }

  EntryRules rules;
  std::uint64_t last = 0;
};

TEST_CASE("each entry counts once, in the order of its replica", "[ordering][issue-18]") {
  Log log;
  const auto a = log.join("a");
  CHECK(log.bundle("a", a, 2) == Verdict::kGap);
  CHECK(log.bundle("a", a, 1) == Verdict::kApply);
  CHECK(log.bundle("a", a, 1) == Verdict::kDuplicate);
  CHECK(log.bundle("a", a, 2) == Verdict::kApply);
  CHECK(log.bundle("a", a, 1) == Verdict::kDuplicate);
  CHECK(log.bundle("a", a, 4) == Verdict::kGap);
  CHECK(log.rules.rows() == EntryRules::Rows{{"a", {a, 2, "0"}}});
}

TEST_CASE("replicas do not disturb each other", "[ordering][issue-18]") {
  Log log;
  const auto a = log.join("a");
  const auto b = log.join("b");
  CHECK(log.bundle("b", b, 1) == Verdict::kApply);
  CHECK(log.bundle("a", a, 1) == Verdict::kApply);
  CHECK(log.bundle("a", b, 2) == Verdict::kFenced);
  CHECK(log.bundle("c", a, 1) == Verdict::kFenced);
}

TEST_CASE("a Join shuts out what its replica appended before", "[ordering][issue-18]") {
  Log log;
  const auto before = log.join("a");
  CHECK(log.bundle("a", before, 1) == Verdict::kApply);
  const auto after = log.join("a");
  CHECK(log.bundle("a", before, 2) == Verdict::kFenced);  // It was on its way for long.
  CHECK(log.bundle("a", after, 1) == Verdict::kApply);
}

TEST_CASE("a Join counts once, too", "[ordering][issue-18]") {
  Log log;
  const Entry join{{"a", 0, 0}, Join{"nonce", {}}};
  CHECK(log.append(join) == Verdict::kApply);
  CHECK(log.bundle("a", 1, 1) == Verdict::kApply);
  CHECK(log.append(join) == Verdict::kDuplicate);  // Appended again, before it was seen.
  CHECK(log.bundle("a", 1, 2) == Verdict::kApply);
}

// A process that was killed may have a Join under way, which arrives behind that of the next one.
TEST_CASE("a Join that names another epoch than its replica has does not count",
          "[ordering][issue-18]") {
  Log log;
  const auto first = log.join("a");
  const Entry of_killed{{"a", 0, 0}, Join{"killed", {}, first}};
  const auto second = log.join("a");
  CHECK(log.append(of_killed) == Verdict::kFenced);
  CHECK(log.bundle("a", second, 1) == Verdict::kApply);
  CHECK(log.append({{"b", 0, 0}, Join{"b", {}, 7}}) == Verdict::kFenced);
}

TEST_CASE("who has left has to join again", "[ordering][issue-18]") {
  Log log;
  const auto a = log.join("a");
  CHECK(log.append({{"a", a, 1}, Leave{}}) == Verdict::kApply);
  CHECK(log.bundle("a", a, 2) == Verdict::kFenced);
  CHECK(log.rules.rows().empty());
  const auto again = log.join("a");
  CHECK(log.bundle("a", again, 1) == Verdict::kApply);
}

TEST_CASE("rules go on from their rows", "[ordering][issue-18]") {
  EntryRules rules({{"a", {5, 3}}});
  CHECK(rules.judge(LogPosition{9}, {{"a", 5, 3}, Barrier{}}) == Verdict::kDuplicate);
  CHECK(rules.judge(LogPosition{10}, {{"a", 5, 4}, Barrier{}}) == Verdict::kApply);
}

// A replica that appends all from the first one that is not applied whenever it likes, over a log
// that loses and doubles what it gets, and a replica that dies now and then.
TEST_CASE("whatever the log loses or doubles, each transaction is applied once and in order",
          "[ordering][issue-18]") {
  std::mt19937 chance(GENERATE(1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u));
  Log log;
  std::map<std::string, std::uint64_t> epochs;
  std::map<std::string, std::uint64_t> applied_in_epoch;
  std::deque<std::pair<Entry, int>> delayed;  // With the turns until they arrive.
  const auto deliver = [&](const Entry& entry) {
    if (log.append(entry) != Verdict::kApply) return;
    CHECK(entry.id.epoch == epochs[entry.id.replica]);
    CHECK(entry.id.sequence == ++applied_in_epoch[entry.id.replica]);
  };
  for (int turn = 0; turn < 5'000; ++turn) {
    const std::string replica(1, static_cast<char>('a' + chance() % 3));
    if (epochs.count(replica) == 0 || chance() % 200 == 0) {
      epochs[replica] = log.join(replica);
      applied_in_epoch[replica] = 0;
    }
    const std::uint64_t next = applied_in_epoch[replica] + 1;
    for (std::uint64_t sequence = next; sequence < next + 1 + chance() % 3; ++sequence) {
      const Entry entry{{replica, epochs[replica], sequence}, Bundle{}};
      switch (chance() % 5) {
        case 0: break;  // Lost.
        case 1: delayed.emplace_back(entry, static_cast<int>(chance() % 20)); break;
        case 2: deliver(entry); [[fallthrough]];  // Doubled.
        default: deliver(entry);
      }
    }
    for (std::size_t i = delayed.size(); i > 0; --i) {
      auto [entry, turns] = std::move(delayed.front());
      delayed.pop_front();
      if (turns == 0) {
        deliver(entry);
      } else {
        delayed.emplace_back(std::move(entry), turns - 1);
      }
    }
  }
  for (const auto& [replica, row] : log.rules.rows())
    CHECK(row.sequence == applied_in_epoch[replica]);
}

}  // namespace
}  // namespace ccbus::ordering
