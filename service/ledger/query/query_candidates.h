#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "service/base/result.h"
#include "service/ledger/query/mango/bookmark.h"
#include "service/ledger/query/mango/plan.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// A document that may match. The views are valid until the next call.
struct Candidate {
  std::string_view sort_key;  // In the index; empty without one.
  std::string_view key;
  std::string_view value;
  Version version;
};

// Walks the documents that a plan has to examine, in the plan's order.
//
// Thread:   one at a time.
// Lifetime: must not outlive the view.
class Candidates {
 public:
  virtual ~Candidates() = default;

  // Errors: those of the view.
  [[nodiscard]] virtual Result<std::optional<Candidate>> next() = 0;
};

// `after` is where the previous page ended, with the same plan.
[[nodiscard]] Result<std::unique_ptr<Candidates>> open_candidates(
    const StateView& view, std::string_view ns, const mango::Plan& plan,
    const std::optional<mango::Bookmark>& after);

}  // namespace ccbus::ledger
