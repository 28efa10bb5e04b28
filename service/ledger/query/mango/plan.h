#pragma once

#include <string>
#include <vector>

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
  std::string advice;       // A useful index, or why use_index does not help.
};

// Chooses from `indexes`, which are complete and outlive the plan.
[[nodiscard]] Plan make_plan(const Query& query, const std::vector<Index>& indexes);

}  // namespace ccbus::ledger::mango
