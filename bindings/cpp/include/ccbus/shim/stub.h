#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/composite_key.h"
#include "ccbus/shim/error.h"
#include "ccbus/shim/history_iterator.h"
#include "ccbus/shim/peer.h"
#include "ccbus/shim/state_iterator.h"
#include "fabric/peer/chaincode_shim.pb.h"

namespace ccbus::shim {

struct Proposal;

// The creator of a transaction.
struct Identity {
  std::string mspid;
  std::string id_bytes;  // Usually a certificate in PEM.
};

struct FunctionCall {
  std::string_view function;  // Empty if the transaction has no arguments.
  std::span<const std::string> parameters;
};

// One running transaction, as its chaincode sees it: Fabric's stub.
//
// Reads return the ledger as it was when the transaction began, never the transaction's own writes.
// Keys are UTF-8; values are bytes.
//
// Thread:   the one that runs the call of the chaincode; on another one every call that waits for
//           the peer throws Error. With Options::worker_threads any, but only one at a time.
// Blocks:   every call that reads or writes state waits for the peer. Only this transaction waits.
// Lifetime: within the call of the chaincode. Views and references become invalid with it.
// Errors:   Error with the peer's text; StreamTerminated if the stream has ended, now and in every
//           later call.
class Stub {
 public:
  // `message` is an INIT or a TRANSACTION. Its whole proposal is decoded before the chaincode runs.
  // Errors: Error, naming what cannot be decoded.
  Stub(Peer& peer, protos::ChaincodeMessage message);
  Stub(const Stub&) = delete;
  Stub& operator=(const Stub&) = delete;
  ~Stub();

  [[nodiscard]] const std::string& tx_id() const { return message_.txid(); }
  [[nodiscard]] const std::string& channel_id() const { return message_.channel_id(); }

  // The arguments. string_args() throws Error if an argument is not UTF-8.
  [[nodiscard]] const std::vector<std::string>& args() const { return args_; }
  [[nodiscard]] const std::vector<std::string>& string_args() const;
  [[nodiscard]] FunctionCall function_and_parameters() const;

  // Returns the value; empty if the key does not exist (the protocol does not distinguish the two).
  [[nodiscard]] std::string get_state(std::string_view key);
  void put_state(std::string_view key, std::string_view value);
  void del_state(std::string_view key);

  // Returns the simple keys from `start` to `end`, excluding `end`; "" means no bound on that side.
  [[nodiscard]] StateIterator get_state_by_range(std::string_view start, std::string_view end);

  // Returns at most `page_size` of them, from `bookmark` on ("" for the first page). As in Fabric,
  // a transaction that uses pages must not write.
  [[nodiscard]] StatePage get_state_by_range_with_pagination(std::string_view start,
                                                             std::string_view end,
                                                             std::int32_t page_size,
                                                             std::string_view bookmark);

  // Returns every composite key that begins with these parts.
  [[nodiscard]] StateIterator get_state_by_partial_composite_key(
      std::string_view object_type, std::span<const std::string> attributes);

  // Returns at most `page_size` of them, from `bookmark` on ("" for the first page). As in Fabric,
  // a transaction that uses pages must not write.
  [[nodiscard]] StatePage get_state_by_partial_composite_key_with_pagination(
      std::string_view object_type, std::span<const std::string> attributes, std::int32_t page_size,
      std::string_view bookmark);

  // Returns the values of several keys, by position; empty for keys that do not exist. Needs one
  // round trip for as many keys as the peer accepts in one request; one for each key if the peer
  // does not offer such requests.
  [[nodiscard]] std::vector<std::string> get_multiple_states(std::span<const std::string> keys);

  // Returns the documents that a Mango query selects: CouchDB's JSON with selector, fields, sort,
  // use_index. The returned documents are in the read set; a document that begins to match later
  // causes no conflict.
  [[nodiscard]] StateIterator get_query_result(std::string_view query);
  [[nodiscard]] StatePage get_query_result_with_pagination(std::string_view query,
                                                           std::int32_t page_size,
                                                           std::string_view bookmark);

  // Returns the changes of a key, newest first.
  [[nodiscard]] HistoryIterator get_history_for_key(std::string_view key);

  // Returns the key's own endorsement policy, an encoded SignaturePolicyEnvelope; empty if it has
  // none.
  [[nodiscard]] std::string get_state_validation_parameter(std::string_view key);
  void set_state_validation_parameter(std::string_view key, std::string_view policy);

  // --- Private data, in a collection of the chaincode's definition ------------------------------
  // The block contains only the hashes. A transaction that uses ranges or queries of private data
  // must not write.

  [[nodiscard]] std::string get_private_data(std::string_view collection, std::string_view key);
  [[nodiscard]] std::vector<std::string> get_multiple_private_data(
      std::string_view collection, std::span<const std::string> keys);
  // Returns the SHA-256 of the value, even if the value itself may not be read; empty if the key
  // does not exist.
  [[nodiscard]] std::string get_private_data_hash(std::string_view collection,
                                                  std::string_view key);
  void put_private_data(std::string_view collection, std::string_view key, std::string_view value);
  void del_private_data(std::string_view collection, std::string_view key);
  // Deletes the key together with all its earlier values.
  void purge_private_data(std::string_view collection, std::string_view key);
  [[nodiscard]] StateIterator get_private_data_by_range(std::string_view collection,
                                                        std::string_view start,
                                                        std::string_view end);
  [[nodiscard]] StateIterator get_private_data_by_partial_composite_key(
      std::string_view collection, std::string_view object_type,
      std::span<const std::string> attributes);
  [[nodiscard]] StateIterator get_private_data_query_result(std::string_view collection,
                                                            std::string_view query);
  [[nodiscard]] std::string get_private_data_validation_parameter(std::string_view collection,
                                                                  std::string_view key);
  void set_private_data_validation_parameter(std::string_view collection, std::string_view key,
                                             std::string_view policy);

  // --- Batches and calls -------------------------------------------------------------------------

  // From here on writes are collected and sent together, in order, by finish_write_batch() or at
  // the end of the call, which then also reports their errors. Has no effect if the peer does not
  // offer batches.
  void start_write_batch();
  void finish_write_batch();

  // Runs another chaincode and returns its response, whatever its status; a failure is returned as
  // status 500 with its text. On the same channel (also if `channel` is empty) it takes part in
  // this transaction; on another channel it can only read.
  [[nodiscard]] Response invoke_chaincode(std::string_view name, std::span<const std::string> args,
                                          std::string_view channel = {});

  // From the proposal. A transaction without a proposal has no transient data, an empty creator and
  // no signed proposal (nullptr); the other functions then throw Error.
  [[nodiscard]] const std::map<std::string, std::string>& get_transient() const;
  [[nodiscard]] const std::string& get_creator() const;  // The encoded identity.
  [[nodiscard]] Identity get_creator_identity() const;
  [[nodiscard]] std::chrono::sys_time<std::chrono::nanoseconds> get_tx_timestamp() const;
  [[nodiscard]] const protos::SignedProposal* get_signed_proposal() const;
  [[nodiscard]] std::string get_binding() const;  // 32 bytes: SHA-256(nonce, creator, epoch).

  // Sets the transaction's event; a later call replaces it. `name` must not be empty.
  void set_event(std::string_view name, std::string_view payload);

  // Returns the event that was set, or nullptr; it is sent with the response.
  [[nodiscard]] const protos::ChaincodeEvent* event() const { return event_ ? &*event_ : nullptr; }

 private:
  [[nodiscard]] std::string get(std::string_view collection, std::string_view key,
                                protos::ChaincodeMessage::Type type);
  [[nodiscard]] std::vector<std::string> get_multiple(std::string_view collection,
                                                      std::span<const std::string> keys);
  [[nodiscard]] protos::QueryResponse query(protos::ChaincodeMessage::Type type,
                                            const google::protobuf::MessageLite& request);
  [[nodiscard]] StatePage page(protos::QueryResponse response);
  [[nodiscard]] std::string validation_parameter(std::string_view collection, std::string_view key);
  void set_validation_parameter(std::string_view collection, std::string_view key,
                                std::string_view policy);
  void write(protos::WriteRecord record);
  [[nodiscard]] const Proposal& proposal() const;

  Peer& peer_;
  protos::ChaincodeMessage message_;
  std::vector<std::string> args_;
  std::unique_ptr<Proposal> proposal_;  // nullptr: the transaction has none.
  std::optional<protos::ChaincodeEvent> event_;
  std::optional<std::vector<protos::WriteRecord>> batch_;  // While one is open.
};

}  // namespace ccbus::shim
