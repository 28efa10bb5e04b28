#include "tests/support/chaincode_rig.h"

#include <spdlog/sinks/ostream_sink.h>

#include <span>
#include <stdexcept>

#include "service/ledger/state/definition.h"

namespace ccbus::test {
namespace {

constexpr const char* kChannelName = "ch1";

std::unique_ptr<Logger> logger_into(std::ostream& out) {
  static_cast<void>(make_silent_logger());  // Also silences protobuf.
  auto lines = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
  lines->set_level(spdlog::level::debug);
  lines->set_pattern("%l %v");
  return std::make_unique<Logger>(std::move(lines));
}

template <class Payload>
ChaincodeMessage request(ChaincodeMessage::Type type, const std::string& tx,
                         const Payload& payload) {
  return message(type, tx, payload.SerializeAsString());
}

}  // namespace

Result<void> RecordingOutbox::send(PeerId peer, const chaincode::MessageView& message) {
  ++attempts;
  if (refusal_ && (!refused_type_ || *refused_type_ == message.type)) {
    return unexpected(*refusal_);
  }
  if (!sent[peer].emplace_back().ParseFromString(chaincode::encode(message))) {
    throw std::logic_error("the engine sent what is no message");
  }
  return {};
}

std::vector<chaincode::Outcome> Call::outcomes() const {
  std::vector<chaincode::Outcome> all;
  for (const auto& result : results) all.push_back(result.outcome);
  return all;
}

void FakeShim::sends(const ChaincodeMessage& message) {
  sends_bytes(message.SerializeAsString());
}

void FakeShim::sends_bytes(const std::string& bytes) {
  rig_.engine_.on_message(rig_.now_, peer_, std::as_bytes(std::span(bytes)));
}

void FakeShim::disappears() {
  rig_.engine_.on_peer_gone(rig_.now_, peer_);
}

const std::vector<ChaincodeMessage>& FakeShim::received() const {
  return rig_.outbox_.sent[peer_];
}

std::vector<ChaincodeMessage::Type> FakeShim::types() const {
  std::vector<ChaincodeMessage::Type> all;
  for (const auto& message : received()) all.push_back(message.type());
  return all;
}

bool FakeShim::was_ended() const {
  return rig_.outbox_.ends[peer_] > 0;
}

ChaincodeRig::ChaincodeRig(const chaincode::Options& options)
    : logger_(logger_into(log_)),
      engine_(with_clock(options), outbox_, *this, {workers_, signers_}, *logger_, counters_) {}

chaincode::Options ChaincodeRig::with_clock(chaincode::Options options) const {
  options.read_clock = [this] { return now_.steady; };
  return options;
}

ChaincodeRig::~ChaincodeRig() {
  engine_.shutdown(now_);
}

FakeShim ChaincodeRig::connect() {
  return FakeShim(*this, PeerId{++last_peer_});
}

FakeShim ChaincodeRig::ready_shim(const std::string& name) {
  FakeShim shim = connect();
  shim.sends(register_as(name));
  return shim;
}

Call& ChaincodeRig::invoke(const std::string& chaincode, const std::string& tx, bool is_init) {
  Call& call = calls_.emplace_back();
  call.key = TxKey{ChannelId{kChannelName}, TxId{tx}};
  protos::ChaincodeInput input;
  input.add_args("f");
  chaincode::Execution execution;
  execution.key = call.key;
  execution.chaincode_name = chaincode;
  execution.input = input.SerializeAsString();
  execution.is_init = is_init;
  execution.proposal.set_proposal_bytes("proposal of " + tx);
  execution.creator_msp_id = "Org1MSP";
  execution.simulator = simulate(call.key.channel, call.key.tx);
  engine_.execute(now_, std::move(execution), [&call](chaincode::ExecutionResult result) {
    call.results.push_back(std::move(result));
  });
  return call;
}

void ChaincodeRig::advance(std::chrono::milliseconds duration) {
  now_.steady += duration;
  now_.wall += duration;
  engine_.on_timer(now_);
}

std::unique_ptr<ledger::TxSimulator> ChaincodeRig::simulate(const ChannelId& channel,
                                                            const TxId& tx) {
  if (channel.value != kChannelName && channel.value != "ch2") return nullptr;
  const auto given = views_.find(channel.value);
  return std::make_unique<ledger::TxSimulator>(
      given != views_.end() ? given->second : std::make_shared<MapStateView>(entries_), tx);
}

void ChaincodeRig::define(const ccbus::ChaincodeDefinition& definition) {
  write(std::string(ledger::kLifecycleNamespace), definition.name(),
        definition.SerializeAsString());
}

void HeldJobs::run_all(Now now) {
  while (!jobs.empty()) {
    const auto job = std::move(jobs.front());
    jobs.pop_front();
    job->carry_out();
    job->end(now);
  }
}

void ChaincodeRig::write(const std::string& ns, const std::string& key, const std::string& value,
                         const ledger::Metadata& metadata) {
  ledger::MetadataEntries entries;
  ledger::add_entries(metadata, entries);
  entries_[{ns, key}] = ledger::VersionedValue{value, ledger::encode_metadata(entries), {1, 0}};
}

chaincode::NextState HeldPreparations::prepare_first() {
  const auto held = std::move(waiting.front());
  waiting.pop_front();
  return held.preparation->prepare();
}

void HeldPreparations::run_all(Now now, chaincode::ChaincodeSupport& engine) {
  while (!waiting.empty()) {
    if (waiting.front().label.cancelled.is_cancelled()) {
      waiting.pop_front();
      ++skipped;
    } else {
      engine.on_next_state(now, prepare_first());
    }
  }
}

std::optional<chaincode::State> ChaincodeRig::state(const std::string& name) const {
  const auto pools = engine_.report(now_);
  const auto at = pools.find(name);
  if (at == pools.end()) return std::nullopt;
  return at->second.back().state;
}

HandlerId ChaincodeRig::handler(const std::string& name) const {
  return engine_.report(now_).at(name).back().handler;
}

ChaincodeMessage message(ChaincodeMessage::Type type, const std::string& tx,
                         const std::string& payload) {
  ChaincodeMessage result;
  result.set_type(type);
  result.set_txid(tx);
  if (!tx.empty()) result.set_channel_id(kChannelName);
  result.set_payload(payload);
  return result;
}

ChaincodeMessage register_as(const std::string& name) {
  protos::ChaincodeID id;
  id.set_name(name);
  return message(ChaincodeMessage::REGISTER, "", id.SerializeAsString());
}

ChaincodeMessage get_state(const std::string& tx, const std::string& key,
                           const std::string& collection) {
  protos::GetState payload;
  payload.set_key(key);
  payload.set_collection(collection);
  return request(ChaincodeMessage::GET_STATE, tx, payload);
}

ChaincodeMessage put_state(const std::string& tx, const std::string& key,
                           const std::string& value) {
  protos::PutState payload;
  payload.set_key(key);
  payload.set_value(value);
  return request(ChaincodeMessage::PUT_STATE, tx, payload);
}

ChaincodeMessage del_state(const std::string& tx, const std::string& key) {
  protos::DelState payload;
  payload.set_key(key);
  return request(ChaincodeMessage::DEL_STATE, tx, payload);
}

ChaincodeMessage get_range(const std::string& tx, const std::string& start, const std::string& end,
                           int page_size, const std::string& bookmark) {
  protos::GetStateByRange payload;
  payload.set_startkey(start);
  payload.set_endkey(end);
  if (page_size != 0 || !bookmark.empty()) {
    protos::QueryMetadata metadata;
    metadata.set_pagesize(page_size);
    metadata.set_bookmark(bookmark);
    payload.set_metadata(metadata.SerializeAsString());
  }
  return request(ChaincodeMessage::GET_STATE_BY_RANGE, tx, payload);
}

ChaincodeMessage query_next(const std::string& tx, const std::string& id) {
  protos::QueryStateNext payload;
  payload.set_id(id);
  return request(ChaincodeMessage::QUERY_STATE_NEXT, tx, payload);
}

ChaincodeMessage query_close(const std::string& tx, const std::string& id) {
  protos::QueryStateClose payload;
  payload.set_id(id);
  return request(ChaincodeMessage::QUERY_STATE_CLOSE, tx, payload);
}

ChaincodeMessage completed(const std::string& tx, int status, const std::string& payload) {
  protos::Response response;
  response.set_status(status);
  response.set_payload(payload);
  return request(ChaincodeMessage::COMPLETED, tx, response);
}

}  // namespace ccbus::test
