#include "service/cli/commands/certificate_files.h"

#include <system_error>

#include "service/base/durable_files.h"

namespace ccbus::cli {

Result<void> write_certificate(const std::filesystem::path& file,
                               const curve::Certificate& certificate, curve::Part part) {
  if (auto written = write_durably(file, curve::format_certificate(certificate, part)); !written) {
    return written;
  }
  if (part == curve::Part::kSecret) return {};
  using std::filesystem::perms;
  std::error_code failed;
  std::filesystem::permissions(
      file, perms::owner_read | perms::owner_write | perms::group_read | perms::others_read,
      failed);
  if (failed) return fail(ErrorCode::kIo, file.string() + ": " + failed.message());
  return {};
}

std::string check_key_name(const std::string& name) {
  constexpr std::size_t kNameMax = 200;
  const bool is_name = !name.empty() && name.size() <= kNameMax && name.front() != '.' &&
                       name.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyz"
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@") == std::string::npos;
  if (is_name) return {};
  return "'" + name + "' is not a name of letters, digits and -_.@, of at most " +
         std::to_string(kNameMax) + " characters";
}

}  // namespace ccbus::cli
