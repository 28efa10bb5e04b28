#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/index_store.h"
#include "service/ledger/query/mango/index_key.h"
#include "service/ledger/state/state_view.h"
#include "service/ledger/validate/block_updates.h"

namespace ccbus::ledger {

// What one call of build() did.
struct IndexBuild {
  std::string index;            // "<namespace>/<design document>/<name>"; empty: nothing to build.
  std::uint64_t documents = 0;  // Of this index, since the service started.
  bool is_complete = false;     // This index is done; views that are taken now see it.
  bool has_more = false;        // There is more to build, of this index or another.
};

// Keeps the indexes of a channel up to date. The definitions in `_lifecycle` say which there are.
// The changes of a block go into the block's own batch, so that an index and its documents never
// differ; a new index is built in slices between blocks.
//
// Thread: the committer's.
class IndexMaintenance {
 public:
  // Deletes indexes that no definition names any more and begins new ones. Errors: kIo, kCorrupt.
  [[nodiscard]] static Result<IndexMaintenance> open(std::shared_ptr<Store> store,
                                                     const StateView& committed);

  // Adds to `batch` what a block's updates change in the indexes. `committed` is the state below
  // the block. Costs nothing for a namespace without indexes. After an error, or if the batch is
  // not written, this object no longer matches the disk.
  // Errors: those of the view.
  [[nodiscard]] Result<void> add_block(rocksdb::WriteBatch& batch, const BlockUpdates& updates,
                                       const StateView& committed);

  // Adds the next documents, at most `documents_max`, to an index that is not complete.
  // Blocks: on disk reads; nothing is synced. What a loss of power undoes is built again.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] Result<IndexBuild> build(std::size_t documents_max, const StateView& committed);

  [[nodiscard]] bool has_work() const;

 private:
  struct Maintained {
    mango::Index index;
    IndexProgress progress;
    std::uint64_t documents = 0;
  };
  using Namespace = std::vector<Maintained>;
  using Wanted = std::map<std::string, std::vector<mango::Index>>;  // By namespace.

  explicit IndexMaintenance(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  static void add_wanted(const std::string& chaincode, const std::string& definition,
                         Wanted& wanted);
  void redefine(rocksdb::WriteBatch& batch, const std::string& chaincode, const Wanted& wanted);
  void settle(rocksdb::WriteBatch& batch, const std::string& ns,
              const std::vector<mango::Index>& wanted);
  [[nodiscard]] Result<void> add_keys(rocksdb::WriteBatch& batch, const std::string& ns,
                                      const BlockUpdates::Keys& keys, const Namespace& indexes,
                                      const StateView& committed) const;

  std::shared_ptr<Store> store_;
  std::map<std::string, Namespace, std::less<>> namespaces_;
};

}  // namespace ccbus::ledger
