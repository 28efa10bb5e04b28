#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "tests/simulation/engine/findings.h"

namespace ccbus::simulation {

// Every request that was handed to the service, until its answer: each is answered exactly once,
// with an answer of its own kind, unless its client has left.
class RequestBook {
 public:
  explicit RequestBook(Findings& findings) : findings_(findings) {}

  // A frame was handed over. What is no request is answered, too.
  void handed_over(PeerId client, std::string_view frame, std::uint64_t step);
  void handed_over_malformed(PeerId client, std::uint64_t step);
  // The gateway has answered, whether or not the client could be reached.
  void answered(PeerId client, const ccbus::ClientResponse& response);
  // What the client still waits for is answered to nobody, or forgotten.
  void left(PeerId client);
  // The service has died.
  void forget_all();

  // The world is at rest: nobody may wait any more.
  void check_rest();

  // Those without an answer, also of clients that have left: kind (ClientRequest's field) and step.
  // Some of these were forgotten since their client had left.
  [[nodiscard]] std::string open_requests() const;

  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t answers() const { return answers_; }

 private:
  struct Open {
    ccbus::ClientRequest::RequestCase kind = ccbus::ClientRequest::REQUEST_NOT_SET;
    std::uint64_t step = 0;
    bool has_twin = false;  // Another request had the same id: their errors cannot be told apart.
  };
  struct Client {
    std::multimap<std::uint64_t, Open> open;  // By correlation id.
    std::uint64_t handed_over = 0;
    std::uint64_t answered = 0;
    // It has sent what is no request, whose answers may have any correlation id: its answers are
    // only counted.
    bool is_only_counted = false;
    bool has_left = false;
  };

  Findings& findings_;
  std::map<PeerId, Client> clients_;
  std::uint64_t requests_ = 0;
  std::uint64_t answers_ = 0;
};

}  // namespace ccbus::simulation
