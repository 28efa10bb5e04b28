#pragma once

#include <memory>
#include <string>
#include <vector>

#include "service/ledger/query/mango/index_key.h"
#include "service/ledger/query/rich_query.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {

// An index on these fields, named by them with commas in between, in the design document "d".
inline ccbus::IndexConfig index_on(const std::vector<std::string>& fields) {
  ccbus::IndexConfig config;
  config.set_design_document("d");
  for (const std::string& field : fields) {
    config.add_fields(field);
    config.set_name(config.name() + (config.name().empty() ? "" : ",") + field);
  }
  return config;
}

// A channel whose chaincode "basic" can have indexes.
struct RichQueryRig : LedgerRig {
  using LedgerRig::LedgerRig;

  // Commits a block that defines these indexes, and no others.
  void define_indexes(const std::vector<ccbus::IndexConfig>& configs) {
    ccbus::ChaincodeDefinition definition;
    definition.set_name(kNs);
    definition.set_sequence(++sequence);
    for (const auto& config : configs) *definition.add_indexes() = config;
    Simulation tx = begin("define" + std::to_string(sequence));
    if (!tx->set_state("_lifecycle", kNs, definition.SerializeAsString())) throw 0;
    if (commit(tx) != std::vector{protos::VALID}) throw 0;
    indexes = configs;
  }

  void build_all() {
    for (;;) {
      auto built = ledger().build_indexes(3);
      if (!built) throw std::runtime_error(built.error().message);
      if (!built->has_more) return;
    }
  }

  [[nodiscard]] Result<std::unique_ptr<ledger::RichQuery>> open_query(
      const std::string& query, const std::vector<ccbus::IndexConfig>& with) {
    return ledger::RichQuery::open(ledger().snapshot(), {kNs, query, false, 0, "", with});
  }

  struct Answer {
    std::vector<std::string> keys;
    std::string index;
  };
  [[nodiscard]] Answer ask(const std::string& query, const std::vector<ccbus::IndexConfig>& with) {
    auto opened = open_query(query, with);
    if (!opened) throw std::runtime_error(opened.error().message);
    Answer answer;
    ledger::QueryProgress progress;
    auto found = (*opened)->fetch(1'000'000, progress);
    if (!found) throw std::runtime_error(found.error().message);
    for (auto& one : *found) answer.keys.push_back(std::move(one.key));
    answer.index = (*opened)->report().index;
    return answer;
  }

  std::uint64_t sequence = 0;
  std::vector<ccbus::IndexConfig> indexes;
};

}  // namespace ccbus::test
