#pragma once

#include <vector>

#include "service/load/run/event_source.h"

namespace ccbus::load {

// Receives SIGINT and SIGTERM through a descriptor. Must be constructed before any other thread is
// started; otherwise that thread would receive the signals.
class Interrupt final : public EventSource {
 public:
  // Throws std::system_error.
  Interrupt();
  ~Interrupt() override;
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  void on_readable() override;

  [[nodiscard]] bool has_come() const { return has_come_; }

 private:
  int descriptor_ = -1;
  bool has_come_ = false;
};

}  // namespace ccbus::load
