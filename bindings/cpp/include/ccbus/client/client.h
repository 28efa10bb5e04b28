#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"

namespace ccbus::client {

class Requests;

struct Options {
  std::string endpoint = "tcp://127.0.0.1:7051";
  std::chrono::milliseconds connect_timeout{5'000};  // How long a request waits for a connection.
  std::size_t requests_open_max = 10'000;            // Sent and not yet answered.
  std::size_t request_bytes_max = 100u << 20;        // The service takes no larger frame.
};

struct Invocation {
  std::string channel_id = {};
  std::string chaincode_name = {};
  std::vector<std::string> args = {};                 // The function's name first.
  std::map<std::string, std::string> transient = {};  // Seen by the chaincode, never stored.
  bool is_init = false;
};

// What is wanted of a submit besides its outcome.
struct SubmitOptions {
  // After an MVCC or phantom conflict the service runs the invocation again, each time as a
  // transaction of its own, up to so many times.
  std::uint32_t retries = 0;

  // The answer need not wait for the block: it then has no outcome; commit_status() asks for it.
  SubmitRequest::Until until = SubmitRequest::COMMITTED;
};

// Who found that a request failed.
enum class Origin {
  kService,     // The service answered so; nothing is in doubt.
  kConnection,  // It could not be reached, or the connection broke.
  kClient,      // This library: a limit or a deadline of ours.
};

struct Error {
  StatusCode code = OK;
  std::string message;  // For people.
  Origin origin = Origin::kService;

  [[nodiscard]] bool ok() const { return code == OK; }
};

struct Reply {
  std::uint64_t correlation_id = 0;  // 0: the service could not read a request of ours.
  Error error;                       // ok() where the request succeeded.

  // What the service said, also beside an error: the chaincode's own response, the transaction's
  // id, its validation code. Empty where the service was not heard.
  ClientResponse response;
};

struct Sent {
  std::uint64_t correlation_id = 0;
  Error error;  // Not ok(): nothing was sent and no reply will come.

  [[nodiscard]] bool ok() const { return error.ok(); }
};

// An application's connection to ccbusd: many requests in flight, every one of them completed by
// exactly one Reply, whatever happens to the connection.
//
// It has no thread of its own: it connects, sends and receives inside the calls below. A lost
// connection completes every request that was sent with UNAVAILABLE and is made anew by the next
// calls; nothing is ever sent twice.
//
// Thread: one at a time.
class Client {
 public:
  // Errors: std::invalid_argument for an endpoint that cannot be one.
  explicit Client(Options options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Blocks: never. A request made while there is no connection waits for one, at most
  // connect_timeout, and then completes with UNAVAILABLE without having been sent.
  // Errors: RESOURCE_EXHAUSTED  requests_open_max are open, or the pipe is full: receive first.
  //         INVALID_ARGUMENT    larger than request_bytes_max, or a name that is not UTF-8.
  [[nodiscard]] Sent send_submit(const Invocation& invocation, const SubmitOptions& options = {});
  [[nodiscard]] Sent send_evaluate(const Invocation& invocation);
  [[nodiscard]] Sent send_status();
  [[nodiscard]] Sent send_define(const DefineRequest& definition);

  // Any request; its correlation id is set here.
  [[nodiscard]] Sent send(ClientRequest request);

  // The next reply, to whichever request; empty when none came within `timeout`.
  [[nodiscard]] std::optional<Reply> receive(std::chrono::milliseconds timeout);

  // Keeps the connection going for `duration`; replies that come are kept for receive().
  void idle(std::chrono::milliseconds duration);

  // Sends one request and waits for its reply; replies to others are kept for receive(). After
  // `timeout` the request is given up with DEADLINE_EXCEEDED, and a late answer is dropped.
  [[nodiscard]] Reply submit(const Invocation& invocation, std::chrono::milliseconds timeout,
                             const SubmitOptions& options = {});
  [[nodiscard]] Reply evaluate(const Invocation& invocation, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply status(std::chrono::milliseconds timeout);
  [[nodiscard]] Reply define(const DefineRequest& definition, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply call(ClientRequest request, std::chrono::milliseconds timeout);

  // Runs a transaction and returns it in Reply::response.endorse().prepared_transaction(), for
  // submit_prepared(), which orders it: of this service, once, within a few minutes.
  [[nodiscard]] Reply endorse(const Invocation& invocation, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply submit_prepared(const common::Envelope& prepared_transaction,
                                      std::chrono::milliseconds timeout,
                                      SubmitRequest::Until until = SubmitRequest::COMMITTED);

  // What became of a transaction; waits until a block has it, at most `timeout`.
  [[nodiscard]] Reply commit_status(const std::string& channel_id,
                                    const std::string& transaction_id,
                                    std::chrono::milliseconds timeout);

  // Requests that have no reply yet.
  [[nodiscard]] std::size_t open_requests() const;

 private:
  [[nodiscard]] Reply wait_for(const Sent& sent, std::chrono::milliseconds timeout);

  std::unique_ptr<Requests> requests_;
};

}  // namespace ccbus::client
