#include "service/gateway/events/seek.h"

#include <utility>

#include "service/base/parse_message.h"

namespace ccbus::gateway {
namespace {

using orderer::SeekInfo;
using orderer::SeekPosition;

unexpected<Error> invalid(std::string why) {
  return fail(ErrorCode::kInvalid, "invalid seek: " + std::move(why));
}

// A channel without a block has no newest one; then it is the first that comes.
std::uint64_t newest_of(std::uint64_t height) {
  return height == 0 ? 0 : height - 1;
}

Result<std::uint64_t> first_of(const SeekPosition& start, std::uint64_t height) {
  switch (start.Type_case()) {
    case SeekPosition::kNewest: return newest_of(height);
    case SeekPosition::kOldest: return 0;
    case SeekPosition::kSpecified: return start.specified().number();
    case SeekPosition::kNextCommit: return height;
    case SeekPosition::TYPE_NOT_SET: break;
  }
  return invalid("the start position has no type");
}

Result<std::uint64_t> last_of(const SeekInfo& info, std::uint64_t first, std::uint64_t height) {
  switch (info.stop().Type_case()) {
    case SeekPosition::kOldest: return first;
    case SeekPosition::kNewest: return newest_of(height);
    case SeekPosition::kSpecified: return info.stop().specified().number();
    case SeekPosition::kNextCommit: return invalid("a seek cannot stop at next_commit");
    case SeekPosition::TYPE_NOT_SET: break;
  }
  return invalid("the stop position has no type");
}

}  // namespace

Result<Seek> read_seek(const common::Envelope& envelope) {
  if (envelope.payload().size() > kSeekBytesMax) {
    return invalid("its payload of " + std::to_string(envelope.payload().size()) +
                   " bytes exceeds the limit of " + std::to_string(kSeekBytesMax));
  }
  common::Payload payload;
  if (!parse(payload, envelope.payload())) return invalid("its payload is no common.Payload");
  if (!payload.has_header()) return invalid("the envelope has no header");
  Seek seek;
  if (!parse(seek.header, payload.header().channel_header())) {
    return invalid("its channel header cannot be read");
  }
  common::SignatureHeader signature;
  if (!parse(signature, payload.header().signature_header())) {
    return invalid("its signature header cannot be read");
  }
  if (seek.header.type() != common::DELIVER_SEEK_INFO) {
    return invalid("the header's type is " + std::to_string(seek.header.type()) + ", and not " +
                   std::to_string(common::DELIVER_SEEK_INFO) + " (DELIVER_SEEK_INFO)");
  }
  if (seek.header.channel_id().empty()) return invalid("no channel ID provided");
  if (!seek.header.has_timestamp()) {
    return invalid("channel header in envelope must contain timestamp");
  }
  if (signature.creator().empty()) return invalid("no identity provided");
  if (!parse(seek.info, payload.data())) return invalid("its data is no orderer.SeekInfo");
  seek.creator = std::move(*signature.mutable_creator());
  return seek;
}

Result<BlockSpan> span_of(const SeekInfo& info, std::uint64_t height) {
  if (!info.has_start() || !info.has_stop()) return invalid("a start and a stop are required");
  if (info.content_type() != SeekInfo::BLOCK) {
    return invalid("only whole blocks are delivered (content_type BLOCK)");
  }
  const auto first = first_of(info.start(), height);
  if (!first) return unexpected(first.error());
  const auto last = last_of(info, *first, height);
  if (!last) return unexpected(last.error());
  if (*first > *last) {
    return invalid("start number " + std::to_string(*first) + " greater than stop number " +
                   std::to_string(*last));
  }
  return BlockSpan{*first, *last};
}

}  // namespace ccbus::gateway
