// What the service writes to its log about peers that misbehave.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/dealer.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

struct LoggedService {
  explicit LoggedService(const std::string& level)
      : service({"logging.level=" + level},
                {"/bin/sh", "-c", "exec \"$@\" 2>" + file().string(), "sh"}) {}

  [[nodiscard]] std::filesystem::path file() const { return directory.path() / "log"; }

  // Stops the service, and returns the lines that it has written.
  std::vector<std::string> stop() {
    CHECK(service.stop() == 0);
    std::ifstream in(file(), std::ios::binary);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  TemporaryDirectory directory;
  ServiceProcess service;
};

std::size_t lines_with(const std::vector<std::string>& lines, const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      lines, [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

protos::ChaincodeMessage stray_error(const std::string& txid, const std::string& text) {
  protos::ChaincodeMessage error;
  error.set_type(protos::ChaincodeMessage::ERROR);
  error.set_channel_id("mychannel");
  error.set_txid(txid);
  error.set_payload(text);
  return error;
}

TEST_CASE("what a chaincode sends forges no line of the log, and commands no terminal",
          "[e2e][issue-13]") {
  LoggedService logged("debug");
  Dealer chaincode(logged.service.chaincode_endpoint());
  chaincode.register_as("basic:1.0\n2026-01-01T00:00:00.000 error forged.by_version \x1b[2J");
  chaincode.send(stray_error("a\nforged", "b\nforged.by_text \x1b]0;title\x07\xff"));
  Dealer client(logged.service.client_endpoint());
  client.send(evaluate(1, "basic"));
  static_cast<void>(chaincode.receive());  // By now the ERROR has been read.
  chaincode.close();
  const auto lines = logged.stop();
  CHECK(lines_with(lines, "handler.error_received") == 1);
  CHECK(lines_with(lines, "handler.ready") == 1);
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(line.starts_with("20"));  // Each begins with a time: the current year's, not 2026-01-01.
    CHECK_FALSE(line.starts_with("2026-01-01T00:00:00.000"));
    CHECK(std::ranges::none_of(line, [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0xff;
    }));
  }
}

TEST_CASE("a chaincode that sends errors without end is told in a few lines", "[e2e][issue-13]") {
  constexpr int kErrors = 3'000;
  LoggedService logged("info");
  Dealer chaincode(logged.service.chaincode_endpoint());
  chaincode.register_as("basic");
  for (int i = 0; i < kErrors; ++i) chaincode.send(stray_error("t" + std::to_string(i), "no"));
  Dealer client(logged.service.client_endpoint());
  client.send(evaluate(1, "basic"));
  static_cast<void>(chaincode.receive());
  chaincode.close();
  std::size_t written = 0;
  std::size_t counted = 0;
  for (const std::string& line : logged.stop()) {
    if (line.find("handler.error_received") == std::string::npos) continue;
    const auto at = line.find("handler.error_received \u2026 ");
    if (at == std::string::npos) {
      ++written;
      continue;
    }
    std::string number = line.substr(at + std::string("handler.error_received \u2026 ").size());
    std::erase(number, ',');
    counted += std::stoul(number);
  }
  CHECK(written + counted == kErrors);
  CHECK(counted > 0);
}

}  // namespace
}  // namespace ccbus::test
