// For clang++'s libFuzzer: one program with all targets, of which TROUPE_FUZZ_TARGET names the one to run.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fuzz/fuzz_target.hpp"

namespace {

const troupe::fuzz::Target& chosen_target() {
  const char* name = std::getenv("TROUPE_FUZZ_TARGET");
  const auto* target = troupe::fuzz::find_target(name == nullptr ? "" : name);
  if (target != nullptr) return *target;
  std::fprintf(stderr, "TROUPE_FUZZ_TARGET must be one of:");
  for (const auto& one : troupe::fuzz::targets()) std::fprintf(stderr, " %s", one.name.data());
  std::fprintf(stderr, "\n");
  std::exit(2);
}

/// As libFuzzer's -dict reads it.
void print_dictionary(const troupe::fuzz::Target& target) {
  for (const auto piece : target.pieces) {
    std::printf("\"");
    for (const char byte : piece) std::printf("\\x%02x", static_cast<unsigned char>(byte));
    std::printf("\"\n");
  }
}

}  // namespace

/// --list names the targets, --dict prints the chosen one's dictionary.
extern "C" int LLVMFuzzerInitialize(const int* argc, char*** argv) {
  const std::string_view first = *argc > 1 ? (*argv)[1] : "";
  if (first == "--list") {
    for (const auto& target : troupe::fuzz::targets()) std::printf("%s\n", target.name.data());
    std::exit(0);
  }
  if (first == "--dict") {
    print_dictionary(chosen_target());
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto& target = chosen_target();
  const auto broken = target.try_input({reinterpret_cast<const char*>(data), size});
  if (broken.empty()) return 0;
  std::fprintf(stderr, "\nbroken: %s\n", broken.c_str());
  std::abort();
}
