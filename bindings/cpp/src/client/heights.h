#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "ccbus/client.pb.h"

namespace ccbus::client {

// The highest height of each channel that answers have shown. A request asks for it, so that it
// sees what they have shown.
class Heights {
 public:
  // What a request is about and has asked for, until it is answered.
  struct Asked {
    std::uint64_t* channel = nullptr;  // Its height; null: about none, or nobody remembers it.
    std::uint64_t min_height = 0;
    bool begins_anew = false;  // It makes or resets the channel.
  };

  // Sets min_height, unless the request has one.
  [[nodiscard]] Asked ask(ClientRequest& request);

  // Remembers the height of an answer if it is higher than what was known. A height lower than the
  // one that was asked for is remembered, too, if the channel has begun anew or this replica is far
  // behind: the answer is from that state, the request has waited in vain, or the service says
  // UNAVAILABLE.
  static void learn(const Asked& asked, const ClientResponse& response);

  // Of more channels nothing is remembered.
  static constexpr std::size_t kChannelsMax = 1'000;

 private:
  std::map<std::string, std::uint64_t> channels_;
};

}  // namespace ccbus::client
