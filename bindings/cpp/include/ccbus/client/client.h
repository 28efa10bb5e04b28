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
#include "ccbus/curve/keys.h"

namespace ccbus::client {

class Requests;

struct Options {
  std::string endpoint = "tcp://127.0.0.1:7051";
  curve::Keys keys = {};  // Where the service asks for them: read_keys(), keys_from_environment().
  std::chrono::milliseconds connect_timeout{5'000};  // How long a request waits for a connection.
  std::size_t requests_open_max = 10'000;            // Sent and not yet answered.
  std::size_t request_bytes_max = 100u << 20;        // The service accepts no larger frame.

  // Every request asks for a state that has at least what the answers before it have shown, on any
  // replica of the service: min_height, by channel. Client says how long that may take.
  bool reads_own_writes = true;
};

struct Invocation {
  std::string channel_id = {};
  std::string chaincode_name = {};
  std::vector<std::string> args = {};                 // The function's name first.
  std::map<std::string, std::string> transient = {};  // Seen by the chaincode, never stored.
  bool is_init = false;

  // Of the transaction: then its id is known before, by transaction_id_of() in identity.h. At most
  // 64 bytes, each for one transaction, and not with retries. Empty: chosen for it.
  std::string nonce = {};
};

// Options of a submit.
struct SubmitOptions {
  // How often the service may run the invocation again after an MVCC or phantom conflict, each time
  // as a new transaction.
  std::uint32_t retries = 0;

  // ORDERED: the reply does not wait for the block and so has no outcome; commit_status() has it.
  SubmitRequest::Until until = SubmitRequest::COMMITTED;

  // The MSP ids of the organisations whose peers endorse, on a channel that has a configuration.
  // Empty: all that the service plays.
  std::vector<std::string> endorsing_organizations = {};
};

// Where the failure of a request was detected.
enum class Origin {
  kService,     // The service answered with this error, so the outcome is known.
  kConnection,  // The service could not be reached, or the connection broke.
  kClient,      // This library reached a limit or a deadline.
};

struct Error {
  StatusCode code = OK;
  std::string message;  // For people.
  Origin origin = Origin::kService;

  [[nodiscard]] bool ok() const { return code == OK; }
};

struct Reply {
  std::uint64_t correlation_id = 0;  // 0: the service could not decode one of our requests.
  Error error;                       // ok() if the request succeeded.

  // The service's response, which may also accompany an error: the chaincode's own response, the
  // transaction's id, its validation code. Empty if the service did not respond.
  ClientResponse response;
};

struct Sent {
  std::uint64_t correlation_id = 0;
  Error error;  // If not ok(), nothing was sent and there will be no reply.

  [[nodiscard]] bool ok() const { return error.ok(); }
};

// An application's connection to ccbusd. Many requests can be open; each is completed by exactly
// one Reply, whatever happens to the connection.
//
// It remembers the highest height of each channel that it has seen, and the requests that follow
// wait in the service until the channel is as high there. They wait no longer than their timeout,
// or peer.gateway.waitTimeout, and are then answered DEADLINE_EXCEEDED with the height that there
// is: this becomes what the client remembers. Heights that a channel had before it was reset are
// not waited for; a service that has lost its ledger in a restart does not know them.
//
// It has no thread of its own: it connects, sends and receives inside the calls below. If the
// connection is lost, every request that was sent is completed with UNAVAILABLE, and the next calls
// connect again; no request is ever sent twice.
//
// Thread: any, but only one at a time.
class Client {
 public:
  // Errors: std::invalid_argument for an invalid endpoint.
  explicit Client(Options options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Blocks: never. Without a connection the request waits for one, at most connect_timeout, and
  // then completes with UNAVAILABLE without having been sent. Errors: RESOURCE_EXHAUSTED
  // requests_open_max are open, or the pipe is full: receive first.
  // With a key that the service does not accept it completes with UNAUTHENTICATED, at once.
  //         INVALID_ARGUMENT    larger than request_bytes_max, or a name that is not UTF-8.
  [[nodiscard]] Sent send_submit(const Invocation& invocation, const SubmitOptions& options = {});
  [[nodiscard]] Sent send_evaluate(const Invocation& invocation);
  [[nodiscard]] Sent send_status();
  [[nodiscard]] Sent send_define(const DefineRequest& definition);

  // Sends any request and sets its correlation id.
  [[nodiscard]] Sent send(ClientRequest request);

  // Returns the next reply to any request; nullopt if there was none within `timeout`.
  [[nodiscard]] std::optional<Reply> receive(std::chrono::milliseconds timeout);

  // Keeps the connection alive for `duration`; replies that arrive are kept for receive().
  void idle(std::chrono::milliseconds duration);

  // Ends an open request: it completes with CANCELLED, unless it is answered before. What was
  // ordered stays ordered. Does nothing if no such request is open.
  void cancel(std::uint64_t correlation_id);

  // Sends one request and waits for its reply; replies to other requests are kept for receive().
  // After `timeout` it returns DEADLINE_EXCEEDED, and a late reply is dropped. The service is told
  // the timeout (timeout_ms), and works no longer on it.
  [[nodiscard]] Reply submit(const Invocation& invocation, std::chrono::milliseconds timeout,
                             const SubmitOptions& options = {});
  [[nodiscard]] Reply evaluate(const Invocation& invocation, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply status(std::chrono::milliseconds timeout);
  [[nodiscard]] Reply define(const DefineRequest& definition, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply call(ClientRequest request, std::chrono::milliseconds timeout);

  // Runs a transaction and returns it in Reply::response.endorse().prepared_transaction().
  // submit_prepared() orders it: with the same service, once, within a few minutes.
  [[nodiscard]] Reply endorse(const Invocation& invocation, std::chrono::milliseconds timeout);
  [[nodiscard]] Reply submit_prepared(const common::Envelope& prepared_transaction,
                                      std::chrono::milliseconds timeout,
                                      SubmitRequest::Until until = SubmitRequest::COMMITTED);

  // Returns the outcome of a transaction; waits until a block contains it, for at most `timeout`.
  [[nodiscard]] Reply commit_status(const std::string& channel_id,
                                    const std::string& transaction_id,
                                    std::chrono::milliseconds timeout);
  // The same for a question that is made already, such as a signed one of identity.h.
  [[nodiscard]] Reply commit_status(CommitStatusRequest question,
                                    std::chrono::milliseconds timeout);

  // The number of requests that have no reply yet.
  [[nodiscard]] std::size_t open_requests() const;

 private:
  [[nodiscard]] Reply wait_for(const Sent& sent, std::chrono::milliseconds timeout);

  std::unique_ptr<Requests> requests_;
};

}  // namespace ccbus::client
