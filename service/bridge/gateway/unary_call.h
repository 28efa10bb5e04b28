#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ccbus/client.pb.h"
#include "service/base/result.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/gateway/service_link.h"

namespace ccbus::bridge {

// What a method of one request and one answer means to the service.
struct UnaryMethod {
  const char* name;
  // Errors: kInvalid, in Fabric's words: the call ends with INVALID_ARGUMENT.
  Result<ccbus::ClientRequest> (*request)(const std::string& message);
  // Of a response whose status is OK.
  std::string (*reply)(ccbus::ClientResponse response);
  // Waits beyond the service's own limit for it, until the client has enough.
  bool waits_without_end = false;
};

// A call of such a method. Its deadline is passed on; if the client ends it, so does the service.
class UnaryCall final : public RpcCall {
 public:
  // Gives the link to the service when the request is there.
  using Link = std::function<std::shared_ptr<ServiceLink>(Now)>;

  UnaryCall(Rpc& rpc, const UnaryMethod& method, std::optional<WallTime> deadline, Link link)
      : rpc_(rpc), method_(method), deadline_(deadline), open_link_(std::move(link)) {}
  ~UnaryCall() override;

  void on_message(Now now, std::string message) override;
  void on_half_closed(Now now) override;
  void on_gone(Now now) override;
  [[nodiscard]] std::string what() const override { return method_.name; }

 private:
  void ask(Now now);
  void answered(Now now, ccbus::ClientResponse response);
  void end(RpcEnd end);

  Rpc& rpc_;
  const UnaryMethod& method_;
  const std::optional<WallTime> deadline_;
  const Link open_link_;
  std::shared_ptr<ServiceLink> link_;  // Once there is a request.
  ccbus::ClientRequest request_;
  std::uint64_t open_ = 0;  // The request that is open; 0: none.
  bool is_over_ = false;
};

// The milliseconds that are left until a deadline, as timeout_ms: at least 1; 0 without a deadline.
[[nodiscard]] std::uint32_t milliseconds_until(std::optional<WallTime> deadline, Now now);

}  // namespace ccbus::bridge
