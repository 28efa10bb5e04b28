#include "service/bridge/rpc/rpc_stream.h"

namespace ccbus::bridge {
namespace {

constexpr std::size_t kCopiedMax = 4096;  // Up to here a copy is cheaper than to keep the string.

}  // namespace

grpc::ByteBuffer to_buffer(std::string bytes) {
  if (bytes.size() <= kCopiedMax) {
    const grpc::Slice slice(bytes);
    return {&slice, 1};
  }
  auto* kept = new std::string(std::move(bytes));  // The slice's last user deletes it.
  const grpc::Slice slice(
      kept->data(), kept->size(), [](void* string) { delete static_cast<std::string*>(string); },
      kept);
  return {&slice, 1};
}

std::string to_bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace ccbus::bridge
