#pragma once

#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "tests/support/service_process.h"

namespace ccbus::soak {

// What a disturbance has to do with.
struct Scene {
  test::ServiceProcess& service;
  std::filesystem::path ledger;  // On a disk of its own, which may be filled.
  bool may_fill_disk = false;
  std::mt19937_64& random;
  std::chrono::steady_clock::time_point until;

  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() >= until; }
};

// One thing that goes wrong, or that somebody does wrong, until the scene is over. It leaves
// nothing behind: afterwards the service has to be as before.
struct Disturbance {
  const char* name;
  void (*act)(Scene& scene);
};

// In the order in which they come, again and again. Before the first and after the last one it is
// calm.
[[nodiscard]] const std::vector<Disturbance>& disturbances();

// Does nothing until the scene is over.
void stay_calm(Scene& scene);

}  // namespace ccbus::soak
