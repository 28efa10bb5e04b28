#pragma once

#include "service/chaincode/requests/requests.h"

// One function for each type of request, named after its message. The table in requests.cc calls
// them. Bus thread only.
//
// Errors: Fabric's text, which follows `<TYPE> failed: transaction ID: <txid>: ` in the ERROR.
//
// Source: Fabric's Handle... functions in handler.go at HEAD.
namespace ccbus::chaincode {

// --- handle_state.cc -------------------------------------------------------------------------

// Read and write public state or a collection. Reading an absent key gives an empty payload,
// deleting one succeeds, and writing an empty value deletes the key.
[[nodiscard]] Result<void> handle_get_state(const Request& request);
[[nodiscard]] Result<void> handle_put_state(const Request& request);
[[nodiscard]] Result<void> handle_del_state(const Request& request);
[[nodiscard]] Result<Answer> handle_get_state_multiple(const Request& request);

// Carry out a single write; also used for the records of a batch.
[[nodiscard]] Result<void> put_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key, std::string value);
[[nodiscard]] Result<void> del_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key);

// --- handle_metadata.cc ----------------------------------------------------------------------

// Read all metadata entries of a key, and write the one entry that replaces them all.
[[nodiscard]] Result<void> handle_get_state_metadata(const Request& request);
[[nodiscard]] Result<void> handle_put_state_metadata(const Request& request);

// Carries out a single write. Absent metadata (null), on which Fabric panics, are refused.
[[nodiscard]] Result<void> put_state_metadata(TransactionContext& context,
                                              const std::string& collection, const std::string& key,
                                              const protos::StateMetadata* metadata);

// --- handle_private.cc -----------------------------------------------------------------------

// GET_PRIVATE_DATA_HASH needs no permission to read the collection.
[[nodiscard]] Result<void> handle_get_private_data_hash(const Request& request);
[[nodiscard]] Result<void> handle_purge_private_data(const Request& request);

// Carries out a single purge.
[[nodiscard]] Result<void> purge_private_data(TransactionContext& context,
                                              const std::string& collection,
                                              const std::string& key);

// --- handle_batch.cc -------------------------------------------------------------------------

// Carries out the records in order, each like a single write. It stops at the first one that fails;
// those before it stay written.
[[nodiscard]] Result<void> handle_write_batch_state(const Request& request);

// --- handle_range.cc -------------------------------------------------------------------------

// Reads [start, end), where "" leaves a side open, in batches of `results_per_page`. If the
// metadata name a page size or a bookmark: one page, and the bookmark of the next one.
[[nodiscard]] Result<Answer> handle_get_state_by_range(const Request& request);

// The next batch of a range, a history or a rich query, and its end.
[[nodiscard]] Result<Answer> handle_query_state_next(const Request& request);
[[nodiscard]] Result<void> handle_query_state_close(const Request& request);

// --- handle_query.cc -------------------------------------------------------------------------

// Runs a Mango query on a worker; the results come in batches or as a page, as those of a range.
// The keys that are returned enter the read set, but those of private data do not.
[[nodiscard]] Result<Answer> handle_get_query_result(const Request& request);

// --- handle_history.cc -----------------------------------------------------------------------

// Reads what valid transactions wrote to a key, newest first, on a worker; the results come in
// batches, as those of a range.
[[nodiscard]] Result<Answer> handle_get_history_for_key(const Request& request);

// --- handle_invoke.cc ------------------------------------------------------------------------

// Reads which chaincode is called and with which input. The engine runs the callee like any
// transaction, and the callee's last message becomes the reply. A specification without a chaincode
// or an input, on which Fabric panics, is refused.
[[nodiscard]] Result<Answer> handle_invoke_chaincode(const Request& request);

// The error for an INVOKE_CHAINCODE that belongs to no transaction.
[[nodiscard]] Error refuse_invoke_without_context(const MessageView& message);

}  // namespace ccbus::chaincode
