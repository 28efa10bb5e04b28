#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/mango/index_key.h"
#include "service/ledger/query/mango/query.h"

namespace ccbus::ledger::mango {

// How a query is answered.
struct Plan {
  const Index* index = nullptr;  // Null: every document is examined.

  // A range of the sort keys in the index, or of the keys without an index: from `start` to `end`,
  // which is not included; an empty bound is open. All matching documents are in it; others may be.
  std::string start;
  std::string end;

  bool is_sorted = true;    // The results come in the requested order.
  bool is_reverse = false;  // The index is walked from its end.
  // Without an index, what a document has to match besides. Null: nothing.
  std::shared_ptr<const Selector> filter;
  std::string advice;  // A useful index, or why use_index does not help.
};

// Chooses from `indexes`, which outlive the plan, as CouchDB does (mango_idx*.erl,
// mango_cursor*.erl): an index serves if the selector or the sort asks for all its fields and it
// has the order of the sort; the one with the most fields bound by the selector is taken. CouchDB
// waits for an index that is being built; here its query examines all documents and sorts in
// memory. Errors: kInvalid in CouchDB's words: no index has the fields of the sort in its order, or
// none may
//         be used because the query forbids to fall back.
[[nodiscard]] Result<Plan> make_plan(const Query& query, const std::vector<Index>& indexes);

// The plan with this index, for a page that goes on with it; nullopt if it does not serve.
[[nodiscard]] std::optional<Plan> plan_with(const Query& query, const Index& index);

// The plan without an index.
[[nodiscard]] Plan scan_plan(const Query& query);

}  // namespace ccbus::ledger::mango
