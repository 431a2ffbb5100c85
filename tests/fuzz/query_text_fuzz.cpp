// For libFuzzer, which scripts/fuzz runs; schema_query_text_test.cpp holds random texts against the same
// properties.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "helpers/query_text_properties.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto broken = troupe::tests::broken_query_text_property(text);
  if (broken.empty()) return 0;
  std::fprintf(stderr, "\nbroken: %s\n", broken.c_str());
  std::abort();
}
