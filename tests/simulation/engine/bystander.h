#pragma once

#include <string>

#include "tests/simulation/engine/actor.h"

namespace ccbus::simulation {

// An honest client of an honest chaincode that nobody else calls. It asks for one thing at a time
// and measures after how many of the world's steps it is answered, whatever the others do.
class Bystander final : public Actor {
 public:
  // The name of its chaincode.
  static constexpr const char* kChaincode = "steady";

  Bystander(Stage stage, Network& network, std::string channel);

  // Steps since it has asked; 0: it waits for nothing.
  [[nodiscard]] std::uint64_t waiting() const {
    return is_waiting_ ? stage_.trace.step() - asked_at_ : 0;
  }
  // Whether it waits for a block.
  [[nodiscard]] bool is_submitting() const { return is_waiting_ && last_id_ % 2 == 0; }
  [[nodiscard]] std::uint64_t longest() const { return longest_; }
  [[nodiscard]] std::uint64_t served() const { return served_; }
  // Because others have taken all places; and because the service had no chaincode or disk for it.
  [[nodiscard]] std::uint64_t crowded_out() const { return crowded_out_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  void on_frame(const std::string& frame) override;
  void on_wake() override;
  void on_link_lost() override;

  const std::string channel_;
  bool is_waiting_ = false;
  bool has_unknown_ = false;  // A submit whose outcome it was not told may still be committed.
  std::uint64_t asked_at_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t longest_ = 0;
  std::uint64_t served_ = 0;
  std::uint64_t crowded_out_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace ccbus::simulation
