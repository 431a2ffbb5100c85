#include "report/status_line.hpp"

#include <sys/ioctl.h>

#include <cstdlib>
#include <ostream>

#include "support/parse.hpp"
#include "support/text_width.hpp"

namespace troupe::report {

StatusLine::StatusLine(std::ostream& out, Mode mode, Width width)
    : out_(out), mode_(mode), width_(std::move(width)) {}

void StatusLine::show(std::string_view text) {
  if (mode_ == Mode::quiet) return;
  const auto line = one_line(text);
  if (mode_ == Mode::lines) {
    out_ << line << std::endl;
    return;
  }
  // The last column stays free: terminals differ in what they do once it is written. ECMA-48: carriage
  // return, then erase to the end of the line.
  const auto width = width_();
  out_ << '\r' << cut_to_width(line, width > 0 ? width - 1 : 0) << "\x1b[K" << std::flush;
  open_ = true;
}

void StatusLine::close() {
  if (open_) out_ << std::endl;
  open_ = false;
}

std::size_t terminal_width(int descriptor) {
  constexpr std::size_t usual = 80;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const auto told = parse_count(columns != nullptr ? columns : "");
  return told && *told > 0 ? static_cast<std::size_t>(*told) : usual;
}

}  // namespace troupe::report
