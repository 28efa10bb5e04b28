// Keys that want more than they may: chaincode names, channels, rights.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/support/dealer.h"
#include "tests/support/key_ring.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

constexpr int kKeys = 25;
constexpr int kRequestsOfKey = 100;
const std::array<std::string, 4> kChannels = {"mychannel", "other", "absent", "absent2"};
const std::array<std::string, 8> kRights = {"evaluate", "submit",   "events",   "read",
                                            "define",   "channels", "maintain", "keys"};

// A request of some kind, and the rights of which one is enough; empty: none is needed.
struct Kind {
  std::set<std::string> rights;
  bool has_channel = true;
  void (*fill)(ClientRequest& request, const std::string& channel);
};

// Written down independently of the service's table.
const std::vector<Kind> kKinds = {
    {{"evaluate"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       *request.mutable_evaluate() = evaluate(1, "basic").evaluate();
       request.mutable_evaluate()->mutable_invocation()->set_channel_id(channel);
     }},
    {{"submit"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       *request.mutable_submit() = submit(1, "basic").submit();
       request.mutable_submit()->mutable_invocation()->set_channel_id(channel);
     }},
    {{"submit"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       *request.mutable_endorse()->mutable_invocation() = submit(1, "basic").submit().invocation();
       request.mutable_endorse()->mutable_invocation()->set_channel_id(channel);
     }},
    {{"submit", "events"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_commit_status()->set_channel_id(channel);
       request.mutable_commit_status()->set_transaction_id("none");
       request.mutable_commit_status()->set_wait_ms(1);
     }},
    {{"events"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_chaincode_events()->set_channel_id(channel);
       request.mutable_chaincode_events()->set_wait_ms(1);
     }},
    {{"events"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_block_events()->set_channel_id(channel);
       request.mutable_block_events()->set_filtered(true);
       request.mutable_block_events()->set_wait_ms(1);
     }},
    {{"read"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_block_events()->set_channel_id(channel);
       request.mutable_block_events()->set_wait_ms(1);
     }},
    {{"read"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_ledger()->set_channel_id(channel);
       request.mutable_ledger()->mutable_key()->set_namespace_("basic");
       request.mutable_ledger()->mutable_key()->set_key("k");
     }},
    {{"define"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_define()->set_channel_id(channel);
       request.mutable_define()->mutable_definition()->set_name("basic");
     }},
    {{"channels"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_channel()->set_channel_id(channel);
       request.mutable_channel()->mutable_create()->set_state_database("wrong");
     }},
    {{"maintain"},
     true,
     [](ClientRequest& request, const std::string& channel) {
       request.mutable_ledger()->set_channel_id(channel);
       request.mutable_ledger()->mutable_snapshot()->set_directory("/nowhere");
     }},
    {{"keys"}, false, [](ClientRequest& request, const std::string&) { request.mutable_keys(); }},
    {{}, false, [](ClientRequest& request, const std::string&) { request.mutable_status(); }},
};

template <class Container>
const typename Container::value_type& one_of(const Container& container, std::mt19937& chance) {
  return container[chance() % container.size()];
}

client::Options options_of(const ServiceProcess& service, const curve::Keys& keys) {
  client::Options options;
  options.endpoint = service.client_endpoint();
  options.keys = keys;
  return options;
}

TEST_CASE("No key gets what it may not, and what it may it gets", "[attacks][issue-16]") {
  KeyRing ring;
  std::mt19937 chance(16);
  struct Holder {
    curve::Keys keys;
    std::set<std::string> rights;
    std::set<std::string> channels;
  };
  std::vector<Holder> holders;
  for (int i = 0; i < kKeys; ++i) {
    Holder holder;
    std::string rights;
    std::string channels;
    for (const std::string& right : kRights) {
      if (chance() % 3 == 0 && holder.rights.insert(right).second) rights += right + " ";
    }
    for (const std::string& channel : kChannels) {
      if (chance() % 3 == 0 && holder.channels.insert(channel).second) channels += channel + ",";
    }
    holder.keys =
        ring.allow("key" + std::to_string(i), {{"rights", rights}, {"channels", channels}});
    holders.push_back(std::move(holder));
  }
  auto settings = ring.settings();
  settings.emplace_back("ledger.channels=mychannel,other");
  ServiceProcess service(settings);
  int refused = 0;
  for (std::size_t i = 0; i < holders.size(); ++i) {
    const Holder& holder = holders[i];
    client::Client client(options_of(service, holder.keys));
    for (int n = 0; n < kRequestsOfKey; ++n) {
      const Kind& kind = one_of(kKinds, chance);
      const std::string& channel = one_of(kChannels, chance);
      ClientRequest request;
      kind.fill(request, channel);
      const bool has_right =
          kind.rights.empty() || std::ranges::any_of(kind.rights, [&](const std::string& right) {
            return holder.rights.contains(right);
          });
      const bool has_channel = !kind.has_channel || holder.channels.contains(channel);
      // A snapshot also needs its directory, which nobody has here.
      const bool is_snapshot = request.ledger().has_snapshot();
      const bool may = has_right && has_channel && !is_snapshot;
      INFO(request.ShortDebugString() << " by key" << i);
      const client::Reply reply = client.call(request, 10s);
      CHECK((reply.error.code != PERMISSION_DENIED) == may);
      if (!may) {
        ++refused;
        CHECK(reply.error.message.starts_with("access denied: key [key" + std::to_string(i) + "]"));
        CHECK(reply.response.response_case() == ClientResponse::RESPONSE_NOT_SET);
      }
    }
    // What it sees of the service are its channels.
    const client::Reply seen = client.status(10s);
    for (const ChannelStatus& status : seen.response.service_status().channels()) {
      CHECK(holder.channels.contains(status.channel_id()));
    }
  }
  CHECK(refused > 1'000);
}

TEST_CASE("Whether a channel exists is not told to those who may not use it",
          "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys app = ring.allow("app", {{"rights", "all"}, {"channels", "mine"}});
  auto settings = ring.settings();
  settings.emplace_back("ledger.channels=mine,other");
  ServiceProcess service(settings);
  client::Client client(options_of(service, app));
  for (const Kind& kind : kKinds) {
    if (!kind.has_channel) continue;
    std::string texts[2];
    for (const int i : {0, 1}) {
      const std::string channel = i == 0 ? "other" : "absent";
      ClientRequest request;
      kind.fill(request, channel);
      const client::Reply reply = client.call(request, 10s);
      CHECK(reply.error.code == PERMISSION_DENIED);
      texts[i] = reply.error.message;
      const auto at = texts[i].find(channel);
      REQUIRE(at != std::string::npos);
      texts[i].erase(at, channel.size());
    }
    CHECK(texts[0] == texts[1]);
  }
}

TEST_CASE("A key registers its own chaincode names only", "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys keys = ring.allow("worker", {{"register", "basic asset-*"}});
  ServiceProcess service(ring.settings());
  std::mt19937 chance(16);
  constexpr int kTimes = 1'000;
  Dealer dealer(service.chaincode_endpoint(), keys);
  for (int i = 0; i < kTimes; ++i) {
    std::string name = one_of(std::vector<std::string>{"basi", "basics", "asset", "_lifecycle",
                                                       "qscc", "BASIC", "xasset-1"},
                              chance);
    if (chance() % 2 == 0) name += one_of(std::vector<std::string>{":1.0", "/other", "-x"}, chance);
    // "asset:1.0" has the bytes of a client's request.
    if (name == "asset-x" || name.starts_with("asset-")) continue;
    INFO(name);
    dealer.send(registration(name));
    const auto answer = dealer.receive();
    CHECK(answer.type() == protos::ChaincodeMessage::ERROR);
    CHECK(dealer.receive_frame().empty());
  }
  dealer.register_as("asset-transfer:1.0");
}

// A chaincode whose key may see one channel, a client that may see another one.
TEST_CASE("A chaincode gets the transactions of its channels only", "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys one = ring.allow("one", {{"register", "basic"}, {"channels", "mychannel"}});
  const curve::Keys app = ring.allow("app", {{"rights", "client"}, {"channels", "*"}});
  auto settings = ring.settings();
  settings.emplace_back("ledger.channels=mychannel,other");
  ServiceProcess service(settings);
  Dealer chaincode(service.chaincode_endpoint(), one);
  chaincode.register_as("basic");
  client::Client client(options_of(service, app));
  client::Invocation invocation;
  invocation.channel_id = "other";
  invocation.chaincode_name = "basic";
  invocation.args = {"f"};
  constexpr int kTimes = 1'000;
  for (int i = 0; i < kTimes; ++i) {
    const client::Reply reply = client.evaluate(invocation, 10s);
    CHECK_FALSE(reply.error.ok());
  }
  CHECK(chaincode.is_quiet_for(100ms));
}

}  // namespace
}  // namespace ccbus::test
