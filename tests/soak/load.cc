#include "tests/soak/load.h"

#include <map>
#include <utility>

#include "tests/support/notebook.h"

namespace ccbus::soak {
namespace {

using namespace std::chrono_literals;
using test::note;

constexpr std::size_t kValueBytes = 1'000;
constexpr auto kBetweenWrites = 5ms;
constexpr auto kPatience = 10s;
constexpr std::size_t kReadsOpen = 200;

std::string value_of(const std::string& key) {
  std::string value;
  while (value.size() < kValueBytes) value += key + " ";
  return value;
}

}  // namespace

Load::Load(const std::string& endpoint, std::string name)
    : endpoint_(endpoint), name_(std::move(name)), thread_([this] { run(); }) {}

Load::~Load() {
  end();
}

void Load::end() {
  ending_ = true;
  if (thread_.joinable()) thread_.join();
}

std::string Load::key(std::uint64_t number) const {
  return name_ + "-" + std::to_string(number);
}

void Load::run() {
  client::Client client({.endpoint = endpoint_});
  while (!ending_) {
    write_one(client);
    read_one(client);
    client.idle(kBetweenWrites);
  }
}

void Load::write_one(client::Client& client) {
  const std::uint64_t number = written_++;
  const auto reply = client.submit(note({"put", key(number), value_of(key(number))}), kPatience);
  const std::lock_guard lock(mutex_);
  if (reply.error.ok() && reply.response.submit().validation_code() == protos::VALID) {
    ++tally_.committed;
    acknowledged_.push_back(number);
  } else {
    ++tally_.refused;
  }
}

void Load::read_one(client::Client& client) {
  std::string asked;
  {
    const std::lock_guard lock(mutex_);
    if (acknowledged_.empty()) return;
    asked = key(acknowledged_[(written_ * 7919) % acknowledged_.size()]);
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto reply = client.evaluate(note({"get", asked}), kPatience);
  if (!reply.error.ok()) return;
  if (reply.response.evaluate().result().payload() != value_of(asked)) ++lost_;
  const std::lock_guard lock(mutex_);
  tally_.latency.push_back(std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begun));
}

Tally Load::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(tally_, {});
}

std::size_t Load::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_.size();
}

// Many are open at once. What is not answered counts as lost.
std::uint64_t Load::read_all(client::Client& client) const {
  std::map<std::uint64_t, std::string> open;  // Keys by correlation id.
  std::uint64_t found = 0;
  std::size_t next = 0;
  while (next < acknowledged_.size() || !open.empty()) {
    while (next < acknowledged_.size() && open.size() < kReadsOpen) {
      const std::string asked = key(acknowledged_[next++]);
      if (const auto sent = client.send_evaluate(note({"get", asked})); sent.ok()) {
        open.emplace(sent.correlation_id, asked);
      }
    }
    const auto reply = client.receive(kPatience);
    if (!reply) break;
    const auto at = open.find(reply->correlation_id);
    if (at == open.end()) continue;
    if (reply->response.evaluate().result().payload() == value_of(at->second)) ++found;
    open.erase(at);
  }
  return acknowledged_.size() - found;
}

}  // namespace ccbus::soak
