#pragma once

#include <cstddef>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ccbus::test {

// The bytes behind the names in braces, as they were first seen.
using NamedValues = std::map<std::string, std::string>;

// What one line of a document says of a frame, or a part of that.
struct Piece {
  enum class Kind {
    kBytes,       // `bytes`, exactly.
    kValue,       // `{name:64}`: 64 bytes, the same wherever the name comes again.
    kSizedValue,  // `{name:*}`: a length as a varint, and so many bytes.
  };
  Kind kind;
  std::string bytes;  // Of kBytes.
  std::string name;   // Of the others.
  std::size_t size;   // Of kValue.
  int line;           // In the document, from 1.
};

struct SessionFrame {
  std::string from;  // "service", or a peer such as "chaincode-2".
  std::string to;
  int line;
  std::vector<Piece> pieces;  // None: the empty frame.
};

// The frames of all blocks "```hex session" of a document, in order.
//
// Errors: std::runtime_error with the number of a line that is not understood.
[[nodiscard]] std::vector<SessionFrame> read_session(std::istream& document);

// The frame with the values in place. Errors: std::runtime_error with the line of a name that no
// frame before has given a value, or whose length is not in the document.
[[nodiscard]] std::string encode(const SessionFrame& frame, const NamedValues& values);

// Where the document is wrong about a frame that came: "line 12: ...". Nothing: it is as it says,
// and what its new names stand for is among the values.
[[nodiscard]] std::optional<std::string> difference(const SessionFrame& frame,
                                                    const std::string& received,
                                                    NamedValues& values);

}  // namespace ccbus::test
