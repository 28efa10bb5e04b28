#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/bridge/calls/dealer.h"
#include "service/bridge/calls/rpc.h"

namespace ccbus::test {

// The gRPC side of a call, as a test looks at it.
class FakeRpc final : public bridge::Rpc {
 public:
  void send(std::string message) override {
    queued += message.size();
    sent.push_back(std::move(message));
  }
  [[nodiscard]] std::size_t queued_bytes() const override { return queued; }
  void consumed(std::size_t bytes) override { consumed_bytes += bytes; }
  void finish(bridge::RpcEnd with) override { end = std::move(with); }

  std::vector<std::string> sent;
  std::size_t queued = 0;  // A test takes it away, as gRPC does.
  std::size_t consumed_bytes = 0;
  std::optional<bridge::RpcEnd> end;
};

// A connection to the service, and the source of it: it has one at a time.
class FakeDealers final : public bridge::DealerSource {
 public:
  [[nodiscard]] std::unique_ptr<bridge::Dealer> open(Now, bridge::DealerUser& by) override {
    user = &by;
    is_open = true;
    return std::make_unique<One>(*this);
  }

  bridge::DealerUser* user = nullptr;  // Of the last connection.
  bool is_open = false;
  std::vector<std::string> sent;
  std::size_t unsent = 0;  // A test sets it.
  int asked_for_sent = 0;
  bool is_held = false;

 private:
  class One final : public bridge::Dealer {
   public:
    explicit One(FakeDealers& all) : all_(all) {}
    ~One() override { all_.is_open = false; }
    void send(std::string frame) override { all_.sent.push_back(std::move(frame)); }
    [[nodiscard]] std::size_t unsent_bytes() const override { return all_.unsent; }
    void tell_when_sent() override { ++all_.asked_for_sent; }
    void hold() override { all_.is_held = true; }
    void release() override { all_.is_held = false; }

   private:
    FakeDealers& all_;
  };
};

}  // namespace ccbus::test
