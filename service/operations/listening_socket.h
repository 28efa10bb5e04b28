#pragma once

#include <string>

#include "service/base/result.h"

namespace ccbus::operations {

// Splits host:port, also [host]:port. Errors: kInvalid, naming the address.
struct HostAndPort {
  std::string host;
  int port = 0;
};
[[nodiscard]] Result<HostAndPort> split_address(const std::string& address);

struct ListeningSocket {
  int descriptor = -1;  // Non-blocking; the caller closes it.
  int port = 0;         // That of the address, or the one that the system chose.
};

// Listens on host:port; port 0 lets the system choose. Never shares the port with another process.
// Blocks: while the host's name is looked up.
// Errors: kInvalid as split_address(); kPrecondition the address is not this machine's or in use,
//         with the system's reason.
[[nodiscard]] Result<ListeningSocket> listen_on(const std::string& address);

// Returns the numeric address of either end of a TCP connection; "" for other descriptors.
[[nodiscard]] std::string local_address(int socket);
[[nodiscard]] std::string remote_address(int socket);

}  // namespace ccbus::operations
