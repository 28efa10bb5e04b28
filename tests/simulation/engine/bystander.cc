#include "tests/simulation/engine/bystander.h"

#include <algorithm>
#include <utility>

#include "ccbus/client.pb.h"

namespace ccbus::simulation {

using namespace std::chrono_literals;

Bystander::Bystander(Stage stage, Network& network, std::string channel)
    : Actor(stage, network, "bystander"), channel_(std::move(channel)) {
  wake_in(5ms);
}

void Bystander::on_wake() {
  if (is_calm() || is_waiting_) return;
  if (!is_linked()) connect();
  ccbus::ClientRequest request;
  request.set_correlation_id(++last_id_);
  ccbus::Invocation& invocation = last_id_ % 2 == 0
                                      ? *request.mutable_submit()->mutable_invocation()
                                      : *request.mutable_evaluate()->mutable_invocation();
  invocation.set_channel_id(channel_);
  invocation.set_chaincode_name(kChaincode);
  invocation.add_args("run");
  invocation.add_args("bystander." + std::to_string(last_id_));
  invocation.add_args("get:k");
  invocation.add_args("put:k");
  send(request.SerializeAsString());
  is_waiting_ = true;
  asked_at_ = stage_.trace.step();
}

void Bystander::on_frame(const std::string& frame) {
  ccbus::ClientResponse response;
  const bool is_own = response.ParseFromString(frame) && response.correlation_id() == last_id_;
  stage_.findings.check(is_own, "the bystander got an answer that is not its own");
  // Nobody else writes its keys, and it asks for one thing at a time.
  if (is_submitting() && response.status().code() == ccbus::UNAVAILABLE) has_unknown_ = true;
  stage_.findings.check(has_unknown_ || response.status().code() != ccbus::ABORTED ||
                            response.submit().validation_code() == protos::NOT_VALIDATED,
                        "a submit of the bystander is invalid in its block");
  longest_ = std::max(longest_, waiting());
  switch (response.status().code()) {
    case ccbus::OK: ++served_; break;
    case ccbus::RESOURCE_EXHAUSTED: ++crowded_out_; break;
    default: ++refused_;
  }
  is_waiting_ = false;
  wake_in(500us);
}

void Bystander::on_link_lost() {
  if (is_submitting()) has_unknown_ = true;
  is_waiting_ = false;
  wake_in(2ms);
}

}  // namespace ccbus::simulation
