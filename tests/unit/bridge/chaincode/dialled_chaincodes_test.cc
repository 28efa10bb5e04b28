#include "service/bridge/chaincode/dialled_chaincodes.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

namespace ccbus::bridge {
namespace {

using namespace std::chrono_literals;

struct Rig {
  void pass(std::chrono::milliseconds time) {
    now.steady += time;
    dialled.on_timer(now);
  }

  Now now{};
  std::vector<std::string> calls;  // Addresses; the number of a call is its place from 1.
  std::vector<std::uint64_t> hung_up;
  std::shared_ptr<Logger> logger = make_silent_logger();
  DialledChaincodes dialled{[this](Now, const ChaincodeService&, const RpcTarget& target) {
                              calls.push_back(target.address);
                              return calls.size();
                            },
                            [this](Now, std::uint64_t call) { hung_up.push_back(call); }, *logger};
  ChaincodeService basic{"basic", "", {{"a:1"}, {"b:1"}}};
};

TEST_CASE("every process is called, and called again after half a second", "[bridge][issue-17]") {
  Rig rig;
  rig.dialled.set(rig.now, rig.basic);
  CHECK(rig.calls == std::vector<std::string>{"a:1", "b:1"});
  rig.dialled.on_ended(rig.now, 1, "refused");
  rig.pass(499ms);
  CHECK(rig.calls.size() == 2);
  rig.pass(1ms);
  CHECK(rig.calls == std::vector<std::string>{"a:1", "b:1", "a:1"});
}

TEST_CASE("the pause doubles up to half a minute, and is short again after a call that has held",
          "[bridge][issue-17]") {
  Rig rig;
  rig.basic.targets.pop_back();
  rig.dialled.set(rig.now, rig.basic);
  std::chrono::milliseconds pause = 500ms;
  for (int i = 0; i < 12; ++i) {
    const auto before = rig.calls.size();
    rig.dialled.on_ended(rig.now, before, "refused");
    rig.pass(pause - 1ms);
    CHECK(rig.calls.size() == before);
    rig.pass(1ms);
    CHECK(rig.calls.size() == before + 1);
    pause = std::min<std::chrono::milliseconds>(2 * pause, 30s);
  }
  CHECK(rig.dialled.report().at(0).processes.at(0).attempts == 12);
  rig.pass(10s);
  rig.dialled.on_ended(rig.now, rig.calls.size(), "it has ended");
  CHECK(rig.dialled.next_deadline() == rig.now.steady + 500ms);
  CHECK(rig.dialled.report().at(0).processes.at(0).attempts == 0);
}

TEST_CASE("a process that a chaincode keeps goes on, one that it loses is hung up on",
          "[bridge][issue-17]") {
  Rig rig;
  rig.dialled.set(rig.now, rig.basic);
  rig.basic.targets = {{"b:1"}, {"c:1"}};
  rig.dialled.set(rig.now, rig.basic);
  CHECK(rig.hung_up == std::vector<std::uint64_t>{1});
  CHECK(rig.calls == std::vector<std::string>{"a:1", "b:1", "c:1"});
}

TEST_CASE("what was removed is called no more", "[bridge][issue-17]") {
  Rig rig;
  rig.dialled.set(rig.now, rig.basic);
  CHECK(rig.dialled.remove(rig.now, "basic"));
  CHECK(rig.hung_up == std::vector<std::uint64_t>{1, 2});
  rig.dialled.on_ended(rig.now, 1, "cancelled");
  rig.pass(60s);
  CHECK(rig.calls.size() == 2);
  CHECK_FALSE(rig.dialled.next_deadline());
  CHECK_FALSE(rig.dialled.remove(rig.now, "basic"));
}

}  // namespace
}  // namespace ccbus::bridge
