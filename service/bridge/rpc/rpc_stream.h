#pragma once

#include <grpcpp/impl/call_op_set.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/base/mutex.h"
#include "service/bridge/calls/event.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/calls/rpc_bytes.h"

namespace ccbus::bridge {

[[nodiscard]] grpc::ByteBuffer to_buffer(std::string bytes);
[[nodiscard]] std::string to_bytes(const grpc::ByteBuffer& buffer);

// The flow of one call's messages, in both directions, for a gRPC reactor of either side
// (ServerGenericBidiReactor, ClientBidiReactor of byte buffers): one read and one write under way
// at a time, no further read while the window is full, the end after the last write.
//
// gRPC's threads call the reactions, and none of them blocks: each message goes to the bridge's
// thread as an event. The bridge's thread calls the functions of Rpc. A read or a write may begin
// with the mutex held, since gRPC runs the reaction to it later, never within the call.
template <class Reactor>
class RpcStream : public Reactor, public Rpc {
 public:
  // Both outlive it.
  struct Shared {
    Events& events;
    RpcBytes& bytes;
  };

  RpcStream(Shared shared, std::uint64_t id) : shared_(shared), id_(id) {}
  ~RpcStream() override { shared_.bytes.take_away(unconsumed_ + queued_bytes_); }

  void send(std::string message) override CCBUS_EXCLUDES(mutex_) {
    const Write* write = nullptr;
    {
      const MutexLock lock(mutex_);
      if (is_broken_) return;
      queue(std::move(message));
      if (writes_.size() > 1) return;  // OnWriteDone() goes on with it.
      write = &writes_.front();
    }
    this->StartWrite(&write->buffer);  // It is under way: nobody else begins one, or takes it away.
  }

  [[nodiscard]] std::size_t queued_bytes() const override CCBUS_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return queued_bytes_;
  }

  void consumed(std::size_t bytes) override CCBUS_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    CCBUS_ASSERT(bytes <= unconsumed_);
    unconsumed_ -= bytes;
    shared_.bytes.take_away(bytes);
    read_on();
  }

  void finish(RpcEnd end) override CCBUS_EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      end_ = end;
      if (!writes_.empty()) return;  // OnWriteDone() closes it after the last one.
    }
    close(end);  // This may be destroyed on another thread before it returns.
  }

 protected:
  // Queues the last message of the call. Returns it if nothing is before it: then the caller
  // writes it together with the end, outside of finish() and close().
  [[nodiscard]] const grpc::ByteBuffer* queue_last(std::string message) CCBUS_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (is_broken_) return nullptr;
    queue(std::move(message));
    if (writes_.size() > 1) return nullptr;
    end_ = RpcEnd{};  // Nothing is read any more.
    return &writes_.front().buffer;
  }

  // Begins to read. Once; the bridge's thread knows of the call, or is about to.
  void start_reading() CCBUS_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    read_on();
  }

  // Ends the call with gRPC. Nothing is written or read any more, and this is destroyed once the
  // reactions that are running have returned.
  virtual void close(const RpcEnd& end) = 0;

  void post(Event::Kind kind, std::string text = {}) {
    shared_.events.post({kind, id_, std::move(text)});
  }

  void OnReadDone(bool is_ok) override CCBUS_EXCLUDES(mutex_) {
    if (!is_ok) return post(Event::Kind::kHalfClosed);
    std::string message = to_bytes(read_);
    read_.Clear();
    {
      const MutexLock lock(mutex_);
      unconsumed_ += room_of(message.size());
      shared_.bytes.add(room_of(message.size()));
    }
    post(Event::Kind::kMessage, std::move(message));  // Before the next one is read.
    const MutexLock lock(mutex_);
    is_reading_ = false;
    read_on();
  }

  void OnWriteDone(bool is_ok) override CCBUS_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    const std::size_t before = queued_bytes_;
    queued_bytes_ -= writes_.front().bytes;
    writes_.pop_front();
    if (!is_ok) {  // Nothing will reach the peer any more; that the call is gone is told as well.
      is_broken_ = true;
      writes_.clear();
      queued_bytes_ = 0;
    }
    shared_.bytes.take_away(before - queued_bytes_);
    if (!writes_.empty()) {
      // Those with another one behind them may wait for it, and leave in one packet.
      grpc::WriteOptions options;
      if (writes_.size() > 1) options.set_buffer_hint();
      this->StartWrite(&writes_.front().buffer, options);
    } else if (end_) {
      return close(*end_);
    }
    if (before >= kRpcWindow && queued_bytes_ < kRpcWindow) post(Event::Kind::kRoom);
  }

 private:
  void queue(std::string message) CCBUS_REQUIRES(mutex_) {
    const std::size_t bytes = room_of(message.size());
    writes_.push_back({to_buffer(std::move(message)), bytes});
    queued_bytes_ += bytes;
    shared_.bytes.add(bytes);
  }

  void read_on() CCBUS_REQUIRES(mutex_) {
    if (is_reading_ || end_ || unconsumed_ >= kRpcWindow) return;
    is_reading_ = true;
    this->StartRead(&read_);
  }

  struct Write {
    grpc::ByteBuffer buffer;
    std::size_t bytes;
  };

  const Shared shared_;
  const std::uint64_t id_;

  mutable Mutex mutex_;
  grpc::ByteBuffer read_;  // gRPC's while is_reading_.
  bool is_reading_ CCBUS_GUARDED_BY(mutex_) = false;
  std::size_t unconsumed_ CCBUS_GUARDED_BY(mutex_) = 0;
  std::deque<Write> writes_ CCBUS_GUARDED_BY(mutex_);  // The first one is under way.
  std::size_t queued_bytes_ CCBUS_GUARDED_BY(mutex_) = 0;
  bool is_broken_ CCBUS_GUARDED_BY(mutex_) = false;
  std::optional<RpcEnd> end_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::bridge
