#include "tests/determinism/scenes.h"

#include <utility>

#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/state/definition.h"
#include "tests/determinism/log_file.h"
#include "tests/determinism/setup.h"

namespace ccbus::determinism {
namespace {

constexpr const char* kNs = "basic";
constexpr const char* kKeyPolicy = "VALIDATION_PARAMETER";

// Locales sort these, and change their case, in different ways; byte order is one for all.
constexpr const char* kWords[] = {"a",       "B",      "b",       "I",      "i",      "\u0131",
                                  "\u0130",  "\u00e4", "\u00c4",  "z",      "\u00df", "ss",
                                  "a\u0308", "_a",     "-a",      "a b",    "1,5",    "1.5",
                                  "\u65e5",  "\u00f6", "o\u0308", "\u007f", "Z",      "A"};

void read_all(Draft& draft, const std::string& start, const std::string& end) {
  auto range = must(draft->get_state_range(kNs, start, end));
  while (must(range->next())) {
  }
  draft->count_reads(*range);
}

}  // namespace

std::uint32_t Scenes::below(std::uint32_t limit) {
  return static_cast<std::uint32_t>(chance_() % limit);
}

std::string Scenes::key() {
  return std::string(kWords[below(std::size(kWords))]) + std::to_string(below(4));
}

std::string Scenes::value() {
  if (below(8) == 0) return std::string("\0\xfe not JSON", 11);
  return R"({"color":")" + std::string(kWords[below(8)]) + R"(","size":)" +
         std::to_string(below(100)) + ".5}";
}

std::string Scenes::collection() {
  constexpr const char* kAll[] = {kLasting, kShortLived, kShortLived, kStrictOnes,
                                  "_implicit_org_Org1MSP"};
  return kAll[below(std::size(kAll))];
}

Signers Scenes::peers(int count) const {
  Signers signers;
  for (int i = 0; i < count; ++i) {
    signers.endorsers.push_back(&author_.organizations()[static_cast<std::size_t>(i)].peer);
  }
  return signers;
}

std::vector<OrderedEnvelope> Scenes::next_bundle() {
  Envelopes envelopes;
  const std::uint32_t scenes = 3 + below(6);
  for (std::uint32_t i = 0; i < scenes; ++i) add(envelopes);
  for (const OrderedEnvelope& each : envelopes) {
    if (below(8) == 0) earlier_.push_back(each);
  }
  return envelopes;
}

void Scenes::add(Envelopes& to) {
  switch (below(16)) {
    case 0:
    case 1: return write_public(to);
    case 2:
    case 3: return read_and_write(to);
    case 4: return read_range(to);
    case 5: return write_key_policy(to);
    case 6:
    case 7: return write_private(to);
    case 8: return change_private(to);
    case 9: return lose_private_data(to);
    case 10: return repeat(to);
    case 11: return endorse_badly(to);
    case 12: return write_elsewhere(to);
    case 13: return configure(to);
    case 14: return break_a_part(to);
    default: return write_garbage(to);
  }
}

void Scenes::write_public(Envelopes& to) {
  Draft draft = author_.begin();
  for (std::uint32_t i = 0; i < 1 + below(40); ++i) must(draft->set_state(kNs, key(), value()));
  if (below(2) == 0) must(draft->delete_state(kNs, key()));
  to.push_back(author_.envelope(std::move(draft), peers(2)));
}

// Two transactions that read and write one key: only the first can be valid.
void Scenes::read_and_write(Envelopes& to) {
  const std::string contended = key();
  for (int i = 0; i < 2; ++i) {
    Draft draft = author_.begin();
    (void)must(draft->get_state(kNs, contended));
    (void)must(draft->get_state_metadata(kNs, key()));
    must(draft->set_state(kNs, contended, value()));
    to.push_back(author_.envelope(std::move(draft), peers(2)));
  }
}

// A range with something new in it, if the key was not there; alone it is valid.
void Scenes::read_range(Envelopes& to) {
  if (below(3) != 0) {
    Draft intruder = author_.begin();
    must(intruder->set_state(kNs, "range" + std::to_string(chance_()), value()));
    to.push_back(author_.envelope(std::move(intruder), peers(2)));
  }
  Draft draft = author_.begin();
  if (below(2) == 0) {
    read_all(draft, "range", "s");
  } else {
    read_all(draft, "", "");
  }
  must(draft->set_state(kNs, key(), value()));
  to.push_back(author_.envelope(std::move(draft), peers(2)));
}

void Scenes::write_key_policy(Envelopes& to) {
  const std::string guarded = "guarded" + std::to_string(below(4));
  Draft draft = author_.begin();
  must(draft->set_state(kNs, guarded, value()));
  if (below(2) == 0) {
    ledger::Metadata metadata{{"note", value()}, {"\u00e4", "x"}};
    metadata[kKeyPolicy] = policy(below(2) == 0 ? "AND('Org1MSP.peer','Org3MSP.peer')"
                                                : "OutOf(1,'Org2MSP.peer','Org3MSP.peer')");
    if (below(8) == 0) metadata[kKeyPolicy] = "no policy";
    if (below(4) == 0) metadata.clear();
    must(draft->set_state_metadata(kNs, guarded, std::move(metadata)));
  }
  to.push_back(author_.envelope(std::move(draft), peers(1 + static_cast<int>(below(3)))));
}

void Scenes::write_private(Envelopes& to) {
  Draft draft = author_.begin();
  for (std::uint32_t i = 0; i < 1 + below(3); ++i) {
    must(draft->set_private_data(kNs, collection(), key(), value()));
  }
  if (below(2) == 0) must(draft->set_state(kNs, key(), value()));
  to.push_back(author_.envelope(std::move(draft), peers(2)));
}

void Scenes::change_private(Envelopes& to) {
  Draft draft = author_.begin();
  const std::string changed = key();
  const std::string where = collection();
  switch (below(4)) {
    case 0: must(draft->delete_private_data(kNs, where, changed)); break;
    case 1: must(draft->purge_private_data(kNs, where, changed)); break;
    case 2:
      must(draft->set_private_data_metadata(
          kNs, where, changed, {{kKeyPolicy, policy("AND('Org1MSP.peer','Org2MSP.peer')")}}));
      break;
    default:
      (void)must(draft->get_private_data_hash(kNs, where, changed));
      must(draft->set_private_data(kNs, where, changed, value()));
  }
  to.push_back(author_.envelope(std::move(draft), peers(2 + static_cast<int>(below(2)))));
}

void Scenes::lose_private_data(Envelopes& to) {
  Envelopes made;
  write_private(made);
  std::string& data = made.front().private_data;
  rwset::TxPvtReadWriteSet set;
  set.ParseFromString(data);
  auto& rows = *set.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0);
  kvrwset::KVRWSet writes;
  writes.ParseFromString(rows.rwset());
  switch (below(4)) {
    case 0: data.clear(); break;
    case 1: data.resize(data.size() / 2); break;
    case 2:
      rows.set_collection_name("other");
      data = set.SerializeAsString();
      break;
    default:
      writes.mutable_writes(0)->set_value("forged");
      rows.set_rwset(writes.SerializeAsString());
      data = set.SerializeAsString();
  }
  to.push_back(std::move(made.front()));
}

void Scenes::repeat(Envelopes& to) {
  const Envelopes& from = to.empty() || below(2) == 0 ? earlier_ : to;
  if (from.empty()) return write_public(to);
  const OrderedEnvelope again = from[below(static_cast<std::uint32_t>(from.size()))];
  to.push_back(again);
}

void Scenes::endorse_badly(Envelopes& to) {
  Draft draft = author_.begin();
  must(draft->set_state(kNs, key(), value()));
  const Organization& org = author_.organizations()[below(2)];
  Signers signers;
  switch (badly_++ % 8) {
    case 0: break;  // Nobody.
    case 1: signers.endorsers = {&org.client}; break;
    case 2: signers = {{&org.peer}, true, false}; break;
    case 3: signers = {{&org.peer}, false, true}; break;
    case 4: signers.endorsers = {&org.expired}; break;
    case 5: signers.endorsers = {&org.future}; break;
    case 6: signers.endorsers = {&org.revoked}; break;
    default: signers.endorsers = {&author_.organizations()[2].peer, &org.peer, &org.peer};
  }
  to.push_back(author_.envelope(std::move(draft), signers));
}

void Scenes::write_elsewhere(Envelopes& to) {
  constexpr const char* kAll[] = {"strict", "strict", "undefined", "basic$$pcoll"};
  Draft draft = author_.begin();
  must(draft->set_state(kAll[below(std::size(kAll))], key(), value()));
  must(draft->set_state(kNs, key(), value()));
  to.push_back(author_.envelope(std::move(draft), peers(2 + static_cast<int>(below(2)))));
}

void Scenes::configure(Envelopes& to) {
  const std::uint64_t sequence = author_.ledger().trust()->config().sequence();
  Signers signers = peers(3);
  for (const Organization& each : author_.organizations()) signers.endorsers.push_back(&each.admin);
  Draft draft = author_.begin();
  switch (below(5)) {
    case 0:
      must(draft->set_state(ledger::kChannelNamespace, ledger::kChannelConfigKey,
                            ledger::encode_channel_config(channel_config(author_, sequence + 1))));
      break;
    case 1:  // Not the sequence that follows.
      must(draft->set_state(ledger::kChannelNamespace, ledger::kChannelConfigKey,
                            ledger::encode_channel_config(channel_config(author_, sequence + 2))));
      break;
    case 2:
      must(draft->set_state(ledger::kLifecycleNamespace, kNs,
                            basic_definition(++definitions_).SerializeAsString()));
      break;
    case 3: must(draft->set_state(ledger::kLifecycleNamespace, "x", "\xff no definition")); break;
    default: must(draft->set_state(ledger::kLifecycleNamespace, "x", ""));
  }
  to.push_back(author_.envelope(std::move(draft), signers));
}

void Scenes::break_a_part(Envelopes& to) {
  Draft draft = author_.begin();
  must(draft->set_state(kNs, key(), value()));
  const std::string no_message = "\xff\xff";
  const auto change = [&](test::TransactionParts& parts) {
    switch (broken_++ % 12) {
      case 0: parts.raw_payload = no_message; break;
      case 1: parts.raw_channel_header = no_message; break;
      case 2: parts.raw_transaction = no_message; break;
      case 3: parts.raw_proposal_hash = "another"; break;
      case 4: parts.raw_action = no_message; break;
      case 5: parts.action.set_results(no_message); break;
      case 6: parts.channel_header.set_tx_id("of somebody else"); break;
      case 7: parts.channel_header.set_epoch(1); break;
      case 8: parts.channel_header.set_type(common::CONFIG_UPDATE); break;
      case 9: parts.channel_header.set_extension(no_message); break;
      case 10: parts.action.mutable_chaincode_id()->clear_version(); break;
      default: {
        rwset::TxReadWriteSet twice;
        twice.ParseFromString(parts.action.results());
        *twice.add_ns_rwset() = rwset::NsReadWriteSet(twice.ns_rwset(0));
        parts.action.set_results(twice.SerializeAsString());
      }
    }
  };
  to.push_back(author_.envelope(std::move(draft), peers(2), change));
}

void Scenes::write_garbage(Envelopes& to) {
  Envelopes made;
  write_public(made);
  std::string& bytes = made.front().bytes;
  switch (below(3)) {
    case 0: bytes.clear(); break;
    case 1: bytes.resize(below(static_cast<std::uint32_t>(bytes.size()))); break;
    default:
      for (int i = 0; i < 5; ++i) {
        bytes[below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(below(256));
      }
  }
  to.push_back(std::move(made.front()));
}

}  // namespace ccbus::determinism
