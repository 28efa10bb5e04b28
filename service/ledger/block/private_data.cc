#include "service/ledger/block/private_data.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fabric/ledger/rwset.pb.h"
#include "service/base/hex.h"
#include "service/base/parse_message.h"
#include "service/ledger/block/sha256.h"

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

unexpected<Error> misfit(const std::string& ns, const std::string& name, const std::string& why) {
  return fail(ErrorCode::kInvalid,
              "private data of collection '" + name + "' of chaincode '" + ns + "': " + why);
}

}  // namespace

Result<std::vector<SuppliedCollection>> match_private_data(const TxRwset& rwset,
                                                           std::string_view private_data) {
  rwset::TxPvtReadWriteSet supplied;
  if (!parse(supplied, private_data)) {
    return fail(ErrorCode::kInvalid, "private data that cannot be decoded: " +
                                         std::to_string(private_data.size()) + " bytes");
  }
  std::vector<SuppliedCollection> matched;
  std::set<std::pair<std::string, std::string>> seen;
  for (const rwset::NsPvtReadWriteSet& ns : supplied.ns_pvt_rwset()) {
    for (const rwset::CollectionPvtReadWriteSet& set : ns.collection_pvt_rwset()) {
      const std::string& name = set.collection_name();
      const HashedCollection* hashed = find(rwset, ns.namespace_(), name);
      if (hashed == nullptr || hashed->private_rwset_hash.empty()) {
        return misfit(ns.namespace_(), name, "the transaction wrote nothing there");
      }
      if (!seen.emplace(ns.namespace_(), name).second) {
        return misfit(ns.namespace_(), name, "it is supplied twice");
      }
      const std::string hash = sha256({set.rwset()});
      if (hash != hashed->private_rwset_hash) {
        return misfit(ns.namespace_(), name,
                      "its hash is " + to_hex(hash) + ", and the transaction has " +
                          to_hex(hashed->private_rwset_hash));
      }
      SuppliedCollection& out = matched.emplace_back();
      out.ns = ns.namespace_();
      out.name = name;
      if (!out.writes.ParseFromString(set.rwset())) {
        return misfit(ns.namespace_(), name, "it cannot be decoded");
      }
    }
  }
  return matched;
}

}  // namespace ccbus::ledger
