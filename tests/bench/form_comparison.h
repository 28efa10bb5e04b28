#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/round_trips.h"
#include "tests/bench/service_driver.h"

namespace ccbus::bench {

// The requests for the keys from number `first` up to `end`, excluding `end`, in one transaction,
// which the chaincode sends one after the other, and their replies.
using Form = std::function<std::vector<Exchange>(const protos::ChaincodeMessage& transaction,
                                                 std::size_t first, std::size_t end)>;

// Two ways to request the same: key by key, and all keys with one message. Transactions of the two
// kinds alternate, each with keys that were not used before. The time from the first request to the
// last reply is measured.
[[nodiscard]] FigureTable compare_forms(const std::string& title, Amount amount,
                                        const Form& key_by_key, const Form& at_once);

}  // namespace ccbus::bench
