// The first line is a query, the others are documents. Any query gives an error or a plan, and the
// plan's range holds every document that matches.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/assert.h"
#include "service/ledger/query/mango/plan.h"
#include "service/ledger/query/mango/query.h"

namespace mango = ccbus::ledger::mango;

namespace {

mango::Index index_on(const std::vector<std::string>& fields) {
  ccbus::IndexConfig config;
  config.set_design_document("d");
  config.set_name(fields[0]);
  for (const std::string& field : fields) config.add_fields(field);
  auto index = mango::Index::of(config);
  CCBUS_ASSERT(index.has_value());
  return std::move(*index);
}

bool is_within(const mango::Plan& plan, const std::string& at) {
  return at >= plan.start && (plan.end.empty() || at < plan.end);
}

void check(const mango::Query& query, const mango::Plan& plan, const std::string& key,
           std::string_view text) {
  const auto document = mango::parse_document(text);
  if (!document) return;
  if (query.fields) {
    CCBUS_ASSERT(mango::parse_document(mango::project(*document, *query.fields)).has_value());
  }
  if (!query.selector.matches(key, *document)) return;
  if (plan.index == nullptr) {
    CCBUS_ASSERT(is_within(plan, key));
  } else {
    const auto at = mango::sort_key(plan.index->fields, key, *document);
    CCBUS_ASSERT(at && is_within(plan, *at));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<mango::Index> indexes = {index_on({"a"}), index_on({"docType", "owner"}),
                                                    index_on({"a.b", "c"})};
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = input.find('\n');
  const auto query = mango::Query::parse(input.substr(0, line_end));
  if (!query || line_end == std::string_view::npos) return 0;

  const auto plan = mango::make_plan(*query, indexes);
  const mango::Plan plan_without = mango::scan_plan(*query);
  std::string_view documents = input.substr(line_end + 1);
  for (char key = 'a'; !documents.empty() && key <= 'z'; ++key) {
    const std::string_view document = documents.substr(0, documents.find('\n'));
    documents.remove_prefix(std::min(documents.size(), document.size() + 1));
    if (plan) check(*query, *plan, std::string(1, key), document);
    check(*query, plan_without, std::string(1, key), document);
  }
  return 0;
}
