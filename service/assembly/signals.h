#pragma once

#include <csignal>
#include <functional>
#include <thread>

#include "service/assembly/wiring.h"
#include "service/bus/next_state_pipe.h"

namespace ccbus {

// Blocks SIGINT, SIGTERM and SIGHUP in this thread and in all that it starts later, so that only
// the signal thread gets them. Call it before the first other thread starts.
[[nodiscard]] sigset_t block_signals();

// Waits for signals, and has a timer: if systemd watches the service, it asks the bus thread for
// signs of life.
//
// SIGINT, SIGTERM: StopRequested on the pipe. SIGHUP: `reload`, on this thread. Once a second:
// `every_second`, on this thread.
// With WatchdogSec in the unit, WATCHDOG=1 is sent from the bus thread twice in that time: a loop
// that does not turn is not reported as alive.
class SignalThread {
 public:
  struct Calls {
    std::function<void()> reload;
    std::function<void()> every_second;
  };

  // The pipe outlives it.
  SignalThread(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe, Calls calls);
  ~SignalThread();
  SignalThread(const SignalThread&) = delete;
  SignalThread& operator=(const SignalThread&) = delete;

 private:
  std::thread thread_;
};

// Tells systemd READY=1 or STOPPING=1, sd_notify(3); does nothing if systemd did not ask for it.
void tell_systemd(const char* state);

}  // namespace ccbus
