#include "service/chaincode/stream/transitions.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>
#include <string>

#include "service/chaincode/stream/handler.h"
#include "tests/support/checkout.h"

namespace ccbus::chaincode {
namespace {

std::string grid() {
  std::ostringstream out;
  out << std::left << std::setw(18) << "event";
  for (const State state : kStates) out << " | " << std::setw(23) << to_string(state);
  out << " |\n";
  for (const Event event : kEvents) {
    out << std::setw(18) << to_string(event);
    for (const State state : kStates) {
      const Row* row = find_row(state, event);
      const std::string cell = row == nullptr ? "-"
                                              : std::string(to_string(row->action)) + " -> " +
                                                    std::string(to_string(row->to));
      out << " | " << std::setw(23) << cell;
    }
    out << " |\n";
  }
  return out.str();
}

TEST_CASE("the grid of states and events is the one that was reviewed", "[chaincode]") {
  std::ifstream file(test::source_path("tests/unit/chaincode/stream/transitions.txt"));
  REQUIRE(file.good());
  const std::string reviewed((std::istreambuf_iterator<char>(file)),
                             std::istreambuf_iterator<char>());
  INFO("to accept the change, put this into transitions.txt:\n" << grid());
  CHECK(grid() == reviewed);
}

TEST_CASE("states print as Fabric prints them, anything else as UNKNOWN", "[chaincode][row-24]") {
  CHECK(to_string(State::kCreated) == "created");
  CHECK(to_string(State::kEstablished) == "established");
  CHECK(to_string(State::kReady) == "ready");
  CHECK(to_string(static_cast<State>(999)) == "UNKNOWN");
}

TEST_CASE("in state established every message of a chaincode ends the stream",
          "[chaincode][row-23]") {
  for (const Event event :
       {Event::kRegister, Event::kRequest, Event::kCompleted, Event::kError, Event::kDisallowed}) {
    CHECK(find_row(State::kEstablished, event) == nullptr);
  }
  protos::ChaincodeMessage message;
  message.set_type(protos::ChaincodeMessage::GET_STATE);
  message.set_txid("tx-id");
  CHECK(describe_violation(State::kEstablished, view_of(message)) ==
        "handle message: invalid state established for transaction tx-id");
}

}  // namespace
}  // namespace ccbus::chaincode
