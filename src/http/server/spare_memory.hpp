#pragma once

#include "support/spare_strings.hpp"

namespace troupe::http {

/// For the heads, fields and small bodies of this thread's answers.
inline SpareStrings& spare_memory() {
  thread_local SpareStrings spare(256, 4 * 1024);
  return spare;
}

}  // namespace troupe::http
