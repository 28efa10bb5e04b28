#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

struct RichQueryRequest {
  std::string ns;          // Of the view: a chaincode's, or the private values of a collection.
  std::string query;       // JSON: {"selector": ..., "fields": ..., "sort": ..., ...}
  bool paginated = false;  // Then page_size and bookmark count, in place of the query's own.
  std::uint32_t page_size = 0;  // 0: no cap.
  std::string bookmark;
  std::vector<ccbus::IndexConfig> indexes;  // Those that the definition has for this namespace.
};

// What a query that runs and whoever waits for it tell each other. Any thread.
struct QueryProgress {
  std::atomic<bool> cancelled = false;
  std::atomic<std::uint64_t> documents = 0;  // Looked at so far.
};

// One Mango query under way on one view: CouchDB's /db/_find as Fabric uses it.
//
// Thread:   one at a time, any; a query worker as a rule, since it may look at every document.
// Lifetime: keeps the view.
class RichQuery {
 public:
  struct Found {
    std::string key;
    std::string value;  // The document as stored, or the JSON of the fields that were asked for.
    Version version;
  };

  // Parses the query and picks an index.
  // Errors: kInvalid naming the operator or field and what is wrong with it, in CouchDB's words
  //         where it has some; kIo, kCorrupt.
  [[nodiscard]] static Result<std::unique_ptr<RichQuery>> open(
      std::shared_ptr<const StateView> view, RichQueryRequest request);
  virtual ~RichQuery() = default;

  // The next results, at most `count_max`; fewer only at the end.
  // Counts the documents in `progress`, and looks at `cancelled` every few of them.
  // Errors: kDeadline once cancelled; kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::vector<Found>> fetch(std::size_t count_max,
                                                         QueryProgress& progress) = 0;

  // Where the next page goes on, for RichQueryRequest::bookmark; after the last fetch.
  [[nodiscard]] virtual std::string bookmark() const = 0;

  // For the log: the index in use, or which one would have served; and how much was looked at.
  struct Report {
    std::string index;   // "<design document>/<name>"; empty: every document was looked at.
    std::string advice;  // An index definition that would have served; empty with an index.
    std::uint64_t documents_examined = 0;
  };
  [[nodiscard]] virtual Report report() const = 0;
};

}  // namespace ccbus::ledger
