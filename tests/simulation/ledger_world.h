#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/history.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {

// Two real channels in memory, for one history after the other: each has chaincodes of its own.
class LedgerWorld final : public World {
 public:
  // Forgets the history before. The heights of the channels from which the next one starts.
  std::array<std::uint64_t, 2> clear();

  void begin(int tx, const Transaction& transaction) override;
  std::string act(int tx, const Operation& operation) override;
  std::vector<int> commit(int channel, const std::vector<int>& txs) override;
  std::string dump(int channel) override;

 private:
  struct Running {
    int channel;
    bool loses_private_data;
    Simulation simulation;
  };

  std::string ns(int chaincode) const;
  void define_chaincodes();
  std::string act(ledger::TxSimulator& simulator, const Operation& operation) const;
  std::string range(ledger::TxSimulator& simulator, const Operation& operation) const;
  std::string dump_collection(int channel, int chaincode, const std::string& collection);

  std::array<LedgerRig, 2> rigs_;
  std::map<int, Running> running_;
  int history_ = -1;
  int defined_ = 0;  // Histories whose chaincodes are defined.
};

}  // namespace ccbus::test
