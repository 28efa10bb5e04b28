#pragma once

#include <string>
#include <vector>

#include "service/ledger/query/mango/index_key.h"
#include "service/ledger/query/mango/query.h"

namespace ccbus::ledger::mango {

// How a query is answered.
struct Plan {
  const Index* index = nullptr;  // Null: every document is looked at.

  // Of the sort keys in the index, or of the keys without one: from `start` up to and without
  // `end`; an empty bound is open. Documents that match are all within; others may be.
  std::string start;
  std::string end;

  bool is_sorted = true;    // What comes out is in the order that was asked for.
  bool is_reverse = false;  // If the index is walked from its end.
  std::string advice;       // An index that would have served, or why use_index did not.
};

// Picks from the indexes that are complete. They have to outlive the plan.
[[nodiscard]] Plan make_plan(const Query& query, const std::vector<Index>& indexes);

}  // namespace ccbus::ledger::mango
