#include "tests/memory/world.h"

#include <algorithm>
#include <span>

#include "tests/memory/failing_memory.h"

namespace ccbus::test {
namespace {

constexpr std::size_t kSilent = gateway::Endorser::kSignedHereMax;  // So that signers are used.

}  // namespace

World::World() : rig_(1'000), basic_(rig_.chaincode, "basic:1.0"), other_(rig_.chaincode, "other") {
  rig_.signing_is_slow = true;
  rig_.shim.disappears();
  for (const char* key : {"a", "c", "e"}) rig_.ledger.write({{key, "some value, not a short one"}});
}

void World::run() {
  ++round_;
  answered_.clear();
  basic_.connect();
  other_.connect();
  const std::uint64_t client = 10 * round_;
  for (std::size_t i = 0; i < kSilent; ++i) invoke(client + 1, "submit", "silent");
  ask_for_events(client + 1);
  for (const char* kind : {"submit", "evaluate", "endorse", "ordered"}) {
    invoke(client + 1, kind, "write");
    invoke(client + 2, kind, "call");
  }
  invoke(client + 2, "evaluate", "history");
  invoke(client + 2, "evaluate", "pages");
  invoke(client + 2, "submit", "lost call");
  invoke(client + 2, "submit", "fails");
  ask_for_look_ups(client + 2);
  give_up(client + 4);
  settle();
  ask_for_events(client + 3);
  invoke(client + 3, "submit", "write");
  client_leaves(client + 3);
  settle();
  advance(40s);  // The silent ones expire.
  for (std::size_t i = 0; i < kSilent + 1; ++i) invoke(client + 1, "evaluate", "silent");
  other_.vanish();
  basic_.vanish();  // With transactions that were not signed yet.
  settle();
  advance(1min);
  settle();
  advance(10min);
}

void World::ask(std::uint64_t client, const Fill& fill) {
  ccbus::ClientRequest request;
  request.set_correlation_id(++last_id_);
  fill(request);
  asked_[{PeerId{client}, last_id_}] = true;
  const std::string bytes = request.SerializeAsString();
  const Armed armed;
  rig_.gateway.on_message(rig_.chaincode.now(), PeerId{client}, std::as_bytes(std::span(bytes)));
}

void World::invoke(std::uint64_t client, const std::string& kind, const std::string& script) {
  ask(client, [&](ccbus::ClientRequest& request) {
    ccbus::Invocation* invocation = nullptr;
    if (kind == "evaluate") {
      invocation = request.mutable_evaluate()->mutable_invocation();
    } else if (kind == "endorse") {
      invocation = request.mutable_endorse()->mutable_invocation();
    } else {
      invocation = request.mutable_submit()->mutable_invocation();
      if (kind == "ordered") request.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
      if (kind == "submit") request.mutable_submit()->set_retries(1);
    }
    invocation->set_channel_id(kChannel.value);
    invocation->set_chaincode_name("basic");
    invocation->add_args(script);
    invocation->add_args(std::string(100, 'x'));
  });
}

void World::ask_for_events(std::uint64_t client) {
  ask(client, [](ccbus::ClientRequest& request) {
    request.mutable_chaincode_events()->set_channel_id(kChannel.value);
  });
  const std::uint64_t height = rig_.ledger.ledger().height();
  ask(client, [height](ccbus::ClientRequest& request) {
    request.mutable_block_events()->set_channel_id(kChannel.value);
    request.mutable_block_events()->set_block_number(height - 1);
    request.mutable_block_events()->set_filtered(true);
  });
  ask(client, [](ccbus::ClientRequest& request) {
    request.mutable_commit_status()->set_channel_id(kChannel.value);
    request.mutable_commit_status()->set_transaction_id("a transaction that never comes");
  });
}

void World::ask_for_look_ups(std::uint64_t client) {
  ask(client, [](ccbus::ClientRequest& request) { request.mutable_status(); });
  ask(client, [](ccbus::ClientRequest& request) {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_chain_info();
  });
  ask(client, [](ccbus::ClientRequest& request) {
    request.mutable_ledger()->set_channel_id("no such channel");
    request.mutable_ledger()->mutable_chain_info();
  });
  ask(client, [](ccbus::ClientRequest& request) {
    request.mutable_define()->set_channel_id(kChannel.value);
    request.mutable_define()->mutable_definition()->set_name("defined");
  });
}

// One request that is cancelled, one whose timeout passes, and one that waits for the next block.
void World::give_up(std::uint64_t client) {
  const auto silent = [](ccbus::ClientRequest& request) {
    ccbus::Invocation& invocation = *request.mutable_submit()->mutable_invocation();
    invocation.set_channel_id(kChannel.value);
    invocation.set_chaincode_name("basic");
    invocation.add_args("silent");
    request.set_timeout_ms(1'000);
  };
  ask(client, silent);
  ask(client, silent);
  ask(client, [this](ccbus::ClientRequest& request) {
    request.mutable_cancel()->set_correlation_id(last_id_ - 1);
  });
  const std::uint64_t height = rig_.ledger.ledger().height();
  ask(client, [height](ccbus::ClientRequest& request) {
    request.mutable_ledger()->set_channel_id(kChannel.value);
    request.mutable_ledger()->mutable_chain_info();
    request.set_min_height(height + 1);
  });
}

void World::client_leaves(std::uint64_t client) {
  for (auto& [key, must_come] : asked_) must_come = must_come && key.first.value != client;
  const Armed armed;
  rig_.gateway.on_client_gone(PeerId{client});
}

void World::settle() {
  for (bool has_acted = true; has_acted;) {
    has_acted = basic_.act();
    has_acted = other_.act() || has_acted;
    has_acted = run_preparations(rig_.chaincode.signers()) || has_acted;
    has_acted = run_preparations(rig_.chaincode.workers()) || has_acted;
    has_acted = run_jobs() || has_acted;
    has_acted = cut_block() || has_acted;
  }
}

// As Workers does it.
bool World::run_preparations(HeldPreparations& preparations) {
  bool has_run = false;
  while (!preparations.waiting.empty()) {
    has_run = true;
    const auto held = std::move(preparations.waiting.front());
    preparations.waiting.pop_front();
    if (held.label.cancelled.is_cancelled()) continue;
    const Armed armed;
    chaincode::NextState next;
    try {
      next = held.preparation->prepare();
    } catch (const std::exception&) {
      next = held.preparation->failed();
    }
    rig_.chaincode.engine().on_next_state(rig_.chaincode.now(), std::move(next));
  }
  return has_run;
}

bool World::run_jobs() {
  auto& jobs = rig_.chaincode.jobs().jobs;
  rig_.chaincode.jobs().labels.clear();
  const bool has_jobs = !jobs.empty();
  while (!jobs.empty()) {
    auto job = std::move(jobs.front());
    jobs.pop_front();
    const Armed armed;
    job->carry_out();
    try {
      job->end(rig_.chaincode.now());
      job.reset();
    } catch (const std::exception&) {  // As Dispatcher does it.
    }
  }
  return has_jobs;
}

bool World::cut_block() {
  if (rig_.orderer.held.empty()) return false;
  auto block =
      rig_.ledger.ledger().commit(rig_.ledger.next_batch(std::exchange(rig_.orderer.held, {})));
  const Armed armed;
  rig_.gateway.on_block(rig_.chaincode.now(), *block);
  return true;
}

void World::advance(std::chrono::milliseconds duration) {
  const Armed armed;
  rig_.chaincode.advance(duration);
  rig_.gateway.on_timer(rig_.chaincode.now());
}

std::size_t World::transactions_open() {
  std::size_t open = 0;
  for (const auto& [name, members] : rig_.chaincode.engine().report(rig_.chaincode.now())) {
    for (const auto& member : members) open += member.open_transactions;
  }
  return open;
}

std::string World::fault_of(PeerId client, std::uint64_t id) {
  const auto& ended = rig_.clients.ended;
  const bool was_ended =
      std::ranges::any_of(ended, [client](const auto& one) { return one.first == client; });
  std::size_t count = 0;
  for (const auto& answer : rig_.clients.answers[client]) {
    if (answer.correlation_id() != id) continue;
    ++count;
    ++answered_[answer.status().code()];
  }
  if (count == 1 || (count == 0 && was_ended)) return "";
  return "request " + std::to_string(id) + " of client " + std::to_string(client.value) + " has " +
         std::to_string(count) + " answers";
}

std::string World::fault() {
  plan_memory({});
  rig_.gateway.on_timer(rig_.chaincode.now());
  rig_.chaincode.advance(1min);
  settle();
  rig_.chaincode.advance(1min);
  rig_.gateway.on_timer(rig_.chaincode.now());
  std::string fault;
  for (const auto& [key, must_come] : asked_) {
    if (fault.empty() && must_come) fault = fault_of(key.first, key.second);
  }
  if (fault.empty() && rig_.gateway.requests_open() != 0) {
    fault = std::to_string(rig_.gateway.requests_open()) + " requests are still open";
  }
  if (fault.empty() && transactions_open() != 0) {
    fault = std::to_string(transactions_open()) + " transactions are still open";
  }
  ended_ += rig_.clients.ended.size();
  asked_.clear();
  rig_.clients.answers.clear();
  rig_.clients.ended.clear();
  if (!fault.empty()) return fault;

  // The world goes on: a later transaction is committed.
  basic_.connect();
  other_.connect();
  invoke(9, "submit", "call");
  settle();
  const auto& answers = rig_.clients.answers[PeerId{9}];
  if (answers.size() != 1)
    return "a later transaction has " + std::to_string(answers.size()) + " answers";
  if (answers[0].status().code() != ccbus::OK)
    return "a later one: " + answers[0].status().message();
  basic_.vanish();
  other_.vanish();
  asked_.clear();
  rig_.clients.answers.clear();
  rig_.chaincode.outbox().sent.clear();
  rig_.chaincode.outbox().ends.clear();
  return "";
}

}  // namespace ccbus::test
