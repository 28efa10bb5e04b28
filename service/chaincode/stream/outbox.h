#pragma once

#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/chaincode/message/message_view.h"

namespace ccbus::chaincode {

// What the engine needs in order to send. main.cc passes in the bus; tests record what is sent.
class Outbox {
 public:
  virtual ~Outbox() = default;

  // Sends one message to one chaincode.
  //
  // Blocks:   never; if the pipe is full the message is queued, and a full queue is an error.
  // Lifetime: the message is encoded before return.
  // Errors:   kPeerGone   the peer has left.
  //           kExhausted  its queue is full; nothing was sent.
  //           kInvalid    the message is above the size limit; nothing was sent.
  [[nodiscard]] virtual Result<void> send(PeerId peer, const MessageView& message) = 0;

  // Sends the empty frame that ends a stream. A failure is ignored.
  virtual void send_end(PeerId peer) = 0;
};

}  // namespace ccbus::chaincode
