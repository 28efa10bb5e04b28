#pragma once

#include "service/chaincode/requests/requests.h"

// One function for each kind of request, named after its message; requests.cc has the table that
// leads to them. Bus thread only.
//
// Errors: the text that follows `<TYPE> failed: transaction ID: <txid>: ` in the ERROR; Fabric's.
//
// Source: Fabric's Handle... functions in handler.go at HEAD.
namespace ccbus::chaincode {

// --- handle_state.cc -------------------------------------------------------------------------

// Of public state or of a collection. An absent key reads as an empty payload; deleting one
// succeeds; writing a value of no bytes deletes.
[[nodiscard]] Result<void> handle_get_state(const Request& request);
[[nodiscard]] Result<void> handle_put_state(const Request& request);
[[nodiscard]] Result<void> handle_del_state(const Request& request);
[[nodiscard]] Result<void> handle_get_state_multiple(const Request& request);

// The rules of a single write, also for the records of a batch.
[[nodiscard]] Result<void> put_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key, std::string value);
[[nodiscard]] Result<void> del_state(TransactionContext& context, const std::string& collection,
                                     const std::string& key);

// --- handle_metadata.cc ----------------------------------------------------------------------

// All metadata entries of a key, and the one entry that replaces them all.
[[nodiscard]] Result<void> handle_get_state_metadata(const Request& request);
[[nodiscard]] Result<void> handle_put_state_metadata(const Request& request);

// The rule of the single write. Absent metadata (null), on which upstream panics, are refused.
[[nodiscard]] Result<void> put_state_metadata(TransactionContext& context,
                                              const std::string& collection, const std::string& key,
                                              const protos::StateMetadata* metadata);

// --- handle_private.cc -----------------------------------------------------------------------

// GET_PRIVATE_DATA_HASH needs no permission to read the collection.
[[nodiscard]] Result<void> handle_get_private_data_hash(const Request& request);
[[nodiscard]] Result<void> handle_purge_private_data(const Request& request);

// The rule of the single purge.
[[nodiscard]] Result<void> purge_private_data(TransactionContext& context,
                                              const std::string& collection,
                                              const std::string& key);

// --- handle_batch.cc -------------------------------------------------------------------------

// The records in order, each by the rules of its single write. The first that fails ends it; those
// before it stay written.
[[nodiscard]] Result<void> handle_write_batch_state(const Request& request);

// --- handle_range.cc -------------------------------------------------------------------------

// [start, end), where "" leaves a side open, in batches of `results_per_page`. With metadata that
// name a page size or a bookmark: one page, and the bookmark to go on from.
[[nodiscard]] Result<Answer> handle_get_state_by_range(const Request& request);

// Of ranges, histories and rich queries.
[[nodiscard]] Result<Answer> handle_query_state_next(const Request& request);
[[nodiscard]] Result<void> handle_query_state_close(const Request& request);

// --- handle_query.cc -------------------------------------------------------------------------

// A Mango selector, answered by a worker, in batches or pages as a range. Every key that is handed
// out joins the read set; those of private data do not.
[[nodiscard]] Result<Answer> handle_get_query_result(const Request& request);

// --- handle_history.cc -----------------------------------------------------------------------

// What valid transactions wrote to a key, newest first, answered by a worker, in batches as a
// range.
[[nodiscard]] Result<Answer> handle_get_history_for_key(const Request& request);

// --- handle_invoke.cc ------------------------------------------------------------------------

// Which chaincode is to run, with what. The engine runs it as it would run any transaction, and
// what the callee finally sends becomes the reply. A specification without a chaincode or an input,
// on which upstream panics, is refused.
[[nodiscard]] Result<Answer> handle_invoke_chaincode(const Request& request);

// Why an INVOKE_CHAINCODE that belongs to no transaction is refused.
[[nodiscard]] Error refuse_invoke_without_context(const MessageView& message);

}  // namespace ccbus::chaincode
