// Writes a log for the test of determinism. Its transactions come from the seed, its keys and
// signatures are new ones in each run.
//
// Usage:  make_log FILE SEED
// Output: the hash of the last block, as it was with a ledger in memory.
// Exit:   0 the log has transactions with each of the codes that it has to have; 1 it lacks some.
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>

#include "service/base/hex.h"
#include "service/ordering/log/entry.h"
#include "tests/determinism/author.h"
#include "tests/determinism/scenes.h"
#include "tests/determinism/setup.h"

namespace {

constexpr std::uint64_t kBundles = 80;
constexpr int kTransactions = 400;

constexpr const char* kCodes[] = {"VALID",
                                  "NIL_ENVELOPE",
                                  "BAD_PAYLOAD",
                                  "BAD_COMMON_HEADER",
                                  "BAD_CHANNEL_HEADER",
                                  "BAD_CREATOR_SIGNATURE",
                                  "INVALID_ENDORSER_TRANSACTION",
                                  "UNSUPPORTED_TX_PAYLOAD",
                                  "BAD_PROPOSAL_TXID",
                                  "BAD_HEADER_EXTENSION",
                                  "BAD_RESPONSE_PAYLOAD",
                                  "BAD_RWSET",
                                  "ILLEGAL_WRITESET",
                                  "INVALID_WRITESET",
                                  "INVALID_CHAINCODE",
                                  "DUPLICATE_TXID",
                                  "ENDORSEMENT_POLICY_FAILURE",
                                  "MVCC_READ_CONFLICT",
                                  "PHANTOM_READ_CONFLICT"};

int make(const std::string& path, std::uint64_t seed) {
  using namespace ccbus::determinism;
  Author author(path, seed);
  set_up(author);
  Scenes scenes(author, seed);
  for (std::uint64_t i = 0; i < kBundles; ++i) {
    author.bundle(scenes.next_bundle());
    if (i % 10 == 9) author.entry({{"r1", 1, i}, ccbus::ordering::Barrier{}});
  }
  int all = 0;
  for (const auto& [code, count] : author.codes()) {
    std::cerr << code << " " << count << "\n";
    all += count;
  }
  bool is_complete = all >= kTransactions;
  if (!is_complete) std::cerr << "only " << all << " transactions\n";
  for (const char* code : kCodes) {
    if (author.codes().contains(code)) continue;
    std::cerr << "no transaction is " << code << "\n";
    is_complete = false;
  }
  if (author.ledger().trust()->config().sequence() < 3) {
    std::cerr << "the configuration does not change twice\n";
    is_complete = false;
  }
  std::cout << ccbus::to_hex(author.ledger().last_block_hash()) << "\n";
  return is_complete ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: make_log FILE SEED\n";
    return 2;
  }
  try {
    return make(argv[1], std::stoull(argv[2]));
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
