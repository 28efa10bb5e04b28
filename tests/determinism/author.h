#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/channel_config.pb.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/simulate/simulator.h"
#include "service/ordering/log/entry.h"
#include "tests/support/test_organization.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::determinism {

// Somebody with a certificate of an organisation.
struct Member {
  Member(const test::Credential& authority, const std::string& msp_id,
         const test::CertificateShape& shape)
      : credential(test::issued_by(authority, shape)), identity(credential.serialized(msp_id)) {}

  test::Credential credential;
  std::string identity;  // An encoded msp.SerializedIdentity.
};

// The organisations of the channel. Keys are new ones in each run.
struct Organization {
  explicit Organization(const std::string& id);

  std::string msp_id;
  test::Credential authority;
  Member peer;
  Member client;
  Member admin;
  Member expired;  // A peer whose certificate is good for 2024 alone.
  Member future;   // And for 2031 alone.
  Member revoked;  // A peer that the second configuration revokes.

  [[nodiscard]] msp::MSPConfig msp(bool with_revocations) const;
};

// A transaction that is being simulated.
struct Draft {
  std::string nonce;
  std::unique_ptr<ledger::TxSimulator> sim;

  ledger::TxSimulator* operator->() const { return sim.get(); }
};

// Who has signed a transaction.
struct Signers {
  std::vector<const Member*> endorsers;
  bool is_endorsement_forged = false;  // The last endorser's signature is of other bytes.
  bool is_creator_forged = false;
};

// Writes a log, and commits it to a ledger of its own, in memory, on which the next transactions
// are simulated.
class Author {
 public:
  Author(const std::string& path, std::uint64_t seed);

  [[nodiscard]] Draft begin();
  using Change = std::function<void(test::TransactionParts&)>;
  [[nodiscard]] OrderedEnvelope envelope(Draft draft, const Signers& signers,
                                         const Change& change = {});

  // Adds an entry with these transactions and commits it.
  void bundle(std::vector<OrderedEnvelope> envelopes);
  void entry(ordering::Entry entry);
  void foreign(const std::string& bytes);

  [[nodiscard]] const std::vector<Organization>& organizations() const { return organizations_; }
  [[nodiscard]] const std::map<std::string, int>& codes() const { return codes_; }
  // The last code that is not VALID, and which endorsements are missing.
  [[nodiscard]] const std::string& last_failure() const { return last_failure_; }
  [[nodiscard]] const ledger::ChannelLedger& ledger() const { return *ledger_; }

 private:
  std::ofstream file_;
  std::uint64_t seed_;
  std::uint64_t position_ = 0;
  std::uint64_t drafts_ = 0;
  std::vector<Organization> organizations_;
  std::unique_ptr<ledger::ChannelLedger> ledger_;
  std::string last_failure_;
  std::map<std::string, int> codes_;  // How many transactions have each of them.
};

}  // namespace ccbus::determinism
