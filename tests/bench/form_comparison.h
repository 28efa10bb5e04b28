#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/round_trips.h"
#include "tests/bench/service_driver.h"

namespace ccbus::bench {

// The keys from number `first` up to and without `end`, asked for in one transaction: the requests
// that the chaincode sends one after the other, and what comes back.
using Form = std::function<std::vector<Exchange>(const protos::ChaincodeMessage& transaction,
                                                 std::size_t first, std::size_t end)>;

// Two ways to ask for the same: key by key, and all keys with one message. Transactions of the one
// and the other take turns, each on keys that none before had; what is timed is between the first
// request and the last reply.
[[nodiscard]] FigureTable compare_forms(const std::string& title, Amount amount,
                                        const Form& key_by_key, const Form& at_once);

}  // namespace ccbus::bench
