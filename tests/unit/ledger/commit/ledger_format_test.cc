// docs/ledger-format.md has an example in hexadecimal digits: it is what is stored.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/upkeep/ledger_snapshot.h"
#include "tests/support/checkout.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The lines between "```<label>" and "```".
std::vector<std::string> example(const std::string& label) {
  std::istringstream document(content_of(test::source_path("docs/ledger-format.md")));
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(document, line) && line != "```" + label) continue;
  while (std::getline(document, line) && line != "```") lines.push_back(line);
  REQUIRE_FALSE(lines.empty());
  return lines;
}

// Without what a line says behind its '|', and without spaces.
std::string hex_example(const std::string& label) {
  std::string digits;
  for (const std::string& line : example(label)) {
    for (const char c : line.substr(0, line.find('|'))) {
      if (c != ' ') digits.push_back(c);
    }
  }
  return digits;
}

std::string bytes_of(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

std::string text_example(const std::string& label) {
  std::string text;
  for (const std::string& line : example(label)) text += line + "\n";
  return text;
}

// The document's channel: block 0 writes a = 1, block 1 reads a and writes a = 2.
struct Example {
  TemporaryDirectory directory;
  LedgerRig rig{options()};

  Example() {
    for (const std::string value : {"1", "2"}) {
      Simulation tx = rig.begin("nonce" + value);
      if (rig.ledger().height() > 0) REQUIRE(tx->get_state(kNs, "a"));
      REQUIRE(tx->set_state(kNs, "a", value));
      REQUIRE(rig.commit(tx) == std::vector{protos::VALID});
    }
  }

 private:
  [[nodiscard]] ChannelLedger::Options options() const {
    ChannelLedger::Options options;
    options.directory = directory.path() / "ch1";
    return options;
  }
};

}  // namespace

TEST_CASE("the document shows a block as it is stored", "[ledger]") {
  Example channel;
  const auto stored =
      (*channel.rig.ledger().whole_snapshot())->stored(Family::kBlocks, block_key(1));
  REQUIRE(stored);
  CHECK(hex_example("hex block") == to_hex(stored->value_or("")));
}

TEST_CASE("the document shows the encoding that a header's hash is of", "[ledger]") {
  Example channel;
  const std::string hash = channel.rig.ledger().last_block_hash();
  CHECK(sha256({bytes_of(hex_example("hex header"))}) == hash);
  const std::string document = content_of(test::source_path("docs/ledger-format.md"));
  CHECK_THAT(document, Catch::Contains("of which SHA-256 is `" + to_hex(hash) + "`"));
}

TEST_CASE("the document shows a snapshot's manifest as it is written", "[ledger]") {
  Example channel;
  const auto directory = channel.directory.path() / "snapshot";
  REQUIRE(write_snapshot(channel.rig.ledger(), directory));
  CHECK(text_example("json") == content_of(directory / "snapshot.json"));
  CHECK(std::filesystem::is_directory(directory / "ledger"));
}
