#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "service/base/clock.h"
#include "tests/simulation/engine/chance.h"
#include "tests/simulation/engine/findings.h"
#include "tests/simulation/engine/network.h"
#include "tests/simulation/engine/trace.h"

namespace ccbus::simulation {

// What all actors of one seed see.
struct Stage {
  const Now& now;
  Chance& chance;
  Trace& trace;
  Findings& findings;
};

// A process at the other end of one endpoint, a chaincode's or a client's, with one connection at a
// time. The world calls it when something has come for it or its time has come.
class Actor {
 public:
  Actor(Stage stage, Network& network, std::string name)
      : stage_(stage), network_(network), name_(std::move(name)) {}
  virtual ~Actor() = default;
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] bool can_read() const {
    return network_.has_frame(link_) && stage_.now.steady >= reads_at_;
  }
  void read_one() {
    if (auto frame = network_.receive(link_)) on_frame(*frame);
  }

  // When wake() is to be called; kNever: only something that comes wakes it.
  [[nodiscard]] SteadyTime wakes_at() const {
    const bool waits_to_read = reads_at_ > stage_.now.steady && network_.has_frame(link_);
    return waits_to_read ? std::min(wakes_at_, reads_at_) : wakes_at_;
  }
  void wake() {
    if (stage_.now.steady < wakes_at_) return;  // It only reads again.
    wakes_at_ = kNever;
    on_wake();
  }

  // Whether its connection has ended without its doing, and it has not noticed yet.
  [[nodiscard]] bool has_lost_link() const { return is_linked_ && !network_.is_open(link_); }
  void lose_link() {
    is_linked_ = false;
    on_link_lost();
  }

  // From now on it begins nothing new, but goes on with what it has begun.
  void calm() { is_calm_ = true; }
  // Leaves for good.
  void leave() {
    disconnect();
    wakes_at_ = kNever;
  }
  [[nodiscard]] bool is_linked() const { return is_linked_; }

 protected:
  virtual void on_frame(const std::string& frame) = 0;
  virtual void on_wake() = 0;
  virtual void on_link_lost() = 0;

  void connect() {
    link_ = network_.connect();
    is_linked_ = true;
  }
  void disconnect() {
    if (is_linked_) network_.leave(link_);
    is_linked_ = false;
  }
  void send(std::string frame) { network_.send(link_, std::move(frame)); }
  void send_frames(std::size_t frames) { network_.send_frames(link_, frames); }

  void wake_in(std::chrono::microseconds wait) {
    wakes_at_ = std::min(wakes_at_, stage_.now.steady + wait);
  }
  void read_not_before(SteadyTime time) { reads_at_ = time; }
  [[nodiscard]] bool is_calm() const { return is_calm_; }

  const Stage stage_;

 private:
  Network& network_;
  const std::string name_;
  LinkId link_;
  bool is_linked_ = false;
  bool is_calm_ = false;
  SteadyTime wakes_at_ = kNever;
  SteadyTime reads_at_{};
};

}  // namespace ccbus::simulation
