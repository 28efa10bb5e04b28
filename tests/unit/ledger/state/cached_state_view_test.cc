#include "service/ledger/state/cached_state_view.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <utility>

#include "tests/support/map_state_view.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

constexpr std::size_t kPlenty = 1u << 20;

// A view whose disk fails at the second read of a key.
class ReadOnceView final : public MapStateView {
 public:
  using MapStateView::MapStateView;

  Result<bool> read(std::string_view ns, std::string_view key,
                    VersionedValue& found) const override {
    const bool is_first = read_.emplace(ns, key).second;
    if (!is_first) return fail(ErrorCode::kIo, "read before: " + std::string(key));
    return MapStateView::read(ns, key, found);
  }

 private:
  mutable std::set<std::pair<std::string, std::string>> read_;
};

CachedStateView cached(std::size_t bytes_max) {
  const MapStateView::Entries entries = {{{"a", "key"}, {"of a", "", {1, 2}}},
                                         {{"b", "key"}, {"of b", "policy", {3, 4}}}};
  return {std::make_shared<const ReadOnceView>(entries), bytes_max};
}

// "-" for an absent key, "!" where the view below fails.
std::string read(const CachedStateView& view, std::string_view ns, std::string_view key) {
  const auto found = view.get(ns, key);
  if (!found) return "!";
  if (!*found) return "-";
  const Version& version = (*found)->version;
  return (*found)->value + "|" + (*found)->metadata + "|" + std::to_string(version.block_num) +
         "." + std::to_string(version.tx_num);
}

}  // namespace

TEST_CASE("a key that was read is answered the same without the view below", "[ledger]") {
  const CachedStateView view = cached(kPlenty);
  for (int time = 0; time < 3; ++time) {
    CHECK(read(view, "a", "key") == "of a||1.2");
    CHECK(read(view, "b", "key") == "of b|policy|3.4");
    CHECK(read(view, "", "akey") == "-");
    CHECK(read(view, "ak", "ey") == "-");
  }
}

TEST_CASE("a view that has remembered enough begins anew", "[ledger]") {
  const CachedStateView view = cached(300);
  CHECK(read(view, "a", "key") == "of a||1.2");
  CHECK(read(view, "a", "key") == "of a||1.2");
  CHECK(read(view, "b", "key") == "of b|policy|3.4");  // There is room for one.
  CHECK(read(view, "b", "key") == "of b|policy|3.4");
  CHECK(read(view, "a", "key") == "!");
}

TEST_CASE("what is larger than all that may be remembered is read each time", "[ledger]") {
  const CachedStateView view = cached(10);
  CHECK(read(view, "a", "key") == "of a||1.2");
  CHECK(read(view, "a", "key") == "!");
}

TEST_CASE("versions, ranges and the height are those of the view below", "[ledger]") {
  const CachedStateView view = cached(kPlenty);
  CHECK(view.height() == view.below()->height());
  CHECK(view.version_of("b", "key").value_or(std::nullopt) == Version{3, 4});
  const auto range = view.range("a", "", "");
  REQUIRE(range);
  const auto first = (*range)->next();
  REQUIRE(first);
  REQUIRE(first->has_value());
  CHECK((*first)->value == "of a");
}
