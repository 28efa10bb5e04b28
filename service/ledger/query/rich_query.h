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
  bool paginated = false;  // Then page_size counts, and a bookmark replaces the query's own.
  std::uint32_t page_size = 0;  // 0: no cap.
  std::string bookmark;
  std::vector<ccbus::IndexConfig> indexes;  // Those of the definition for this namespace.
};

// Shared by a running query and the thread that waits for it. Any thread.
struct QueryProgress {
  std::atomic<bool> cancelled = false;
  std::atomic<std::uint64_t> documents = 0;  // Looked at so far.
};

// A Mango query that runs on one view: CouchDB's /db/_find as Fabric uses it.
//
// Thread:   one at a time; usually a query worker, because the query may examine every document.
// Lifetime: holds the view.
class RichQuery {
 public:
  struct Found {
    std::string key;
    // The stored document, or JSON of the requested fields. Where it is no Unicode, the document is
    // encoded anew with U+FFFD there, as queries see it.
    std::string value;
    Version version;
  };

  // Parses the query and picks an index.
  // Errors: kInvalid with the operator or field and its fault, in CouchDB's words where CouchDB has
  //         an error for it; kIo, kCorrupt.
  [[nodiscard]] static Result<std::unique_ptr<RichQuery>> open(
      std::shared_ptr<const StateView> view, RichQueryRequest request);
  virtual ~RichQuery() = default;

  // The next results, at most `count_max`; fewer only at the end. Counts the documents in
  // `progress`, and checks `cancelled` every few of them.
  // Errors: kDeadline once cancelled; kIo, kCorrupt.
  [[nodiscard]] virtual Result<std::vector<Found>> fetch(std::size_t count_max,
                                                         QueryProgress& progress) = 0;

  // Where the next page starts, for RichQueryRequest::bookmark. To be called after the last
  // fetch().
  [[nodiscard]] virtual std::string bookmark() const = 0;

  // For the log: the index in use, or a useful one, and the number of documents examined.
  struct Report {
    std::string index;   // "<design document>/<name>"; empty: every document was examined.
    std::string advice;  // A definition of a useful index; empty if one is in use.
    std::uint64_t documents_examined = 0;
  };
  [[nodiscard]] virtual Report report() const = 0;
};

}  // namespace ccbus::ledger
