#pragma once

#include <string_view>

// Dates and times as texts: is one of a form that means the same to everybody? Pure.

namespace troupe::schema {

/// A day of the calendar as YYYY-MM-DD (more digits for later years, " BC" behind earlier ones), "infinity"
/// or "-infinity".
bool is_date(std::string_view text);

/// HH:MM, HH:MM:SS or HH:MM:SS.ffffff, to 24:00:00, without an offset.
bool is_time(std::string_view text);

enum class TimestampForm { none, local, with_offset };

/// A date, "T" or a blank, and a time, perhaps with an offset: Z, +02, +0200, +02:00.
TimestampForm timestamp_form(std::string_view text);

/// "infinity" or "-infinity"
bool is_infinity(std::string_view text);

}  // namespace troupe::schema
