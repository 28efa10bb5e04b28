#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/job.h"
#include "service/chaincode/chaincode_support.h"
#include "service/chaincode/transaction/simulators.h"
#include "service/ledger/block/metadata.h"
#include "tests/support/map_state_view.h"

namespace ccbus::test {

using protos::ChaincodeMessage;
using namespace std::chrono_literals;

// Records what the engine sends. A test can make sends fail.
class RecordingOutbox final : public chaincode::Outbox {
 public:
  Result<void> send(PeerId peer, const chaincode::MessageView& message) override;
  void send_end(PeerId peer) override { ends[peer] += 1; }

  // From now on all sends, or those of one type, fail with this error.
  void break_sends(std::string why, std::optional<ChaincodeMessage::Type> only = std::nullopt,
                   ErrorCode code = ErrorCode::kPeerGone) {
    refusal_ = Error{code, std::move(why)};
    refused_type_ = only;
  }

  std::map<PeerId, std::vector<ChaincodeMessage>> sent;
  std::map<PeerId, int> ends;
  int attempts = 0;

 private:
  std::optional<Error> refusal_;
  std::optional<ChaincodeMessage::Type> refused_type_;
};

// An execution that the test waits for, and its results: more than one would be a bug.
struct Call {
  TxKey key;
  std::vector<chaincode::ExecutionResult> results;

  [[nodiscard]] std::vector<chaincode::Outcome> outcomes() const;
  [[nodiscard]] std::string error() const { return results.empty() ? "" : results.back().error; }
};

class ChaincodeRig;

// One chaincode process, whose messages the test sends.
class FakeShim {
 public:
  FakeShim(ChaincodeRig& rig, PeerId peer) : rig_(rig), peer_(peer) {}

  void sends(const ChaincodeMessage& message);
  void sends_bytes(const std::string& bytes);
  void sends_nothing() { sends_bytes(""); }
  void disappears();

  [[nodiscard]] const std::vector<ChaincodeMessage>& received() const;
  [[nodiscard]] const ChaincodeMessage& last() const { return received().back(); }
  [[nodiscard]] std::vector<ChaincodeMessage::Type> types() const;
  [[nodiscard]] bool was_ended() const;
  [[nodiscard]] PeerId peer() const { return peer_; }

 private:
  ChaincodeRig& rig_;
  PeerId peer_;
};

// Keeps jobs until the test runs them.
class HeldJobs final : public Background {
 public:
  bool submit(std::unique_ptr<Job> job, WorkLabel label) override {
    if (full && label.owner.kind != WorkOwner::Kind::kService) {
      job->drop({ErrorCode::kExhausted, "limits.backgroundJobs is reached"});
      return false;
    }
    try {
      labels.push_back(std::move(label));
      jobs.emplace_back();
    } catch (const std::bad_alloc&) {  // As Workers does it.
      job->drop({ErrorCode::kExhausted, "out of memory"});
      return false;
    }
    jobs.back() = std::move(job);
    return true;
  }

  // Runs all jobs that wait, and those that they submit.
  void run_all(Now now);

  bool full = false;              // For all jobs but the service's own.
  std::vector<WorkLabel> labels;  // Of all jobs that were taken.
  std::deque<std::unique_ptr<Job>> jobs;
};

// Keeps preparations until the test runs them.
class HeldPreparations final : public chaincode::Preparers {
 public:
  struct Held {
    std::unique_ptr<chaincode::Preparation> preparation;
    WorkLabel label;
  };

  bool submit(std::unique_ptr<chaincode::Preparation>& preparation, WorkLabel label) override {
    if (full) return false;
    try {
      waiting.emplace_back();
    } catch (const std::bad_alloc&) {  // As Workers does it.
      return false;
    }
    waiting.back() = {std::move(preparation), std::move(label)};
    return true;
  }

  // Runs the first preparation, as another thread would, even if it was cancelled meanwhile.
  [[nodiscard]] chaincode::NextState prepare_first();

  // Runs all preparations that wait, except those that were cancelled, and passes each result to
  // the engine, as the pipe would.
  void run_all(Now now, chaincode::ChaincodeSupport& engine);

  bool full = false;
  std::deque<Held> waiting;
  std::size_t skipped = 0;
};

// The engine with a clock, a ledger and a network that are under the test's control.
class ChaincodeRig final : public chaincode::Simulators {
 public:
  explicit ChaincodeRig(const chaincode::Options& options = {});
  ~ChaincodeRig() override;

  FakeShim connect();
  FakeShim ready_shim(const std::string& name);

  // Starts a transaction on "ch1".
  Call& invoke(const std::string& chaincode, const std::string& tx, bool is_init = false);

  void advance(std::chrono::milliseconds duration);
  // Transactions that begin from now on read from this view instead of what write() has written, on
  // both channels or on one.
  void read_from(const std::shared_ptr<const ledger::StateView>& view) {
    for (const char* channel : {"ch1", "ch2"}) read_from(channel, view);
  }
  void read_from(const std::string& channel, std::shared_ptr<const ledger::StateView> view) {
    views_[channel] = std::move(view);
  }
  void write(const std::string& ns, const std::string& key, const std::string& value,
             const ledger::Metadata& metadata = {});
  // Defines a chaincode on both channels.
  void define(const ccbus::ChaincodeDefinition& definition);

  // The channels "ch1" and "ch2" exist, with the same state.
  std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel, const TxId& tx) override;

  // Runs what waits for a worker: the jobs of the gateway and the queries of the engine.
  void run_jobs() {
    jobs_.run_all(now_);
    workers_.run_all(now_, engine_);
  }
  [[nodiscard]] HeldPreparations& workers() { return workers_; }
  [[nodiscard]] HeldPreparations& signers() { return signers_; }
  [[nodiscard]] HeldJobs& jobs() { return jobs_; }

  [[nodiscard]] chaincode::ChaincodeSupport& engine() { return engine_; }
  [[nodiscard]] RecordingOutbox& outbox() { return outbox_; }
  [[nodiscard]] Counters& counters() { return counters_; }
  [[nodiscard]] Now now() const { return now_; }
  [[nodiscard]] std::string log() const { return log_.str(); }
  // The state of the only handler under that name; nullopt if there is none.
  [[nodiscard]] std::optional<chaincode::State> state(const std::string& name) const;
  // The handler that registered last under that name.
  [[nodiscard]] HandlerId handler(const std::string& name) const;

 private:
  friend class FakeShim;

  [[nodiscard]] chaincode::Options with_clock(chaincode::Options options) const;

  std::ostringstream log_;
  std::unique_ptr<Logger> logger_;
  Counters counters_;
  RecordingOutbox outbox_;
  HeldJobs jobs_;
  HeldPreparations workers_;
  HeldPreparations signers_;
  Now now_{SteadyTime(1h), WallTime(1h)};
  MapStateView::Entries entries_;
  std::map<std::string, std::shared_ptr<const ledger::StateView>> views_;  // By channel.
  std::deque<Call> calls_;  // A deque, since callbacks point to its elements.
  std::uint64_t last_peer_ = 0;
  chaincode::ChaincodeSupport engine_;
};

// The messages that a chaincode sends.
[[nodiscard]] ChaincodeMessage message(ChaincodeMessage::Type type, const std::string& tx = "",
                                       const std::string& payload = "");
[[nodiscard]] ChaincodeMessage register_as(const std::string& name);
[[nodiscard]] ChaincodeMessage get_state(const std::string& tx, const std::string& key,
                                         const std::string& collection = "");
[[nodiscard]] ChaincodeMessage put_state(const std::string& tx, const std::string& key,
                                         const std::string& value);
[[nodiscard]] ChaincodeMessage del_state(const std::string& tx, const std::string& key);
[[nodiscard]] ChaincodeMessage get_range(const std::string& tx, const std::string& start,
                                         const std::string& end, int page_size = 0,
                                         const std::string& bookmark = "");
[[nodiscard]] ChaincodeMessage query_next(const std::string& tx, const std::string& id);
[[nodiscard]] ChaincodeMessage query_close(const std::string& tx, const std::string& id);
[[nodiscard]] ChaincodeMessage completed(const std::string& tx, int status = 200,
                                         const std::string& payload = "");

}  // namespace ccbus::test
