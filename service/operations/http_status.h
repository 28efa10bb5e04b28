#pragma once

namespace ccbus::operations {

// Status codes of HTTP (RFC 9110, 15).
inline constexpr int kOk = 200;
inline constexpr int kNoContent = 204;
inline constexpr int kBadRequest = 400;
inline constexpr int kUnauthorized = 401;
inline constexpr int kForbidden = 403;
inline constexpr int kNotFound = 404;
inline constexpr int kMethodNotAllowed = 405;
inline constexpr int kUnavailable = 503;

}  // namespace ccbus::operations
