#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// The real ccbusd on a real directory, a chaincode process (bench_chaincode), and this process as
// the application that submits: one get and one put of a key that no invoke had before. What has to
// come comes in half a minute, or a call throws std::runtime_error.
class InvokeDriver {
 public:
  static constexpr std::size_t kValueBytes = 100;

  // `launcher`: words before the service's own command, as for env.
  explicit InvokeDriver(const std::vector<std::string>& launcher);

  [[nodiscard]] pid_t service() const { return service_.pid(); }
  // On the same disk as the ledger.
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }

  // So many invokes, `in_flight` of them under way at a time; all have to be valid.
  [[nodiscard]] Measurement submit(std::size_t in_flight, std::size_t count);

  // Stops everything. Throws std::runtime_error unless the service has committed what was
  // submitted, and the last key of every submit() reads as it was written.
  void finish();

 private:
  void submit_one(std::unordered_map<std::uint64_t, Clock::time_point>& open);
  [[nodiscard]] Clock::duration receive_one(
      std::unordered_map<std::uint64_t, Clock::time_point>& open);

  test::TemporaryDirectory directory_;
  test::ServiceProcess service_;
  test::Process chaincode_;
  client::Client client_;
  std::uint64_t submitted_ = 0;
  std::vector<std::string> last_keys_;
};

}  // namespace ccbus::bench
