#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/determinism/author.h"

namespace ccbus::determinism {

// Makes the transactions of one bundle after the other, by chance from a seed: good ones, and those
// that break a rule each.
class Scenes {
 public:
  Scenes(Author& author, std::uint64_t seed) : author_(author), chance_(seed) {}

  // Nothing of it is committed yet.
  [[nodiscard]] std::vector<OrderedEnvelope> next_bundle();

 private:
  using Envelopes = std::vector<OrderedEnvelope>;

  [[nodiscard]] std::uint32_t below(std::uint32_t limit);
  [[nodiscard]] std::string key();
  [[nodiscard]] std::string value();
  [[nodiscard]] std::string collection();
  [[nodiscard]] Signers peers(int count) const;  // Of the first organisations.

  void add(Envelopes& to);
  void write_public(Envelopes& to);
  void read_and_write(Envelopes& to);
  void read_range(Envelopes& to);
  void write_key_policy(Envelopes& to);
  void write_private(Envelopes& to);
  void change_private(Envelopes& to);
  void lose_private_data(Envelopes& to);
  void repeat(Envelopes& to);
  void endorse_badly(Envelopes& to);
  void write_elsewhere(Envelopes& to);
  void configure(Envelopes& to);
  void break_a_part(Envelopes& to);
  void write_garbage(Envelopes& to);

  Author& author_;
  std::mt19937_64 chance_;
  std::vector<OrderedEnvelope> earlier_;
  std::uint64_t definitions_ = 1;
  std::uint32_t broken_ = 0;
  std::uint32_t badly_ = 0;
};

}  // namespace ccbus::determinism
