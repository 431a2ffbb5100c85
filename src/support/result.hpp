#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace troupe {

/// What went wrong, in the few kinds that callers tell apart.
enum class ErrorCode {
  invalid_argument,  ///< the caller's input is at fault; retrying cannot help
  unavailable,       ///< the database (or a target) is away; retrying later can help
  timed_out,         ///< a deadline passed before the work was done
  io,                ///< a file, socket or process operation failed
  internal,          ///< a bug or a reply that makes no sense
};

/// An expected failure as a value: `message` is one line for people, without a trailing period.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
};

/// The caller's input is at fault, as `message` says.
inline Error invalid(std::string message) {
  return {ErrorCode::invalid_argument, std::move(message)};
}

/// The value of an operation, or the Error that explains why there is none.
template <class T>
using Result = boost::system::result<T, Error>;

/// Found by Boost.System when `value()` is called on a failed Result: start-up code may let it fly, nobody
/// else does.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace troupe
