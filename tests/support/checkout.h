#pragma once

#include <string>
#include <string_view>

namespace ccbus::test {

// Where the sources of this build are, and its programs. One file knows it: all others are compiled
// alike in every checkout, so that a compiler's cache serves them all.

// `path` is relative to the root of the sources.
[[nodiscard]] std::string source_path(std::string_view path);

// The path of a program of this build: built_program("ccbusd").
[[nodiscard]] std::string built_program(std::string_view name);

}  // namespace ccbus::test
