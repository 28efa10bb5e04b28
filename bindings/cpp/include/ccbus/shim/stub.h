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

// Who sent the transaction.
struct Identity {
  std::string mspid;
  std::string id_bytes;  // A certificate in PEM, as a rule.
};

struct FunctionCall {
  std::string_view function;  // Empty where the transaction has no arguments.
  std::span<const std::string> parameters;
};

// One running transaction, as its chaincode sees it: Fabric's stub.
//
// Reads show the ledger as it was when the transaction began, never what the transaction itself
// has written. Keys are UTF-8; values are bytes.
//
// Thread:   one at a time. Every call that names state waits for the peer.
// Lifetime: within the call of the chaincode. Views and references end with it.
// Errors:   Error with the peer's text; StreamTerminated where the stream has gone.
class Stub {
 public:
  // `message` is an INIT or a TRANSACTION. Its proposal is checked whole, before any code of the
  // author's runs. Errors: Error that says what cannot be decoded.
  Stub(Peer& peer, protos::ChaincodeMessage message);
  Stub(const Stub&) = delete;
  Stub& operator=(const Stub&) = delete;
  ~Stub();

  [[nodiscard]] const std::string& tx_id() const { return message_.txid(); }
  [[nodiscard]] const std::string& channel_id() const { return message_.channel_id(); }

  // What was invoked. string_args() refuses arguments that are not UTF-8.
  [[nodiscard]] const std::vector<std::string>& args() const { return args_; }
  [[nodiscard]] const std::vector<std::string>& string_args() const;
  [[nodiscard]] FunctionCall function_and_parameters() const;

  // The value; empty where the key is absent, for the wire does not tell the two apart.
  [[nodiscard]] std::string get_state(std::string_view key);
  void put_state(std::string_view key, std::string_view value);
  void del_state(std::string_view key);

  // Simple keys from `start` up to, not including, `end`; "" leaves that side open.
  [[nodiscard]] StateIterator get_state_by_range(std::string_view start, std::string_view end);

  // At most `page_size` of them, from `bookmark` on ("" for the first page). Fabric's rule: such a
  // transaction may only read.
  [[nodiscard]] StatePage get_state_by_range_with_pagination(std::string_view start,
                                                             std::string_view end,
                                                             std::int32_t page_size,
                                                             std::string_view bookmark);

  // Every composite key that begins with these parts.
  [[nodiscard]] StateIterator get_state_by_partial_composite_key(
      std::string_view object_type, std::span<const std::string> attributes);

  // Several keys at once; values by position, empty where absent. One round trip for as many keys
  // as the peer takes at once, or for each of them where it does not offer that.
  [[nodiscard]] std::vector<std::string> get_multiple_states(std::span<const std::string> keys);

  // The documents that a Mango query selects: CouchDB's JSON with selector, fields, sort,
  // use_index. What is found is in the read set; what is not found has no protection.
  [[nodiscard]] StateIterator get_query_result(std::string_view query);
  [[nodiscard]] StatePage get_query_result_with_pagination(std::string_view query,
                                                           std::int32_t page_size,
                                                           std::string_view bookmark);

  // What a key was, newest first.
  [[nodiscard]] HistoryIterator get_history_for_key(std::string_view key);

  // The key's own endorsement policy, an encoded SignaturePolicyEnvelope; empty where it has none.
  [[nodiscard]] std::string get_state_validation_parameter(std::string_view key);
  void set_state_validation_parameter(std::string_view key, std::string_view policy);

  // --- Private data, in a collection of the chaincode's definition ------------------------------
  // Only the hash goes into the block. Ranges and queries are for transactions that only read.

  [[nodiscard]] std::string get_private_data(std::string_view collection, std::string_view key);
  [[nodiscard]] std::vector<std::string> get_multiple_private_data(
      std::string_view collection, std::span<const std::string> keys);
  // SHA-256 of the value, also for who may not read it; empty where the key is absent.
  [[nodiscard]] std::string get_private_data_hash(std::string_view collection,
                                                  std::string_view key);
  void put_private_data(std::string_view collection, std::string_view key, std::string_view value);
  void del_private_data(std::string_view collection, std::string_view key);
  // Deletes it together with every older value, wherever it is kept.
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

  // From here on writes are kept and sent together, in order, by finish_write_batch() or at the
  // end of the call; their refusal comes then. Where the peer does not offer that, nothing changes.
  void start_write_batch();
  void finish_write_batch();

  // Runs another chaincode and returns its answer, whatever its status; its failure is status 500
  // with its text. On this channel (empty) it takes part in this transaction, on another it only
  // reads.
  [[nodiscard]] Response invoke_chaincode(std::string_view name, std::span<const std::string> args,
                                          std::string_view channel = {});

  // From the proposal. A transaction without one has no transient data, an empty creator and no
  // signed proposal (null); what else is asked of it is an Error.
  [[nodiscard]] const std::map<std::string, std::string>& get_transient() const;
  [[nodiscard]] const std::string& get_creator() const;  // The encoded identity.
  [[nodiscard]] Identity get_creator_identity() const;
  [[nodiscard]] std::chrono::sys_time<std::chrono::nanoseconds> get_tx_timestamp() const;
  [[nodiscard]] const protos::SignedProposal* get_signed_proposal() const;
  [[nodiscard]] std::string get_binding() const;  // 32 bytes: SHA-256(nonce, creator, epoch).

  // The transaction's one event; a later call replaces it. `name` must not be empty.
  void set_event(std::string_view name, std::string_view payload);

  // The event that was set, or null: for whoever sends the answer.
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
  std::unique_ptr<Proposal> proposal_;  // Null: the transaction came without one.
  std::optional<protos::ChaincodeEvent> event_;
  std::optional<std::vector<protos::WriteRecord>> batch_;  // While one is open.
};

}  // namespace ccbus::shim
