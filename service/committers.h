#pragma once

#include <map>
#include <memory>
#include <vector>

#include "service/bus/next_state_pipe.h"
#include "service/config.h"
#include "service/gateway/endorser.h"
#include "service/ledger/channel_ledger.h"
#include "service/log.h"
#include "service/ordering/embedded_orderer.h"
#include "service/wiring.h"

namespace ccbus {

// The channels of the configuration, each with its ledger and its committer thread, which tells the
// bus of every block through the next-state pipe.
//
// A commit that fails stops the service: from then on nothing is committed and nobody is told that
// something was. What the disk holds decides at the next start.
class Committers {
 public:
  // Opens every channel. Throws std::runtime_error naming channel and reason.
  // Blocks: on the disk. The references outlive it.
  Committers(const Config& config, bus::NextStatePipe<BusEvent>& pipe, Logger& logger);
  ~Committers();
  Committers(const Committers&) = delete;
  Committers& operator=(const Committers&) = delete;

  [[nodiscard]] const gateway::Channels& channels() const { return channels_; }

  // Commits what is queued and ends the threads. Blocks on the disk.
  void stop();

 private:
  class Committer;

  std::vector<std::unique_ptr<Committer>> committers_;
  gateway::Channels channels_;
};

}  // namespace ccbus
