#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string_view>

namespace troupe::report {

/// The line by which a long command shows where it stands. On a terminal it is one line, written over and cut
/// to the width that the terminal has at that moment: a line that wraps could not be written over. Used by
/// one thread; the stream outlives it.
class StatusLine {
 public:
  enum class Mode {
    quiet,   ///< nothing
    lines,   ///< a plain line each time, for pipes and logs
    rewrite  ///< one line, written over: for terminals
  };
  using Width = std::function<std::size_t()>;

  /// `width`: columns of the terminal, asked each time.
  StatusLine(std::ostream& out, Mode mode, Width width);

  Mode mode() const { return mode_; }
  void show(std::string_view text);
  /// Ends the line that was being rewritten.
  void close();

 private:
  std::ostream& out_;
  Mode mode_;
  Width width_;
  bool open_ = false;
};

/// Columns of the terminal behind `descriptor`; where it does not tell (not a terminal, or a size of 0, as
/// serial consoles have it) the variable COLUMNS, else 80.
std::size_t terminal_width(int descriptor);

}  // namespace troupe::report
