#include "service/cli/terminal/printable_stream.h"

#include <algorithm>

#include "service/base/printable.h"

namespace ccbus::cli {

// Holds text back until the end of a line or a flush, so that no character is torn apart.
class PrintableStream::Buffer final : public std::streambuf {
 public:
  explicit Buffer(std::streambuf& out) : out_(out) {}

  bool control(std::string_view sequence) { return pass_on(pending_.size()) && write(sequence); }

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    pending_.append(text, static_cast<std::size_t>(size));
    const auto line_end = pending_.rfind('\n');
    const bool done = line_end == std::string::npos || pass_on(line_end + 1);
    return done ? size : 0;
  }

  int overflow(int character) override {
    if (traits_type::eq_int_type(character, traits_type::eof())) {
      return traits_type::not_eof(character);
    }
    const char one = traits_type::to_char_type(character);
    return xsputn(&one, 1) == 1 ? character : traits_type::eof();
  }

  int sync() override { return pass_on(pending_.size()) ? out_.pubsync() : -1; }

 private:
  bool write(std::string_view text) {
    const auto size = static_cast<std::streamsize>(text.size());
    return out_.sputn(text.data(), size) == size;
  }

  // Passes on the first `size` bytes of what is pending.
  bool pass_on(std::size_t size) {
    std::string_view text = std::string_view(pending_).substr(0, size);
    std::string passed;
    while (!text.empty()) {
      const auto end = std::min(text.find_first_of("\n\t"), text.size());
      passed += printable(text.substr(0, end));
      if (end < text.size()) passed += text[end];
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    pending_.erase(0, size);
    return write(passed);
  }

  std::streambuf& out_;
  std::string pending_;
};

PrintableStream::PrintableStream(std::ostream& stream)
    : stream_(stream), before_(stream.rdbuf()), buffer_(std::make_unique<Buffer>(*before_)) {
  stream_.rdbuf(buffer_.get());
}

PrintableStream::~PrintableStream() {
  stream_.flush();
  stream_.rdbuf(before_);
}

void write_control(std::ostream& out, std::string_view sequence) {
  if (auto* const buffer = dynamic_cast<PrintableStream::Buffer*>(out.rdbuf())) {
    if (!buffer->control(sequence)) out.setstate(std::ios::badbit);
    return;
  }
  out << sequence;
}

}  // namespace ccbus::cli
