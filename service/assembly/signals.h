#pragma once

#include <csignal>
#include <functional>
#include <thread>

#include "service/assembly/wiring.h"
#include "service/bus/next_state_pipe.h"

namespace ccbus {

// Every thread that starts after this leaves SIGINT, SIGTERM and SIGHUP to the one that waits for
// them. Before the first other thread.
[[nodiscard]] sigset_t block_signals();

// Waits for signals, and in between asks the bus thread for a sign of life where systemd wants one.
//
// SIGINT, SIGTERM: StopRequested on the pipe. SIGHUP: `reload`, on this thread.
// With WatchdogSec in the unit, WATCHDOG=1 is sent from the bus thread twice in that time: a loop
// that does not turn is not reported as alive.
class SignalThread {
 public:
  // The pipe outlives it.
  SignalThread(const sigset_t& signals, bus::NextStatePipe<BusEvent>& pipe,
               std::function<void()> reload);
  ~SignalThread();
  SignalThread(const SignalThread&) = delete;
  SignalThread& operator=(const SignalThread&) = delete;

 private:
  std::thread thread_;
};

// What systemd is told; nothing where it did not ask. sd_notify(3): READY=1, STOPPING=1.
void tell_systemd(const char* state);

}  // namespace ccbus
