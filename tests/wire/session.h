#pragma once

#include <cstddef>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ccbus::test {

// The bytes for the names in braces, as they were first received.
using NamedValues = std::map<std::string, std::string>;

// A part of a frame, as one line of a document gives it.
struct Piece {
  enum class Kind {
    kBytes,       // `bytes`, exactly.
    kValue,       // `{name:64}`: 64 bytes, the same wherever the name is repeated.
    kSizedValue,  // `{name:*}`: a length as a varint, and that many bytes.
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
  std::vector<Piece> pieces;  // Empty for the empty frame.
};

// Reads the frames of all blocks "```hex session" of a document, in order.
//
// Errors: std::runtime_error with the number of an invalid line.
[[nodiscard]] std::vector<SessionFrame> read_session(std::istream& document);

// Returns the frame with the values inserted. Errors: std::runtime_error with the line of a name
// that no earlier frame has given a value, or whose length is not in the document.
[[nodiscard]] std::string encode(const SessionFrame& frame, const NamedValues& values);

// Compares a received frame with the document. Returns the first difference ("line 12: ..."), or
// nullopt if there is none; the values of new names are then added to the values.
[[nodiscard]] std::optional<std::string> difference(const SessionFrame& frame,
                                                    const std::string& received,
                                                    NamedValues& values);

}  // namespace ccbus::test
