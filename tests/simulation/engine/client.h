#pragma once

#include <map>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "tests/simulation/engine/actor.h"
#include "tests/simulation/engine/script.h"

namespace ccbus::simulation {

// An application: it asks for what the gateway has, of all kinds, and reads the answers, at its own
// pace. It may leave at any moment, and comes back.
class Client final : public Actor {
 public:
  struct Habits {
    std::chrono::microseconds pause{0};       // Between two requests.
    std::chrono::microseconds read_pause{0};  // Between two answers that it reads.
    std::size_t open_max = 4;                 // Requests that it has open at most.
    std::size_t requests = 20;                // In its life.
    std::size_t leaves = 0;                   // Requests of a thousand after which it leaves.
    std::size_t repeats_ids = 0;              // Of a thousand requests.
    std::size_t damages = 0;                  // Of a thousand frames.
  };

  Client(Stage stage, Network& network, std::string name, const Vocabulary& words, Habits habits);

  [[nodiscard]] std::uint64_t answered() const { return answered_; }

 private:
  void on_frame(const std::string& frame) override;
  void on_wake() override;
  void on_link_lost() override;

  void ask();
  [[nodiscard]] ccbus::ClientRequest random_request();
  void fill_invocation(ccbus::Invocation& invocation, const std::string& token);
  [[nodiscard]] std::uint32_t random_wait_ms();
  [[nodiscard]] std::string damaged(std::string frame);
  void check_token(const ccbus::ClientResponse& response);

  const Vocabulary& words_;
  const Habits habits_;
  std::size_t asked_ = 0;
  std::size_t open_ = 0;
  std::uint64_t last_id_ = 0;
  std::uint64_t answered_ = 0;
  std::map<std::uint64_t, std::string> tokens_;  // Of invocations, by correlation id.
  std::vector<common::Envelope> prepared_;
  std::vector<TxKey> transactions_;  // That it has heard of.
};

}  // namespace ccbus::simulation
