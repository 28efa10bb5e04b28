#include "service/ordering/log/entry_bytes.h"

#include <type_traits>
#include <utility>

#include "ccbus/log.pb.h"
#include "service/base/hex.h"

namespace ccbus::ordering {
namespace {

constexpr std::string_view kMagic = "ccbuslog";
constexpr std::string_view kReplaceIt =
    ": replace this program by the version of the replica that has written the entry";

tl::unexpected<Error> stop(std::string why) {
  return fail(ErrorCode::kPrecondition, "an entry of the log " + std::move(why));
}

tl::unexpected<Error> stop_at(std::string_view what, std::uint32_t value, std::uint32_t known) {
  return stop("has " + std::string(what) + " " + std::to_string(value) +
              ", and the newest that is " + "known here is " + std::to_string(known) +
              std::string(kReplaceIt));
}

void put(LogEntry& entry, Bundle bundle) {
  for (OrderedEnvelope& each : bundle.envelopes) {
    auto& envelope = *entry.mutable_bundle()->add_envelopes();
    envelope.set_tx_id(std::move(each.tx_id.value));
    envelope.set_envelope(std::move(each.bytes));
    envelope.set_private_data(std::move(each.private_data));
  }
}
void put(LogEntry& entry, Join join) {
  entry.mutable_join()->set_nonce(std::move(join.nonce));
  entry.mutable_join()->set_previous_epoch(join.previous_epoch);
  for (std::string& each : join.addresses) entry.mutable_join()->add_addresses(std::move(each));
}
void put(LogEntry& entry, Leave) {
  entry.mutable_leave();
}
void put(LogEntry& entry, LowWater low_water) {
  entry.mutable_low_water()->set_position(low_water.position);
}
void put(LogEntry& entry, Checkpoint checkpoint) {
  entry.mutable_checkpoint()->set_height(checkpoint.height);
  entry.mutable_checkpoint()->set_chain_hash(std::move(checkpoint.chain_hash));
  entry.mutable_checkpoint()->set_state_hash(std::move(checkpoint.state_hash));
}
void put(LogEntry& entry, Barrier) {
  entry.mutable_barrier();
}
void put(LogEntry& entry, Genesis genesis) {
  entry.mutable_genesis()->set_height(genesis.start.height);
  entry.mutable_genesis()->set_chain_hash(std::move(genesis.start.chain_hash));
  entry.mutable_genesis()->set_state_hash(std::move(genesis.start.state_hash));
}

Bundle take(LogEntry::Bundle& bundle) {
  Bundle taken;
  taken.envelopes.reserve(static_cast<std::size_t>(bundle.envelopes_size()));
  for (auto& each : *bundle.mutable_envelopes()) {
    taken.envelopes.push_back({TxId{std::move(*each.mutable_tx_id())},
                               std::move(*each.mutable_envelope()),
                               std::move(*each.mutable_private_data())});
  }
  return taken;
}
Join take(LogEntry::Join& join) {
  return {std::move(*join.mutable_nonce()),
          {join.addresses().begin(), join.addresses().end()},
          join.previous_epoch()};
}
template <class Message>  // A Checkpoint, or a Genesis.
Checkpoint take_checkpoint(Message& message) {
  return {message.height(), std::move(*message.mutable_chain_hash()),
          std::move(*message.mutable_state_hash())};
}

Result<decltype(Entry::content)> content_of(LogEntry& entry) {
  switch (entry.entry_case()) {
    case LogEntry::kBundle:
      if (entry.bundle().envelopes().empty()) break;
      return take(*entry.mutable_bundle());
    case LogEntry::kJoin: return take(*entry.mutable_join());
    case LogEntry::kLeave: return Leave{};
    case LogEntry::kLowWater: return LowWater{entry.low_water().position()};
    case LogEntry::kCheckpoint: return take_checkpoint(*entry.mutable_checkpoint());
    case LogEntry::kBarrier: return Barrier{};
    case LogEntry::kGenesis:
      return Genesis{entry.generation(), take_checkpoint(*entry.mutable_genesis())};
    case LogEntry::ENTRY_NOT_SET:
      return stop("is of a kind that is not known here" + std::string(kReplaceIt));
  }
  return fail(ErrorCode::kCorrupt, "an entry of the log is a bundle without transactions");
}

}  // namespace

std::string encode_entry(Entry entry, const LogIdentity& log) {
  LogEntry encoded;
  encoded.set_format(kEntryFormat);
  encoded.set_channel_id(log.channel.value);
  encoded.set_generation(log.generation);
  encoded.set_replica(std::move(entry.id.replica));
  encoded.set_epoch(entry.id.epoch);
  encoded.set_sequence(entry.id.sequence);
  encoded.set_capability(kEntryCapability);
  if (const auto* genesis = std::get_if<Genesis>(&entry.content)) {
    encoded.set_generation(genesis->generation);
  }
  std::visit([&](auto& content) { put(encoded, std::move(content)); }, entry.content);
  std::string bytes(kMagic);
  encoded.AppendToString(&bytes);
  return bytes;
}

Result<std::variant<Entry, ForeignBytes>> decode_entry(std::string_view bytes,
                                                       const LogIdentity& log) {
  if (!bytes.starts_with(kMagic)) return ForeignBytes{};
  bytes.remove_prefix(kMagic.size());
  LogEntry entry;
  if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return fail(ErrorCode::kCorrupt, "an entry of the log cannot be decoded");
  }
  if (entry.format() != kEntryFormat) return stop_at("format", entry.format(), kEntryFormat);
  if (entry.capability() > kEntryCapability) {
    return stop_at("capability", entry.capability(), kEntryCapability);
  }
  if (entry.channel_id() != log.channel.value) {
    return stop("is of channel '" + entry.channel_id() + "', not of '" + log.channel.value + "'");
  }
  if (entry.has_genesis() && !log.generation.empty() && entry.generation() != log.generation) {
    return ForeignBytes{};
  }
  if (log.generation.empty() && !entry.has_genesis()) {
    return stop("comes before its Genesis: the log was not begun by a replica, or was trimmed");
  }
  if (!log.generation.empty() && entry.generation() != log.generation) {
    return stop("is of generation " + to_hex(entry.generation()) + ", and the ledger has applied " +
                to_hex(log.generation) +
                ": the log was made anew. `ccbus log reseed` fills it with what is applied here");
  }
  auto content = content_of(entry);
  if (!content) return unexpected(std::move(content.error()));
  return Entry{{std::move(*entry.mutable_replica()), entry.epoch(), entry.sequence()},
               std::move(*content)};
}

void learn_generation(const std::variant<Entry, ForeignBytes>& content, LogIdentity& log) {
  const auto* const entry = std::get_if<Entry>(&content);
  if (entry == nullptr || !log.generation.empty()) return;
  if (const auto* genesis = std::get_if<Genesis>(&entry->content)) {
    log.generation = genesis->generation;
  }
}

}  // namespace ccbus::ordering
