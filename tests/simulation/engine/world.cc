#include "tests/simulation/engine/world.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/simulation/engine/bystander.h"
#include "tests/simulation/engine/client.h"
#include "tests/simulation/engine/honest_chaincode.h"
#include "tests/simulation/engine/hostile_chaincode.h"

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kStormSteps = 4'000;
constexpr std::chrono::microseconds kStepTimeMean{15};
constexpr std::size_t kFaultsMax = 8;  // On average, in a storm.
// Longer than all deadlines in a row. Only keepalives are sent for ever.
constexpr std::chrono::milliseconds kRestTime = 40s;
// A ledger that is closed is opened again meanwhile. A wait without a limit of its own is longer.
constexpr std::chrono::milliseconds kLeaveAtOnceTime = 500ms;

constexpr std::uint64_t kBystanderStepsMax = 2'000;
constexpr std::int64_t kLiveBytesLeftMax = 512 << 10;

// What the limits allow the service to hold at most.
std::int64_t live_bytes_bound(const Limits& limits, std::size_t channels) {
  return static_cast<std::int64_t>(
      kLiveBytesLeftMax + limits.transactions_bytes_max + limits.prepared_bytes_max +
      channels * (limits.ordering_queue_bytes_max + limits.view_cache_bytes_max) +
      limits.requests_open_max * limits.request_bytes_max);
}

}  // namespace

World::World(std::uint64_t seed, const security::SigningIdentity& identity, bool shows_trace)
    : chance_(seed),
      trace_(shows_trace),
      now_{SteadyTime(1h), WallTime(24h * 365 * 50)},
      settings_(random_settings(chance_)),
      chaincode_network_(settings_.network("chaincode", false), chance_, trace_),
      client_network_(settings_.network("client", true), chance_, trace_),
      model_(findings_),
      observer_(model_, findings_),
      requests_(findings_),
      answers_(model_, findings_),
      identity_(identity) {
  words_.channels = {"ch1"};
  if (chance_.in_thousand(400)) words_.channels.emplace_back("ch2");
  for (std::size_t i = chance_.between(1, 4); i > 0; --i) {
    words_.chaincodes.push_back("cc" + std::to_string(i));
  }
  for (std::size_t i = chance_.between(2, 12); i > 0; --i) {
    words_.keys.push_back("k" + std::to_string(i));
  }
  for (std::size_t& weight : weights_) weight = chance_.between(1, 12);
  disk_.count_calls_of_this_thread();
  start_service();
  cast_actors();
}

World::~World() {
  if (service_ == nullptr) return;
  disk_.power_cut();
  service_->die();
}

void World::start_service() {
  service_ = std::make_unique<Service>(
      Surroundings{settings_, disk_, chaincode_network_, client_network_, now_, chance_, trace_,
                   findings_, model_, observer_, requests_, answers_, identity_},
      words_.channels);
}

void World::cast_actors() {
  const Stage stage{now_, chance_, trace_, findings_};
  for (const std::string& name : words_.chaincodes) {
    for (std::size_t i = chance_.between(1, 3); i > 0; --i) {
      HonestChaincode::Habits habits;
      if (chance_.in_thousand(300)) {
        habits.pause = std::chrono::microseconds(chance_.between(100, 50'000));
      }
      if (chance_.in_thousand(200)) habits.silences = chance_.between(10, 300);
      if (chance_.in_thousand(400)) habits.leaves = chance_.between(5, 100);
      actors_.push_back(std::make_unique<HonestChaincode>(stage, chaincode_network_, name, habits));
    }
  }
  if (chance_.in_thousand(600)) {
    words_.chaincodes.emplace_back(kHostileName);
    for (std::size_t i = chance_.between(1, 4); i > 0; --i) {
      actors_.push_back(
          std::make_unique<HostileChaincode>(stage, chaincode_network_, kHostileName, words_));
    }
  }
  words_.chaincodes.emplace_back("absent");
  actors_.push_back(std::make_unique<HonestChaincode>(
      stage, chaincode_network_, Bystander::kChaincode, HonestChaincode::Habits{}));
  auto bystander =
      std::make_unique<Bystander>(stage, client_network_, chance_.one_of(words_.channels));
  bystander_ = bystander.get();
  actors_.push_back(std::move(bystander));
  for (std::size_t i = chance_.between(2, 24); i > 0; --i) {
    Client::Habits habits;
    habits.pause = std::chrono::microseconds(chance_.between(1, 3'000));
    habits.open_max = chance_.between(1, 6);
    habits.requests = chance_.between(2, 60);
    if (chance_.in_thousand(200)) {
      habits.read_pause = std::chrono::microseconds(chance_.between(1'000, 200'000));
    }
    if (chance_.in_thousand(300)) habits.leaves = chance_.between(10, 200);
    if (chance_.in_thousand(200)) habits.repeats_ids = 200;
    if (chance_.in_thousand(200)) habits.damages = 200;
    if (chance_.in_thousand(100)) {  // A flood.
      habits.open_max = 200;
      habits.requests = 100;
      habits.pause = 1us;
    }
    actors_.push_back(std::make_unique<Client>(stage, client_network_, "client" + std::to_string(i),
                                               words_, habits));
  }
}

Outcome World::run() {
  const bool leaves_at_once = chance_.in_thousand(400);
  storm();
  repair_disk();
  if (!findings_.any() && !leaves_at_once) rest();
  if (!findings_.any()) leave(leaves_at_once ? After::kStorm : After::kRest);
  if (!findings_.any()) check_ledgers();
  Outcome outcome;
  outcome.finding = findings_.what();
  if (findings_.any()) outcome.trace = trace_.tail();
  outcome.trace_hash = trace_.hash();
  outcome.steps = steps_;
  outcome.actors = actors_.size();
  outcome.transactions = observer_.transactions();
  outcome.requests = requests_.requests();
  outcome.acknowledged = answers_.acknowledged();
  outcome.valid = model_.valid();
  outcome.invalid = model_.invalid();
  outcome.deaths = deaths_;
  outcome.disk_faults = disk_faults_;
  outcome.bystander_served = bystander_->served();
  outcome.bystander_crowded_out = bystander_->crowded_out();
  outcome.bystander_refused = bystander_->refused();
  outcome.bystander_steps_max = bystander_->longest();
  outcome.live_bytes_max = live_bytes_max_;
  outcome.live_bytes_left = live_bytes_left_;
  return outcome;
}

void World::storm() {
  const std::size_t faults = chance_.in_thousand(500) ? chance_.between(1, kFaultsMax) : 0;
  for (std::size_t i = 0; i < kStormSteps && !findings_.any(); ++i) {
    if (chance_.below(kStormSteps) < faults) fault();
    if (!step()) return;
  }
}

void World::repair_disk() {
  disk_.repair();
  is_disk_faulty_ = false;
}

// The disk works, and everybody finishes what they have begun. The clock passes all deadlines.
void World::rest() {
  trace_.add("rest");
  const bool is_ordering = std::ranges::any_of(
      service_->channels(), [](const auto& at) { return at.second->waiting() > 0; });
  if (is_ordering && chance_.in_thousand(300)) {
    trace_.add("a last fault of the disk");
    disk_.fail_call(chance_.below(8), test::FaultyEnv::Error::kIo, false);
  }
  for (const auto& actor : actors_) actor->calm();
  const SteadyTime end = now_.steady + kRestTime;
  while (!findings_.any() && now_.steady < end && step()) {
  }
  if (!findings_.any()) check_rest();
}

// Within a short time nothing may be left, also of what waits for a later deadline. After a rest,
// leaving takes no memory, so that it shows whether the handlers are freed.
void World::leave(After after) {
  trace_.add("everybody leaves");
  std::size_t chaincodes = 0;
  for (const auto& [name, members] : service_->engine().report(now_)) chaincodes += members.size();
  const auto held_before = service_->live_bytes();
  for (const auto& actor : actors_) actor->leave();
  const SteadyTime end = now_.steady + (after == After::kRest ? kRestTime : kLeaveAtOnceTime);
  for (auto next = next_time(); !findings_.any(); next = next_time()) {
    const bool can_wait = next && *next < end;
    if (!can_wait && !can_step_now()) break;
    step();
  }
  if (findings_.any()) return;
  service_->fire_timer();  // An event: with it the engine frees the handlers that have ended.
  const auto held_after = service_->live_bytes();
  const auto freed = static_cast<std::int64_t>(chaincodes * sizeof(chaincode::Handler));
  if (after == After::kRest && held_before && held_after && *held_before - *held_after < freed) {
    findings_.add("the service has not freed the handlers of " + std::to_string(chaincodes) +
                  " chaincodes that have left");
  }
  findings_.check(service_->simulations().used() == 0,
                  "bytes of transactions are left although every chaincode has left");
  findings_.check(service_->engine().report(now_).empty(),
                  "a handler is left although every chaincode has left");
  if (service_->gateway().requests_open() > 0) {
    findings_.add("a request is open although every client has left; of those without an answer:" +
                  requests_.open_requests());
  }
  live_bytes_left_ = service_->live_bytes().value_or(0);
  findings_.check(live_bytes_left_ <= kLiveBytesLeftMax,
                  "the service holds memory although everybody has left");
}

// The last death: all that was acknowledged is on the disk.
void World::check_ledgers() {
  kill_service();
}

bool World::step() {
  ++steps_;
  let_time_pass(std::chrono::microseconds(chance_.below(2 * kStepTimeMean.count())));
  trace_.begin_step(steps_, now_.steady);
  const auto deadline = service_->next_deadline();
  if (deadline && *deadline <= now_.steady && chance_.in_thousand(500)) {
    trace_.add("timer");
    service_->fire_timer();
  } else if (!step_now() && !wait_for_next_time()) {
    return false;
  }
  if (service_->is_stopping() && service_->is_stopped()) end_stopped_service();
  check_every_step();
  return true;
}

std::array<World::Step, World::kStepKinds> World::steps_now() const {
  const SteadyTime now = now_.steady;
  const bool has_committer_work = std::ranges::any_of(
      service_->channels(), [now](const auto& at) { return at.second->has_work(now); });
  const auto can = [this](auto is) { return !actors_that(is).empty(); };
  return {{
      {weights_[0], &World::deliver_to_engine, chaincode_network_.has_message()},
      {weights_[1], &World::deliver_to_gateway, client_network_.has_message()},
      {weights_[2], &World::end_chaincode, chaincode_network_.has_end()},
      {weights_[3], &World::end_client, client_network_.has_end()},
      {weights_[4], &World::handle_pipe_event, !service_->pipe().empty()},
      {weights_[5], &World::run_worker, service_->workers().waiting() > 0},
      {weights_[6], &World::run_signer, service_->signers().waiting() > 0},
      {weights_[7], &World::run_committer, has_committer_work},
      {weights_[8], &World::read_by_actor, can([](const Actor& one) { return one.can_read(); })},
      {weights_[9], &World::wake_actor,
       can([now](const Actor& one) { return one.wakes_at() <= now || one.has_lost_link(); })},
  }};
}

bool World::can_step_now() const {
  return std::ranges::any_of(steps_now(), &Step::can_happen);
}

bool World::step_now() {
  const auto steps = steps_now();
  std::size_t all = 0;
  for (const Step& one : steps) all += one.can_happen ? one.weight : 0;
  if (all == 0) return false;
  std::size_t drawn = chance_.below(all);
  for (const Step& one : steps) {
    if (!one.can_happen) continue;
    if (drawn < one.weight) {
      (this->*one.happen)();
      return true;
    }
    drawn -= one.weight;
  }
  return false;
}

// Nothing can happen now: the clock goes on to the next time at which something will.
bool World::wait_for_next_time() {
  const auto next = next_time();
  if (!next) return false;
  if (*next > now_.steady) {
    let_time_pass(std::chrono::ceil<std::chrono::microseconds>(*next - now_.steady));
  }
  return true;
}

std::optional<SteadyTime> World::next_time() const {
  std::optional<SteadyTime> next = service_->next_deadline();
  for (const auto& actor : actors_) {
    if (actor->wakes_at() != kNever) next = earlier(next, actor->wakes_at());
  }
  for (const auto& [id, channel] : service_->channels()) next = earlier(next, channel->next_try());
  return next;
}

void World::let_time_pass(std::chrono::microseconds duration) {
  now_.steady += duration;
  now_.wall += duration;
}

template <class Is>
std::vector<Actor*> World::actors_that(Is is) const {
  std::vector<Actor*> all;
  for (const auto& actor : actors_) {
    if (is(*actor)) all.push_back(actor.get());
  }
  return all;
}

void World::deliver_to_engine() {
  service_->deliver_to_engine();
}

void World::deliver_to_gateway() {
  service_->deliver_to_gateway();
}

void World::end_chaincode() {
  service_->end_chaincode();
}

void World::end_client() {
  service_->end_client();
}

void World::handle_pipe_event() {
  trace_.add("pipe");
  service_->handle_pipe_event();
}

void World::run_worker() {
  trace_.add("worker");
  service_->run_worker();
}

void World::run_signer() {
  trace_.add("signer");
  service_->run_signer();
}

void World::run_committer() {
  std::vector<SimulatedChannel*> ready;
  for (const auto& [id, channel] : service_->channels()) {
    if (channel->has_work(now_.steady)) ready.push_back(channel.get());
  }
  service_->run_committer(*chance_.one_of(ready));
}

void World::wake_actor() {
  const SteadyTime now = now_.steady;
  Actor& actor = *chance_.one_of(actors_that(
      [now](const Actor& one) { return one.wakes_at() <= now || one.has_lost_link(); }));
  if (actor.has_lost_link()) {
    trace_.add(actor.name() + " has lost its connection");
    actor.lose_link();
  } else {
    actor.wake();
  }
}

void World::read_by_actor() {
  chance_.one_of(actors_that([](const Actor& one) { return one.can_read(); }))->read_one();
}

void World::fault() {
  switch (chance_.below(4)) {
    case 0:
      if (!service_->is_stopping()) stop_service();
      break;
    case 1: kill_service(); break;
    default: {
      using Error = test::FaultyEnv::Error;
      if (is_disk_faulty_) {
        trace_.add("the disk works again");
        repair_disk();
        break;
      }
      ++disk_faults_;
      is_disk_faulty_ = true;
      const bool is_full = chance_.in_thousand(500);
      const bool stays = chance_.in_thousand(500);
      trace_.add(std::string("the disk will ") + (is_full ? "be full" : "fail") +
                 (stays ? ", and stay so" : ""));
      disk_.fail_call(chance_.below(40), is_full ? Error::kNoSpace : Error::kIo, stays);
    }
  }
}

void World::kill_service() {
  ++deaths_;
  disk_.power_cut();
  chaincode_network_.lose_all();
  client_network_.lose_all();
  observer_.forget_all();
  requests_.forget_all();
  service_->die();
  service_.reset();
  repair_disk();
  disk_.power_on(chance_.in_thousand(300) ? chance_.below(200) : 0);
  start_service();
}

void World::stop_service() {
  service_->begin_stop();
}

// What it still said reaches the peers or not; then all connections are gone, and it is started
// again.
void World::end_stopped_service() {
  service_->stop();
  requests_.check_rest();
  service_.reset();
  chaincode_network_.lose_all();
  client_network_.lose_all();
  observer_.forget_all();
  requests_.forget_all();
  repair_disk();
  start_service();
}

// A submit may stand behind a full queue, each transaction of which has a block of its own.
std::uint64_t World::bystander_steps_max() const {
  if (!bystander_->is_submitting()) return kBystanderStepsMax;
  const auto blocks = (settings_.limits.ordering_queue_max + 2) * settings_.commit;
  return kBystanderStepsMax + static_cast<std::uint64_t>(blocks / kStepTimeMean);
}

void World::check_every_step() {
  const Limits& limits = settings_.limits;
  findings_.check(
      service_->gateway().requests_open() <= limits.requests_open_max + limits.requests_waiting_max,
      "more requests are open than the gateway's limits allow");
  findings_.check(service_->simulations().used() <= limits.transactions_bytes_max,
                  "running transactions take more than limits.transactionsBytes");
  for (const auto& [id, channel] : service_->channels()) {
    findings_.check(channel->waiting() <= limits.ordering_queue_max,
                    "more envelopes wait for a block than orderer.queue allows");
  }
  if (const auto live = service_->live_bytes()) {
    live_bytes_max_ = std::max(live_bytes_max_, *live);
    if (*live > live_bytes_bound(settings_.limits, words_.channels.size())) {
      findings_.add("the service holds " + std::to_string(*live) +
                    " bytes, which is more than its limits add up to");
    }
  }
  findings_.check(!service_->owes_answers(),
                  "a client misses an answer, and its connection was not ended");
  findings_.check(bystander_->waiting() <= bystander_steps_max(),
                  "the bystander waits for longer than it may");
  for (const auto& [name, members] : service_->engine().report(now_)) {
    for (const auto& member : members) {
      findings_.check(chaincode_network_.is_connected(member.peer),
                      "a handler is left of a chaincode whose connection has ended");
      findings_.check(member.open_transactions <= limits.transactions_per_handler,
                      "a chaincode has more open transactions than the limit");
    }
  }
}

void World::check_rest() {
  requests_.check_rest();
  findings_.check(service_->gateway().requests_open() == 0,
                  "the gateway counts open requests although the world is at rest");
  findings_.check(service_->simulations().used() == 0,
                  "bytes of transactions are left although none runs");
  findings_.check(!service_->next_deadline() || settings_.chaincode.keepalive > 0ms,
                  "a deadline is left although nothing is open");
  for (const auto& [id, channel] : service_->channels()) {
    findings_.check(channel->waiting() == 0, "envelopes are left although the world is at rest");
    findings_.check(!channel->is_closed(),
                    "a ledger is still closed although the disk works and nobody reads");
  }
  for (const auto& [name, members] : service_->engine().report(now_)) {
    for (const auto& member : members) {
      findings_.check(member.open_transactions == 0,
                      "a transaction is open although the world is at rest");
    }
  }
}

}  // namespace ccbus::simulation
