#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "ccbus/client/client.h"
#include "tests/bench/chaincode_peer.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// The real ccbusd with its ledger in memory, and in this process both who talk to it: the client
// that opens transactions, and the chaincode that runs them. What has to come comes within ten
// seconds, or a call throws std::runtime_error.
class ServiceDriver {
 public:
  static constexpr std::size_t kValueBytes = 100;

  ServiceDriver();

  [[nodiscard]] pid_t service() const { return service_.pid(); }
  [[nodiscard]] ChaincodePeer& chaincode() { return chaincode_; }

  // Key and value number so and so; keys are all of one length and in the order of their numbers.
  [[nodiscard]] static std::string key_of(std::size_t number);
  [[nodiscard]] static std::string value_of(std::size_t number);

  // An encoded WriteBatchState of the keys from number `first` up to and without `end`.
  [[nodiscard]] static std::string write_batch(std::size_t first, std::size_t end);

  // Commits the first so many keys.
  void store(std::size_t keys);

  // Opens a transaction of which nothing will be committed.
  [[nodiscard]] protos::ChaincodeMessage begin();

  // Completes the oldest open transaction.
  void end(const protos::ChaincodeMessage& transaction);

  // Throws std::runtime_error unless the service has served what store() needed and `requests` of
  // the chaincode beside, and none has failed.
  void finish(std::uint64_t requests);

 private:
  test::ServiceProcess service_;
  zmq::context_t context_;
  client::Client client_;
  ChaincodePeer chaincode_;
  std::uint64_t requests_of_store_ = 0;
};

}  // namespace ccbus::bench
