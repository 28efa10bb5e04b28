#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "tests/simulation/engine/chance.h"

namespace ccbus::simulation {

// The name under which hostile chaincodes register.
inline constexpr const char* kHostileName = "bad";

// The names that scripts use.
struct Vocabulary {
  std::vector<std::string> channels;
  std::vector<std::string> chaincodes;
  std::vector<std::string> keys;
};

// The arguments of an invocation: "run", a token, and what the chaincode is to do, an operation
// each: `get:k1`, `put:k1`, `range:k0:k9`, `call:cc2:-:get,k1;put,k2`.
[[nodiscard]] std::vector<std::string> random_script(Chance& chance, const Vocabulary& words,
                                                     const std::string& token);

// One transaction of an honest chaincode, which does what its arguments say: a request, its answer,
// the next request, and so on. It completes with its token, or with an error after the first ERROR.
class ScriptRun {
 public:
  ScriptRun(TxKey key, std::string chaincode, std::vector<std::string> arguments);

  // The next message of the chaincode, after the answer to the one before; null: there was none.
  [[nodiscard]] protos::ChaincodeMessage next(const protos::ChaincodeMessage* answer);

 private:
  [[nodiscard]] protos::ChaincodeMessage request(const std::vector<std::string>& words);
  [[nodiscard]] protos::ChaincodeMessage call(const std::vector<std::string>& words) const;
  [[nodiscard]] protos::ChaincodeMessage completed(int status, const std::string& text) const;
  [[nodiscard]] protos::ChaincodeMessage message(protos::ChaincodeMessage::Type type,
                                                 const google::protobuf::Message& payload) const;
  [[nodiscard]] std::string value(std::size_t padding);

  const TxKey key_;
  const std::string chaincode_;
  const std::vector<std::string> arguments_;
  std::size_t at_ = 2;  // The next operation.
  std::string query_;   // Open query whose next batch is asked for.
  std::string event_;
  std::size_t written_ = 0;
};

[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);

}  // namespace ccbus::simulation
