// The chaincode of bench_sdk, on the C++ SDK as its users write it.
//
//   nothing              answers with nothing
//   store FIRST COUNT    writes COUNT keys, all at once
//   gets FIRST COUNT     reads them one by one; answers with the last value
//   range FIRST COUNT    reads them as a range; answers with how many there are
//   put KEY VALUE        reads KEY, then writes it
//   puts KEY COUNT VALUE writes COUNT keys that begin with KEY, one by one
#include <functional>
#include <map>
#include <span>
#include <string>

#include "ccbus/shim/run.h"
#include "tests/bench/sdk_keys.h"

namespace ccbus::bench {
namespace {

using shim::Response;
using shim::Stub;
using Parameters = std::span<const std::string>;

std::size_t number_of(const std::string& text) {
  return std::stoul(text);
}

Response store(Stub& stub, Parameters parameters) {
  const std::size_t first = number_of(parameters[0]);
  stub.start_write_batch();
  for (std::size_t key = first; key < first + number_of(parameters[1]); ++key) {
    stub.put_state(sdk_key(key), sdk_value(key));
  }
  return shim::success();
}

Response gets(Stub& stub, Parameters parameters) {
  const std::size_t first = number_of(parameters[0]);
  std::string value;
  for (std::size_t key = first; key < first + number_of(parameters[1]); ++key) {
    value = stub.get_state(sdk_key(key));
  }
  return shim::success(value);
}

Response range(Stub& stub, Parameters parameters) {
  const std::size_t first = number_of(parameters[0]);
  std::size_t keys = 0;
  auto entries = stub.get_state_by_range(sdk_key(first), sdk_key(first + number_of(parameters[1])));
  while (entries.next()) ++keys;
  return shim::success(std::to_string(keys));
}

Response put(Stub& stub, Parameters parameters) {
  const std::string before = stub.get_state(parameters[0]);
  stub.put_state(parameters[0], parameters[1]);
  return shim::success(before);
}

Response puts(Stub& stub, Parameters parameters) {
  for (std::size_t i = 0; i < number_of(parameters[1]); ++i) {
    stub.put_state(parameters[0] + "." + std::to_string(i), parameters[2]);
  }
  return shim::success();
}

class Chaincode final : public shim::Chaincode {
 public:
  Response invoke(Stub& stub) override {
    const auto [function, parameters] = stub.function_and_parameters();
    const auto at = functions_.find(function);
    if (at == functions_.end()) return shim::error("no such function");
    if (parameters.size() != at->second.parameters) return shim::error("wrong parameters");
    return at->second.call(stub, parameters);
  }

 private:
  struct Function {
    std::size_t parameters;
    Response (*call)(Stub&, Parameters);
  };

  const std::map<std::string, Function, std::less<>> functions_ = {
      {"nothing", {0, [](Stub&, Parameters) { return shim::success(); }}},
      {"store", {2, store}},
      {"gets", {2, gets}},
      {"range", {2, range}},
      {"put", {2, put}},
      {"puts", {3, puts}},
  };
};

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  ccbus::bench::Chaincode chaincode;
  return ccbus::shim::run(argc, argv, chaincode);
}
