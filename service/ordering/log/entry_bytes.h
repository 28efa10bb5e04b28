#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "service/base/ids.h"
#include "service/base/result.h"
#include "service/ordering/log/entry.h"

namespace ccbus::ordering {

// Which log a channel has. Of a log that was deleted and made anew the generation is another one.
struct LogIdentity {
  ChannelId channel;
  std::string generation;  // 16 bytes. Empty: its Genesis tells it, which is to be read first.
};

// The newest format and capability that this version can apply. An entry with a higher number
// stops the replica: if it skipped an entry that others apply, its state would differ from theirs.
inline constexpr std::uint32_t kEntryFormat = 1;
inline constexpr std::uint32_t kEntryCapability = 1;

// As proto/ccbus/log.proto says. A Genesis has the generation that it begins. Of an envelope, when
// it was ordered and for whom is left out.
[[nodiscard]] std::string encode_entry(Entry entry, const LogIdentity& log);

// Bytes that somebody else has written, or the Genesis of a replica that came too late to begin the
// log. They are counted and passed over, by every replica alike.
struct ForeignBytes {};

// Pure: the same bytes give the same answer in every process of this version.
// Errors: kPrecondition the replica must apply nothing further: the entry has a format, a kind or a
//         capability that is not known here, or is of another channel or generation; kCorrupt it
//         begins as an entry does and cannot be decoded. The message says what to do.
[[nodiscard]] Result<std::variant<Entry, ForeignBytes>> decode_entry(std::string_view bytes,
                                                                     const LogIdentity& log);

// Takes over the generation of the log's first Genesis.
void learn_generation(const std::variant<Entry, ForeignBytes>& content, LogIdentity& log);

}  // namespace ccbus::ordering
