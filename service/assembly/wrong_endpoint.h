#pragma once

#include <optional>
#include <string_view>

#include "ccbus/client.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"

// Whoever dials the endpoint that is not meant for it is told so in its own language.
namespace ccbus {

// Looks at what came to the clients' endpoint and is no request. If it is the REGISTER of a
// chaincode, returns the ERROR to answer with; the end of the stream follows it.
[[nodiscard]] std::optional<protos::ChaincodeMessage> answer_to_chaincode(
    std::string_view frame, std::string_view chaincode_endpoint);

// Looks at what came to the chaincodes' endpoint before a registration. If it is the request of a
// client, returns the response to answer with.
[[nodiscard]] std::optional<ccbus::ClientResponse> answer_to_client(
    std::string_view frame, std::string_view client_endpoint);

}  // namespace ccbus
