#include "tests/support/log_conformance.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include "service/ordering/envelope_queue.h"
#include "service/ordering/log_feed.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using namespace ordering;

constexpr auto kPatience = 60s;

using OpenLog = std::unique_ptr<Log>;

Entry bundle(std::uint64_t sequence, const std::string& tx) {
  return {{"a", 1, sequence}, Bundle{{{TxId{tx}, "envelope of " + tx, "private of " + tx}}}};
}

Log::Record next_record(Log& log) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    auto record = log.read(std::chrono::steady_clock::now() + 100ms);
    if (!record) FAIL(record.error().message);
    if (*record) return std::move(**record);
    log.append_again();  // As a replica does that misses an entry.
  }
  FAIL("there is no record");
  return {};
}

// The sequence numbers of what is read, each when it is read first, until that one.
std::vector<std::uint64_t> sequences_until(Log& log, std::uint64_t last) {
  std::vector<std::uint64_t> seen;
  LogPosition before{0};
  while (seen.empty() || std::ranges::find(seen, last) == seen.end()) {
    const Log::Record record = next_record(log);
    CHECK(record.position > before);
    before = record.position;
    const auto& entry = std::get<Entry>(record.content);
    if (std::ranges::find(seen, entry.id.sequence) == seen.end()) seen.push_back(entry.id.sequence);
  }
  return seen;
}

bool becomes_true(Log& log, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition() && std::chrono::steady_clock::now() < deadline) {
    auto record = log.read(std::chrono::steady_clock::now() + 10ms);
    if (!record) FAIL(record.error().message);
  }
  return condition();
}

void check_contents(const LogUnderTest& under_test) {
  const OpenLog log = under_test.open({});
  log->append({{"a", 0, 0}, Join{"nonce", {"tcp://a:7051"}}});
  log->append(bundle(1, "t1"));
  std::map<std::uint64_t, Entry> read;
  while (read.size() < 2) {
    Log::Record record = next_record(*log);
    auto entry = std::get<Entry>(std::move(record.content));
    read.emplace(entry.id.sequence, std::move(entry));
  }
  CHECK(read.at(0).id == EntryId{"a", 0, 0});
  CHECK(std::get<Join>(read.at(0).content).nonce == "nonce");
  CHECK(std::get<Join>(read.at(0).content).addresses == std::vector<std::string>{"tcp://a:7051"});
  CHECK(read.at(1).id == EntryId{"a", 1, 1});
  const auto& envelopes = std::get<Bundle>(read.at(1).content).envelopes;
  REQUIRE(envelopes.size() == 1);
  CHECK(envelopes[0].tx_id == TxId{"t1"});
  CHECK(envelopes[0].bytes == "envelope of t1");
  CHECK(envelopes[0].private_data == "private of t1");
}

void check_waiting(const LogUnderTest& under_test) {
  const OpenLog log = under_test.open({});
  CHECK_FALSE(log->read(SteadyTime::min()).value());
  CHECK_FALSE(log->read(std::chrono::steady_clock::now() + 10ms).value());
  SECTION("wake() ends a read that waits") {
    auto waiting = std::async(std::launch::async, [&log] {
      return log->read(std::chrono::steady_clock::now() + kPatience).value().has_value();
    });
    log->wake();
    REQUIRE(waiting.wait_for(kPatience / 2) == std::future_status::ready);
    CHECK_FALSE(waiting.get());
  }
  SECTION("and one that begins later") {
    log->wake();
    const auto start = std::chrono::steady_clock::now();
    CHECK_FALSE(log->read(start + kPatience).value());
    CHECK(std::chrono::steady_clock::now() - start < kPatience / 2);
  }
}

void check_room(const LogUnderTest& under_test) {
  const OpenLog log = under_test.open({});
  REQUIRE(becomes_true(*log, [&] { return log->has_room(); }));
  std::uint64_t sequence = 0;
  while (log->has_room() && sequence < 1'000) {
    ++sequence;
    log->append(bundle(sequence, "t" + std::to_string(sequence)));
  }
  CHECK(sequence < 1'000);
  log->append({{"a", 1, sequence + 1}, Barrier{}});  // It needs none.
  const auto read = sequences_until(*log, sequence + 1);
  log->let_go(sequence + 1);
  CHECK(log->has_room());
}

// A replica that has applied some records goes on behind them; a new one reads all of them.
void check_restart(const LogUnderTest& under_test) {
  OpenLog log = under_test.open({});
  for (std::uint64_t i = 1; i <= 4; ++i) log->append(bundle(i, "t" + std::to_string(i)));
  std::vector<Log::Record> records;
  std::vector<std::uint64_t> seen;
  while (std::ranges::count(seen, 4u) == 0 || seen.size() < 4) {
    records.push_back(next_record(*log));
    seen.push_back(std::get<Entry>(records.back().content).id.sequence);
  }
  log->let_go(4);
  const OpenLog again = under_test.open({});
  for (const Log::Record& record : records) {
    const Log::Record same = next_record(*again);
    CHECK(same.position == record.position);
    CHECK(same.hash == record.hash);
    CHECK(std::get<Entry>(same.content).id == std::get<Entry>(record.content).id);
  }
  log.reset();
  const OpenLog restarted = under_test.open({records[1].position, records[1].hash});
  CHECK(next_record(*restarted).position == records[2].position);
  CHECK(becomes_true(*restarted, [&] { return restarted->has_room(); }));
}

void check_other_record(const LogUnderTest& under_test) {
  OpenLog log = under_test.open({});
  log->append(bundle(1, "t1"));
  const Log::Record record = next_record(*log);
  log->let_go(1);
  log.reset();
  const OpenLog restarted = under_test.open({record.position, std::string(32, 'x')});
  CHECK_FALSE(restarted->has_room());
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  auto read = restarted->read(std::chrono::steady_clock::now());
  while (read && std::chrono::steady_clock::now() < deadline) {
    CHECK_FALSE(read->has_value());
    read = restarted->read(std::chrono::steady_clock::now() + 100ms);
  }
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::kPrecondition);
  CHECK(read.error().message ==
        "the log has lost entries, or was made anew: position " +
            std::to_string(record.position.value) +
            ", which is applied here, holds another entry. `ccbus log reseed` begins a new "
            "generation from the ledger that has most");
  CHECK_FALSE(restarted->read(SteadyTime::min()));  // For good.
  CHECK_FALSE(restarted->has_room());
}

// --- Replicas ---

// One process: what its ledger has kept, and what it was given since it was started.
class Replica {
 public:
  Replica(const LogUnderTest& log, std::string name) : under_test_(log), name_(std::move(name)) {
    start();
  }

  void start() {
    feed_.reset();
    queue_.reset();
    log_ = under_test_.open({position_, state_.entry_hash, state_.generation});
    Limits limits;
    limits.block_transactions_max = 3;
    queue_ = std::make_unique<EnvelopeQueue>(limits, *log_);
    std::string nonce = name_ + " " + std::to_string(++starts_);
    nonce.resize(16);
    feed_ = std::make_unique<LogFeed>(limits, *log_, *queue_, state_,
                                      LogFeed::Member{name_, nonce, {}});
  }

  // Whether it was taken: not before the log is reached.
  [[nodiscard]] bool submit(const std::string& tx) {
    return queue_->broadcast({TxId{tx}, "of " + name_, {}, {}, PeerId{7}}).has_value();
  }

  // Applies what there is.
  void turn() {
    const SteadyTime until = std::chrono::steady_clock::now() + under_test_.turn;
    for (;;) {
      auto next = feed_->next(until);
      if (next.kind == BatchSource::Next::Kind::kHalted) FAIL(next.why.message);
      if (next.kind != BatchSource::Next::Kind::kBatch) return;
      std::string block;
      for (const OrderedEnvelope& envelope : next.batch.envelopes) {
        block += envelope.tx_id.value + " ";
        ++applied_[envelope.tx_id.value];
        CHECK((envelope.bytes != "of " + name_ || envelope.client == PeerId{7} || starts_ > 1));
      }
      blocks_.push_back(std::move(block));
      position_ = next.batch.position;
      auto state = decode_log_state(next.batch.log_state);
      if (!state) FAIL(state.error().message);
      state_ = std::move(*state);
    }
  }

  [[nodiscard]] const std::vector<std::string>& blocks() const { return blocks_; }
  [[nodiscard]] int times(const std::string& tx) const {
    const auto at = applied_.find(tx);
    return at == applied_.end() ? 0 : at->second;
  }
  [[nodiscard]] std::size_t waiting() const { return queue_->waiting(); }

 private:
  const LogUnderTest& under_test_;
  const std::string name_;
  int starts_ = 0;
  LogPosition position_;
  LogState state_;
  std::vector<std::string> blocks_;
  std::map<std::string, int> applied_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<EnvelopeQueue> queue_;
  std::unique_ptr<LogFeed> feed_;
};

}  // namespace

void check_conformance(const LogUnderTest& log) {
  SECTION("what is read is what was appended") {
    check_contents(log);
  }
  SECTION("a read waits for a record, until a time or wake()") {
    check_waiting(log);
  }
  SECTION("bundles take room until they are read, other entries take none") {
    check_room(log);
  }
  if (!log.is_shared) return;
  SECTION("every reader gets the same, from the position where it begins") {
    check_restart(log);
  }
  SECTION("a log that holds another record than was applied is read no further") {
    check_other_record(log);
  }
}

void check_replicas(const LogUnderTest& log) {
  std::mt19937 chance(7);
  std::array<Replica, 3> replicas{Replica{log, "a"}, Replica{log, "b"}, Replica{log, "c"}};
  Replica& mortal = replicas[2];
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  for (std::size_t i = 0; i < replicas.size(); ++i) {
    while (!replicas[i].submit("first of " + std::to_string(i))) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      replicas[i].turn();
    }
  }
  std::vector<std::string> of_immortals;
  constexpr int kTurns = 300;
  for (int turn = 0; turn < kTurns; ++turn) {
    for (std::size_t i = 0; i < replicas.size(); ++i) {
      for (auto left = chance() % 3; left > 0; --left) {
        const std::string tx =
            std::to_string(i) + "." + std::to_string(turn) + "." + std::to_string(left);
        if (replicas[i].submit(tx) && &replicas[i] != &mortal) of_immortals.push_back(tx);
      }
    }
    for (Replica& replica : replicas) {
      if (chance() % 3 != 0) replica.turn();
    }
    if (turn % 60 == 59) mortal.start();
  }
  REQUIRE(of_immortals.size() > kTurns / 2);
  const auto has_all = [&] {
    return std::ranges::all_of(replicas, [&](const Replica& replica) {
      return replica.waiting() == 0 && replica.blocks().size() == replicas[0].blocks().size();
    });
  };
  do {
    for (Replica& replica : replicas) replica.turn();
  } while (!has_all() && std::chrono::steady_clock::now() < deadline);
  REQUIRE(has_all());
  for (const Replica& replica : replicas) {
    CHECK(replica.blocks() == replicas[0].blocks());
    const auto applied_once = [&](const std::string& tx) { return replica.times(tx) == 1; };
    CHECK(std::ranges::all_of(of_immortals, applied_once));
  }
  for (int turn = 0; turn < kTurns; ++turn) {
    for (int left = 1; left < 3; ++left) {
      CHECK(replicas[0].times("2." + std::to_string(turn) + "." + std::to_string(left)) <= 1);
    }
  }
}

}  // namespace ccbus::test
