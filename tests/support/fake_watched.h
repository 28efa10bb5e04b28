#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "service/operations/watched.h"

namespace ccbus::test {

// A service as the operations endpoint sees it, whose answers a test chooses.
class FakeWatched final : public operations::WatchedConnections {
 public:
  std::vector<operations::FailedCheck> failed_checks() override { return failed; }
  void collect(operations::Exposition& metrics) override {
    metrics.gauge("ledger_blockchain_height", "Blocks.", {{"channel", "ch1"}}, 7);
  }
  Result<ccbus::StatusResponse> status() override {
    if (bus_is_stuck) return fail(ErrorCode::kDeadline, "the bus thread has not answered");
    ccbus::StatusResponse status;
    status.set_version("1.2.3");
    (*status.mutable_counters())["bus_peers_connected"] = 3;
    return status;
  }
  Result<operations::Connections> connections(operations::Page page) override {
    if (bus_is_stuck) return fail(ErrorCode::kDeadline, "the bus thread has not answered");
    asked_for = page;
    operations::HandlerConnection handler;
    handler.connection = {4, "10.0.0.7:4000", "basic-key", std::chrono::milliseconds(250), 3, 900};
    handler.handler = 12;
    handler.chaincode = "basic";
    handler.state = "ready";
    operations::Connection client;
    client.peer = 9;
    return operations::Connections{3, {handler}, 20, {client}};
  }
  std::string log_level() const override { return level; }
  Result<void> set_log_level(std::string_view wanted) override {
    if (wanted != "debug") return fail(ErrorCode::kInvalid, "unknown log level");
    level = wanted;
    return {};
  }

  std::vector<operations::FailedCheck> failed;
  bool bus_is_stuck = false;
  operations::Page asked_for;
  std::string level = "info";
};

}  // namespace ccbus::test
