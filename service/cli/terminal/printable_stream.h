#pragma once

#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace ccbus::cli {

// What the service and chaincode have sent is shown as text and commands no terminal: while this
// object exists, all that is written to the stream reaches it in printable form (base/printable.h),
// except line ends and tabs, which stay as they are.
class PrintableStream {
 public:
  // `stream` outlives it.
  explicit PrintableStream(std::ostream& stream);
  ~PrintableStream();
  PrintableStream(const PrintableStream&) = delete;
  PrintableStream& operator=(const PrintableStream&) = delete;

 private:
  friend void write_control(std::ostream& out, std::string_view sequence);

  class Buffer;
  std::ostream& stream_;
  std::streambuf* const before_;
  const std::unique_ptr<Buffer> buffer_;
};

// Writes a control sequence of our own as it is, also to a printable stream.
void write_control(std::ostream& out, std::string_view sequence);

}  // namespace ccbus::cli
