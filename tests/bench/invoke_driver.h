#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/client/identity.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// The real ccbusd on a real directory, a chaincode process (bench_chaincode), and this process as
// the application, which submits one get and one put of the same key. A call throws
// std::runtime_error if an answer is an error or does not arrive within half a minute.
class InvokeDriver {
 public:
  static constexpr std::size_t kValueBytes = 100;

  enum class Signatures {
    kNone,
    // The channel has one organisation. The application signs proposals and transactions for
    // itself, and the service endorses for the organisation.
    kOfClient,
  };

  InvokeDriver() : InvokeDriver(std::vector<std::string>{}) {}

  // `launcher`: words before the service's own command, as for env.
  explicit InvokeDriver(const std::vector<std::string>& launcher,
                        Signatures signatures = Signatures::kNone);

  [[nodiscard]] pid_t service() const { return service_.pid(); }
  [[nodiscard]] pid_t chaincode() const { return chaincode_.pid(); }
  // Of the application; only if it signs.
  [[nodiscard]] const client::Identity& signer() const { return *signer_; }
  // On the same disk as the ledger.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

  // Submits one; returns its correlation id.
  std::uint64_t send(const std::string& key);

  struct Answer {
    std::uint64_t correlation_id = 0;
    bool is_valid = false;  // Otherwise it conflicted with another one on its key.
  };
  [[nodiscard]] Answer receive();

  // Runs that many invokes on new keys, with `in_flight` of them open at a time; all must be valid.
  [[nodiscard]] Measurement submit(std::size_t in_flight, std::size_t count);

  [[nodiscard]] std::uint64_t valid() const { return valid_; }

  // Stops everything. Throws std::runtime_error if the ledger's counts differ from the answers, or
  // if the last key of a submit() does not have the written value.
  void finish();

 private:
  // Makes the organisation and reads the identity of its client.
  void configure();
  [[nodiscard]] client::Reply next_reply();

  test::TemporaryDirectory directory_;
  test::ServiceProcess service_;
  test::Process chaincode_;
  client::Client client_;
  std::uint64_t valid_ = 0;
  std::uint64_t conflicts_ = 0;
  std::uint64_t new_keys_ = 0;
  std::vector<std::string> last_keys_;
  std::optional<client::Identity> signer_;
  // Of a signed transaction the Endorse, by the Submit.
  std::unordered_map<std::uint64_t, std::uint64_t> endorses_;
};

}  // namespace ccbus::bench
