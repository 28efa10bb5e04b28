#pragma once

#include <cstddef>
#include <string_view>

#include "service/base/gojson/value.h"
#include "service/base/result.h"

namespace ccbus::gojson {

// What Go does with a number whose target has no type.
enum class Numbers {
  // It becomes a float64, and is written as one again before CouchDB reads it. So 2.0 and 1e3 are
  // the integers 2 and 1000, 9007199254740993 is 9007199254740992, and whole numbers from 1e21 on
  // are fractions.
  kAsFloat64,
  // The decoder keeps the literal (UseNumber): 2 is an integer of any size, 2.0 is a fraction.
  kAsWritten,
};

enum class Members {
  kSorted,   // As in a map: by bytes; of members with one name the last one counts.
  kInOrder,  // As in the text, for structs.
};

enum class Rest {
  kRefused,  // Unmarshal: nothing but white space may follow the value.
  kIgnored,  // Decoder: the first value is read.
};

struct Decoding {
  Numbers numbers;
  Members members;
  Rest rest;
};

// As Fabric reads the value of a key into a map (couchdoc_conv.go), a query (statecouchdb.go), and
// a file of collections or an index (internal/peer/chaincode, internal/ccmetadata).
inline constexpr Decoding kDocument{Numbers::kAsFloat64, Members::kSorted, Rest::kRefused};
inline constexpr Decoding kQuery{Numbers::kAsWritten, Members::kSorted, Rest::kIgnored};
inline constexpr Decoding kFile{Numbers::kAsWritten, Members::kInOrder, Rest::kRefused};

// Arrays and objects within each other, as Go allows them.
inline constexpr std::size_t kDepthMax = 10'000;

struct Decoded {
  Value value;
  // U+FFFD stands where the text has a byte that is not UTF-8, or half a surrogate pair. As Go
  // does, each such byte and each such half is replaced by one.
  bool has_replacements = false;
};

// Takes time proportional to the length of the text. Any thread.
// Errors: kInvalid in Go's words, also for a number beyond a float64; kExhausted for more than
//         `depth_max` levels.
[[nodiscard]] Result<Decoded> decode(std::string_view text, const Decoding& how,
                                     std::size_t depth_max);

}  // namespace ccbus::gojson
