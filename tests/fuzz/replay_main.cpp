// fuzz_replay CORPUS [--seconds N] [--seed S] [TARGET…]: gives every target its kept inputs
// (CORPUS/TARGET/*), and then for N seconds in all inputs that chance makes of them, without libFuzzer: what
// any compiler builds. An input that ends the process is left in ./fuzz-crash; one that breaks a property, in
// ./fuzz-TARGET.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz_target.hpp"
#include "helpers/mutate.hpp"

using namespace troupe;
namespace fs = std::filesystem;

namespace {

struct Options {
  fs::path corpus;
  double seconds = 0;
  unsigned seed = 1;
  std::vector<const fuzz::Target*> targets{};
};

[[noreturn]] void usage(const std::string& why) {
  std::fprintf(stderr, "fuzz_replay: %s\nusage: fuzz_replay CORPUS [--seconds N] [--seed S] [TARGET…]\n",
               why.c_str());
  std::exit(2);
}

Options read_options(const std::vector<std::string>& arguments) {
  if (arguments.empty()) usage("which corpus?");
  Options options;
  options.corpus = arguments.front();
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto value = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (arguments[i] == "--seconds" || arguments[i] == "--seed") {
      char* end = nullptr;
      const double number = std::strtod(value.c_str(), &end);
      if (value.empty() || *end != '\0' || number < 0) usage(arguments[i] + " wants a number");
      if (arguments[i] == "--seconds") options.seconds = number;
      if (arguments[i] == "--seed") options.seed = static_cast<unsigned>(number);
      ++i;
    } else if (const auto* target = fuzz::find_target(arguments[i])) {
      options.targets.push_back(target);
    } else {
      usage("there is no target " + arguments[i]);
    }
  }
  if (options.targets.empty()) {
    for (const auto& target : fuzz::targets()) options.targets.push_back(&target);
  }
  return options;
}

struct KeptInput {
  fs::path path;
  std::string bytes;
};

std::vector<KeptInput> kept_inputs(const fs::path& directory) {
  std::vector<KeptInput> inputs;
  if (!fs::is_directory(directory)) return inputs;
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    inputs.push_back({entry.path(), {std::istreambuf_iterator<char>(in), {}}});
  }
  std::ranges::sort(inputs, {}, &KeptInput::path);
  return inputs;
}

/// What a child process tells the one that watches it, whatever becomes of it.
struct Shared {
  static constexpr std::size_t most = std::size_t{1} << 20;
  std::size_t size;
  std::size_t made;  ///< inputs, beside those that were kept
  char input[most];
};

/// What broke, if anything did.
std::string try_input(const fuzz::Target& target, std::string_view input, Shared& shared) {
  shared.size = input.copy(shared.input, Shared::most);
  try {
    // A copy of the input's own size: what is read beyond it, a sanitizer sees.
    const std::vector<char> copy(input.begin(), input.end());
    return target.try_input({copy.data(), copy.size()});
  } catch (const std::exception& fault) {
    return std::string("an exception: ") + fault.what();
  }
}

/// Inputs made of kept ones, until the time is over.
std::string try_mutants(const fuzz::Target& target, const std::vector<KeptInput>& kept, double seconds,
                        unsigned seed, Shared& shared) {
  using Clock = std::chrono::steady_clock;
  const auto end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  static const std::vector<std::string_view> few_pieces{"\"", "{", "[", ",", "\r\n", "%", "0", "-1"};
  const auto& pieces = target.pieces.empty() ? few_pieces : target.pieces;
  tests::Random random(seed);
  for (; Clock::now() < end; ++shared.made) {
    auto input = kept[tests::below(random, kept.size())].bytes;
    for (auto mutations = 1 + tests::below(random, 4); mutations > 0; --mutations)
      tests::mutate_bytes(input, pieces, random);
    if (auto broken = try_input(target, input, shared); !broken.empty()) return broken;
  }
  return {};
}

/// In the child. Its exit code.
int try_all(const fuzz::Target& target, const std::vector<KeptInput>& kept, double seconds, unsigned seed,
            Shared& shared) {
  std::string broken;
  for (const auto& input : kept) {
    broken = try_input(target, input.bytes, shared);
    if (!broken.empty()) break;
  }
  if (broken.empty()) broken = try_mutants(target, kept, seconds, seed, shared);
  if (broken.empty()) return 0;
  std::fprintf(stderr, "fuzz: %s: %s\n", target.name.data(), broken.c_str());
  return 1;
}

bool run(const fuzz::Target& target, const Options& options) {
  const auto kept = kept_inputs(options.corpus / target.name);
  if (kept.empty()) {
    std::fprintf(stderr, "fuzz: %s has no corpus in %s\n", target.name.data(), options.corpus.c_str());
    return false;
  }
  auto* const memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) usage("no memory");
  auto& shared = *static_cast<Shared*>(memory);
  const auto share = options.seconds / static_cast<double>(options.targets.size());
  std::fflush(nullptr);
  const auto child = ::fork();
  if (child == 0) ::_exit(try_all(target, kept, share, options.seed, shared));
  int status = 0;
  ::waitpid(child, &status, 0);
  const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (good) {
    std::printf("fuzz: %s: %zu kept inputs, %zu made of them\n", target.name.data(), kept.size(),
                shared.made);
  } else {
    const auto file = "fuzz-" + std::string(target.name);
    std::ofstream(file, std::ios::binary).write(shared.input, static_cast<std::streamsize>(shared.size));
    std::fprintf(stderr, "fuzz: %s: FAILED (wait status %d); the input is in %s\n", target.name.data(),
                 status, (fs::current_path() / file).c_str());
  }
  ::munmap(memory, sizeof(Shared));
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options({argv + 1, argv + argc});
  bool good = true;
  for (const auto* target : options.targets) good = run(*target, options) && good;
  return good ? 0 : 1;
}
