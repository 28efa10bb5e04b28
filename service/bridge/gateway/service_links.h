#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "service/base/clock.h"
#include "service/bridge/calls/dealer.h"
#include "service/bridge/gateway/service_link.h"

namespace ccbus::bridge {

// The links to the service, one for each gRPC connection that has calls; it is closed when it has
// had none for a while.
class ServiceLinks {
 public:
  explicit ServiceLinks(DealerSource& service) : service_(service) {}

  // The link of a connection. A call keeps it while it is open; after a loss the next call gets a
  // new one.
  [[nodiscard]] std::shared_ptr<ServiceLink> of(Now now, const std::string& connection);

  // Closes those that are lost, and those that have had no call since the look before.
  void on_timer(Now now);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;

  // The requests that are open on all of them.
  [[nodiscard]] std::size_t open() const;

  struct Report {
    std::string from;
    std::uint64_t requests;  // Since the link was opened.
    std::size_t open;
  };
  [[nodiscard]] std::vector<Report> report() const;

  static constexpr std::chrono::seconds kBetweenLooks{60};

 private:
  struct Entry {
    std::shared_ptr<ServiceLink> link;
    std::uint64_t asked = 0;  // At the last look.
  };

  DealerSource& service_;
  std::unordered_map<std::string, Entry> links_;  // By connection.
  std::optional<SteadyTime> next_look_;
};

}  // namespace ccbus::bridge
