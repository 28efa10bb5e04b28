#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/base/log.h"
#include "service/bridge/bridge.h"
#include "service/operations/endpoint.h"
#include "service/operations/watched.h"

namespace ccbus::bridge {

// The bridge as its operations endpoint sees it.
//
// Thread: the endpoint's threads, several at once.
// Blocks: what lives on the bridge's thread is asked for there, and waited for at most a second.
class WatchedBridge final : public operations::Watched {
 public:
  // Both outlive it.
  WatchedBridge(Bridge& bridge, Logger& logger) : bridge_(bridge), logger_(logger) {}

  // "bridge": its thread does not answer; "service": ccbusd does not.
  std::vector<operations::FailedCheck> failed_checks() override;
  void collect(operations::Exposition& metrics) override;
  [[nodiscard]] std::string log_level() const override;
  Result<void> set_log_level(std::string_view level) override;

  // What the bridge serves beside what every program does:
  //
  //   GET    /chaincodes            the chaincodes as a service, and the streams that are open
  //   PUT    /chaincodes            calls one from now on: see parse_chaincode_service()
  //   DELETE /chaincodes?name=NAME  calls it no more
  [[nodiscard]] std::vector<operations::Endpoint::Route> routes();

 private:
  [[nodiscard]] operations::HttpResponse show_chaincodes();
  [[nodiscard]] operations::HttpResponse connect(const operations::HttpRequest& request);
  [[nodiscard]] operations::HttpResponse disconnect(const operations::HttpRequest& request);

  Bridge& bridge_;
  Logger& logger_;
};

}  // namespace ccbus::bridge
