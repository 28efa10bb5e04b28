#include "service/ledger/block/private_data.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "fabric/ledger/rwset.pb.h"
#include "service/base/hex.h"
#include "service/base/parse_message.h"
#include "service/base/sha256.h"

namespace ccbus::ledger {
namespace {

const HashedCollection* find(const TxRwset& rwset, const std::string& ns, const std::string& name) {
  const auto set = std::find_if(rwset.begin(), rwset.end(),
                                [&](const NamespaceRwset& one) { return one.ns == ns; });
  if (set == rwset.end()) return nullptr;
  const auto found = std::find_if(set->collections.begin(), set->collections.end(),
                                  [&](const HashedCollection& one) { return one.name == name; });
  return found == set->collections.end() ? nullptr : &*found;
}

// Why the writes of this collection do not count; nullopt if they do and are in `writes`.
std::optional<std::string> find_fault(const HashedCollection* hashed,
                                      const rwset::CollectionPvtReadWriteSet& supplied,
                                      kvrwset::KVRWSet& writes) {
  if (hashed == nullptr || hashed->private_rwset_hash.empty()) {
    return "the transaction wrote nothing there";
  }
  const std::string hash = sha256({supplied.rwset()});
  if (hash != hashed->private_rwset_hash) {
    return "its hash is " + to_hex(hash) + ", and the transaction has " +
           to_hex(hashed->private_rwset_hash);
  }
  if (!parse(writes, supplied.rwset())) return "it cannot be decoded";
  return std::nullopt;
}

}  // namespace

SuppliedPrivateData match_private_data(const TxRwset& rwset, std::string_view private_data) {
  SuppliedPrivateData matched;
  rwset::TxPvtReadWriteSet supplied;
  if (!parse(supplied, private_data)) {
    matched.fault =
        "private data that cannot be decoded: " + std::to_string(private_data.size()) + " bytes";
    return matched;
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (const rwset::NsPvtReadWriteSet& ns : supplied.ns_pvt_rwset()) {
    for (const rwset::CollectionPvtReadWriteSet& set : ns.collection_pvt_rwset()) {
      SuppliedCollection one{ns.namespace_(), set.collection_name(), {}};
      auto fault = find_fault(find(rwset, one.ns, one.name), set, one.writes);
      if (!fault && !seen.emplace(one.ns, one.name).second) fault = "it is supplied twice";
      if (!fault) {
        matched.collections.push_back(std::move(one));
      } else if (matched.fault.empty()) {
        matched.fault = "private data of collection '" + one.name + "' of chaincode '" + one.ns +
                        "': " + *fault;
      }
    }
  }
  return matched;
}

}  // namespace ccbus::ledger
