#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/requests/failure.h"
#include "service/chaincode/stream/environment.h"
#include "service/chaincode/stream/transactions.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// An answer that is to be sent, and what is needed to count it.
struct Reply {
  RequestName request;
  RequestMetrics* metrics = nullptr;  // Never null once the reply is filled in.
  SteadyTime received{};
  MessageView message;  // RESPONSE, or ERROR with its final text.
};

// Answers the requests of the running transactions of one handler: at once, or later by a next
// state from a query worker or a callee. Bus thread only.
class RequestServer {
 public:
  // The references outlive this object.
  RequestServer(HandlerId handler, const std::string& registered_name, Transactions& transactions,
                Environment& environment)
      : handler_(handler),
        registered_name_(registered_name),
        transactions_(transactions),
        environment_(environment) {}

  // Serves one request and fills in `reply`. Returns false if the answer comes later, or if the
  // request was dropped since its transaction has an open one. `reply` points into `message`, this
  // object and the environment, and is valid until the next call.
  [[nodiscard]] bool serve(Now now, const MessageView& message, Reply& reply);

  // Closes the open request that a next state answers, and fills in `reply`, which points into
  // `answer`. Returns false if the request is no longer open.
  [[nodiscard]] bool close(std::uint64_t request, const MessageView& answer, Reply& reply);

  // Forgets the open request of a transaction after an exception, and what was begun for it.
  // Returns false if the transaction cannot go on without what was lost. True if there is no such
  // transaction.
  [[nodiscard]] bool drop_open(const MessageView& request) noexcept;

  // Makes the ERROR that answers a failed request. It points into this object and is valid until
  // the next call.
  [[nodiscard]] MessageView failure(const Reply& reply, const Error& error);

 private:
  [[nodiscard]] Result<Answer> serve_guarded(const Request& request);
  [[nodiscard]] Result<void> serve_later(Now now, TransactionContext& context,
                                         const RequestName& request, SteadyTime received,
                                         Answer answer);
  void settle(TransactionContext& context, const OpenRequest& closed);
  void take_back_simulator(TransactionContext& context, std::uint64_t serial) noexcept;

  // Set once, then read only.
  const HandlerId handler_;
  const std::string& registered_name_;
  Transactions& transactions_;
  Environment& environment_;

  std::string failure_;  // The text of the last ERROR.
};

}  // namespace ccbus::chaincode
