#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace ccbus {

inline constexpr std::size_t kSha256Bytes = 32;

// SHA-256 of bytes that are given in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view piece);

  // 32 bytes. The last call on the object.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

// SHA-256 of the pieces, one after the other: 32 bytes.
[[nodiscard]] std::string sha256(std::initializer_list<std::string_view> pieces);

}  // namespace ccbus
