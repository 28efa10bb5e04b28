#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/bench/chaincode_peer.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// The real ccbusd with its ledger in memory. This process is both the client, which opens
// transactions, and the chaincode, which runs them. A call throws std::runtime_error if a message
// does not arrive within ten seconds, or a block of large transactions within a minute.
class ServiceDriver {
 public:
  static constexpr std::size_t kValueBytes = 100;

  struct Options {
    Sockets sockets = Sockets::kDealers;
    std::vector<std::string> settings = {};  // Of the service, besides the driver's own.
    std::vector<std::string> launcher = {};  // Words before the service's own, as for env.
    curve::Keys keys = {};  // Of client and chaincodes, if the settings ask for keys.
  };

  // Starts the service and one chaincode, number 0.
  ServiceDriver() : ServiceDriver(Options{}) {}
  explicit ServiceDriver(const Options& options);

  [[nodiscard]] const test::ServiceProcess& service() const { return service_; }
  [[nodiscard]] test::ServiceProcess& service() { return service_; }
  [[nodiscard]] Connections& connections() { return *connections_; }

  // Adds one more chaincode of the same name.
  void add_chaincode() { chaincodes_.emplace_back(*connections_, kName); }
  [[nodiscard]] ChaincodePeer& chaincode(std::size_t number = 0) { return chaincodes_[number]; }

  // The key and the value of a number; all keys have the same length and sort by their numbers.
  [[nodiscard]] static std::string key_of(std::size_t number);
  [[nodiscard]] static std::string value_of(std::size_t number);

  // An encoded WriteBatchState of the keys from number `first` up to `end`, excluding `end`.
  [[nodiscard]] static std::string write_batch(std::size_t first, std::size_t end);

  // Commits the first `keys` keys.
  void store(std::size_t keys);

  // Opens a transaction that will not be committed. This chaincode must be the one that gets it:
  // the only one, or the one with the fewest open transactions.
  [[nodiscard]] protos::ChaincodeMessage begin(std::size_t chaincode = 0);

  // Completes a transaction of this chaincode.
  void end(const protos::ChaincodeMessage& transaction, std::size_t chaincode = 0);

  // Throws std::runtime_error if the service has not served exactly the requests of store() and
  // `requests` more of the chaincode, or if one has failed.
  void finish(std::uint64_t requests);

 private:
  static constexpr const char* kName = "bench";

  // Commits the keys from number `first` up to `end`, excluding `end`, in one transaction.
  void store(std::size_t first, std::size_t end);

  test::ServiceProcess service_;
  zmq::context_t context_;
  client::Client client_;
  std::unique_ptr<Connections> connections_;
  std::vector<ChaincodePeer> chaincodes_;
  std::uint64_t requests_of_store_ = 0;
};

}  // namespace ccbus::bench
