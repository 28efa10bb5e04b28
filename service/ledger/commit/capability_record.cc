#include "service/ledger/commit/capability_record.h"

#include <utility>
#include <vector>

#include "service/base/fixed_int.h"

namespace ccbus::ledger {
namespace {

using Number = std::uint32_t;

constexpr std::size_t kEntryBytes = sizeof(Number) + sizeof(std::uint64_t);

unexpected<Error> damaged() {
  return fail(ErrorCode::kCorrupt, "the recorded capabilities of the ledger are damaged");
}

}  // namespace

std::string encode_capabilities(const Capabilities& capabilities) {
  std::string bytes;
  for (const Capabilities::Since& since : capabilities.since()) {
    append_fixed(bytes, static_cast<Number>(since.capability));
    append_fixed(bytes, since.block);
  }
  return bytes;
}

Result<Capabilities> decode_capabilities(const std::optional<std::string>& stored) {
  if (!stored) return Capabilities();
  if (stored->empty() || stored->size() % kEntryBytes != 0) return damaged();
  std::vector<Capabilities::Since> all;
  Number last = static_cast<Number>(Capability::kNone);
  for (std::string_view rest = *stored; !rest.empty(); rest.remove_prefix(kEntryBytes)) {
    const auto number = read_fixed<Number>(rest);
    const auto block = read_fixed<std::uint64_t>(rest.substr(sizeof(Number)));
    const bool is_in_order = number > last && (all.empty() || all.back().block <= block);
    if (!is_in_order) return damaged();
    last = number;
    all.push_back({static_cast<Capability>(number), block});
  }
  constexpr auto kKnown = static_cast<Number>(kNewestCapability);
  if (last > kKnown) {
    return fail(ErrorCode::kInvalid,
                "the ledger has capability " + std::to_string(last) +
                    ", and this version knows none above " + std::to_string(kKnown) +
                    ": open it with the version that wrote it, or a later one");
  }
  return Capabilities(std::move(all));
}

Result<Capabilities> bring_up_to_date(Store& store, std::uint64_t height) {
  auto stored = store.get(Family::kMeta, kCapabilitiesKey);
  if (!stored) return unexpected(stored.error());
  auto capabilities = decode_capabilities(*stored);
  if (!capabilities || capabilities->newest() == kNewestCapability) return capabilities;
  std::vector<Capabilities::Since> since = capabilities->since();
  since.push_back({kNewestCapability, height});
  Capabilities raised(std::move(since));
  rocksdb::WriteBatch batch;
  batch.Put(store.family(Family::kMeta), slice(kCapabilitiesKey), encode_capabilities(raised));
  if (auto written = store.write_synced(batch); !written) return unexpected(written.error());
  return raised;
}

}  // namespace ccbus::ledger
