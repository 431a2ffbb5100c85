#pragma once

#include <fmt/core.h>

namespace troupe {

enum class LogLevel { debug, info, warn, error };

/// Writes a line to the log that start_log() began, unless the level in force leaves it out: then nothing is
/// formatted. From any thread. This is the only way to the log: the headers of the library behind it would
/// cost every file that logs two seconds of compiling.
void write_log_line(LogLevel level, fmt::string_view text, fmt::format_args values);

/// A line like fmt::format()'s, whose placeholders are checked when it is compiled.
template <class... Values>
void log_line(LogLevel level, fmt::format_string<Values...> text, Values&&... values) {
  write_log_line(level, text, fmt::make_format_args(values...));
}

template <class... Values>
void log_debug(fmt::format_string<Values...> text, Values&&... values) {
  write_log_line(LogLevel::debug, text, fmt::make_format_args(values...));
}

template <class... Values>
void log_info(fmt::format_string<Values...> text, Values&&... values) {
  write_log_line(LogLevel::info, text, fmt::make_format_args(values...));
}

template <class... Values>
void log_warn(fmt::format_string<Values...> text, Values&&... values) {
  write_log_line(LogLevel::warn, text, fmt::make_format_args(values...));
}

template <class... Values>
void log_error(fmt::format_string<Values...> text, Values&&... values) {
  write_log_line(LogLevel::error, text, fmt::make_format_args(values...));
}

}  // namespace troupe
