#pragma once

#include <httplib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include "ccbus/client/client.h"
#include "tests/support/notebook.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

using namespace std::chrono_literals;

inline constexpr std::uint64_t kMiB = 1u << 20;

inline std::string incompressible() {
  std::string value(200'000, ' ');
  std::mt19937 random(13);
  for (char& letter : value) letter = static_cast<char>('a' + random() % 26);
  return value;
}

// A service with its ledger on a small disk, the notes chaincode and a client.
struct Desk {
  Desk(const std::filesystem::path& ledger, const std::string& free_bytes_min,
       const std::string& channels = "mychannel")
      : service({"ledger.directory=" + ledger.string(), "logging.level=off",
                 "operations.listenAddress=127.0.0.1:0", "limits.diskFreeBytes=" + free_bytes_min,
                 "ledger.channels=" + channels}),
        shim(shim_options(service), notes),
        client({.endpoint = service.client_endpoint()}) {
    shim.start();
    wait_until_served(client);
  }

  client::Reply put(const std::string& key, const std::string& value,
                    const std::string& channel = "mychannel") {
    return client.submit(note({"put", key, value}, channel), 20s);
  }

  // The reasons of the checks that fail; empty if /healthz is green.
  std::string health() const {
    const auto answer = httplib::Client(service.operations_url()).Get("/healthz");
    REQUIRE(answer);
    return answer->status == 200 ? "" : answer->body;
  }

  template <class Condition>
  static void wait(Condition&& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) REQUIRE(std::chrono::steady_clock::now() < deadline);
  }

  static shim::Options shim_options(const ServiceProcess& service) {
    shim::Options options;
    options.peer_address = service.chaincode_endpoint();
    options.chaincode_id = "notes";
    options.log = [](std::string_view) {};
    return options;
  }

  ServiceProcess service;  // Ends the test program if it aborts.
  Notes notes;
  shim::Shim shim;
  client::Client client;
};

}  // namespace ccbus::test
