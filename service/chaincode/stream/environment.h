#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/clock.h"
#include "service/base/log.h"
#include "service/chaincode/requests/requests.h"
#include "service/chaincode/stream/outbox.h"
#include "service/chaincode/stream/registry.h"
#include "service/chaincode/transaction/shim_metrics.h"
#include "service/metrics/metrics.h"

namespace ccbus::chaincode {

// Gives transactions something to run on. main.cc plugs the channels in; tests make views.
class Simulators {
 public:
  virtual ~Simulators() = default;

  // On the channel's newest state; null: there is no such channel. Bus thread.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId& channel,
                                                                      const TxId& tx) = 0;
};

// Runs one chaincode for another. The engine does; a handler only knows that somebody can.
class Callees {
 public:
  virtual ~Callees() = default;

  // Ends in Handler::call_done for `caller` and the open request's serial, perhaps before it
  // returns, and else at the latest with the callee's deadline; the context may be gone by then.
  // Errors: Fabric's text, and nothing was started.
  [[nodiscard]] virtual Result<void> call(Now now, HandlerId caller, TransactionContext& context,
                                          CallChaincode call) = 0;

  // Ends the callee of an open request whose transaction has ended, and gives its simulator back.
  // Null: none runs, or it had an end before.
  [[nodiscard]] virtual std::unique_ptr<ledger::TxSimulator> abandon(std::uint64_t serial) = 0;

  // As call(), for a worker's task and Handler::query_done. False: too many are waiting.
  [[nodiscard]] virtual bool read_ahead(HandlerId handler, const TransactionContext& context,
                                        std::shared_ptr<QueryTask> task) = 0;
};

struct Options {
  Duplicates duplicates = Duplicates::kPool;
  std::chrono::milliseconds keepalive{0};  // Between two KEEPALIVEs to one chaincode; 0: never.
  std::chrono::milliseconds execute_timeout{30'000};
  protos::ChaincodeAdditionalParams additional_params;  // What READY offers.
  QueryLimits query_limits;
  std::size_t transactions_per_handler = 10'000;
  std::size_t call_depth_max = 16;  // Chaincodes that call each other in one transaction.
  bool autodefine = true;           // A chaincode without a definition may run.
  std::size_t name_bytes_max = 255;
  std::size_t message_bytes_max = 100u << 20;
  std::function<SteadyTime()> read_clock =
      std::chrono::steady_clock::now;  // To measure; nothing else.
};

// What all handlers of one bus thread share. Bus thread only.
struct Environment {
  Environment(const Options& options_, Outbox& outbox_, Callees& callees_, Logger& logger_,
              Counters& counters_)
      : options(options_),
        outbox(outbox_),
        callees(callees_),
        logger(logger_),
        counters(counters_),
        registry(options_.duplicates) {}

  const Options options;
  Outbox& outbox;
  Callees& callees;
  Logger& logger;
  Counters& counters;

  Registry registry;
  Deadlines deadlines;
  RequestBuffers buffers;
  std::string reply_payload;      // Kept from reply to reply, for its memory.
  std::uint64_t last_serial = 0;  // Of open requests.
  LabelledShimMetrics metrics;
  SteadyTime served_until;  // The last reading of the clock, which begins the next request.
};

}  // namespace ccbus::chaincode
