#pragma once

#include <string_view>

namespace ccbus::shim {

// What a transaction is found by.
struct TransactionName {
  std::string_view channel_id;
  std::string_view txid;
  bool operator==(const TransactionName&) const = default;
};

}  // namespace ccbus::shim
